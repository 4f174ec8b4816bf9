namespace AgentWorkflow.Bot.Exports;

/// <summary>A kind of archive.</summary>
internal sealed record ArchiveFormat
{
    private ArchiveFormat(string name) => Name = name;

    /// <summary>ZIP.</summary>
    public static ArchiveFormat Zip { get; } = new("zip");

    /// <summary>TAR without compression.</summary>
    public static ArchiveFormat Tar { get; } = new("tar");

    /// <summary>TAR in gzip.</summary>
    public static ArchiveFormat TarGz { get; } = new("tar.gz");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ArchiveFormat> All { get; } = [Zip, Tar, TarGz];

    /// <summary>The name in workflows and commands; also the file's extension without the dot.</summary>
    public string Name { get; }

    /// <summary>The format of that name, or null.</summary>
    public static ArchiveFormat? Find(string name) => All.FirstOrDefault(f => f.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
