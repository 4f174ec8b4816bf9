using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>A template's files in memory, by their path inside the template's folder.</summary>
internal sealed record TemplateFolder
{
    /// <summary>The file that makes a folder a template.</summary>
    public const string ManifestName = "template.yml";

    /// <summary>Takes the files.</summary>
    public TemplateFolder(string name, IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        Name = name;
        Files = files.ToImmutableSortedDictionary(StringComparer.Ordinal);
        Digest = Hash(Files);
    }

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <summary>Contents by path, <c>/</c> between parts.</summary>
    public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; }

    /// <summary>Lower-case hexadecimal SHA-256 over all paths and contents: what parsed templates are kept by.</summary>
    public string Digest { get; }

    /// <summary>Reads a folder of the host.</summary>
    public static TemplateFolder Load(string folder)
    {
        string root = Path.GetFullPath(folder);
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files = Directory
            .EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(path => KeyValuePair.Create(
                Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'), new ReadOnlyMemory<byte>(File.ReadAllBytes(path))));
        return new TemplateFolder(Path.GetFileName(Path.TrimEndingDirectorySeparator(root)), files);
    }

    private static string Hash(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach ((string path, ReadOnlyMemory<byte> content) in files)
        {
            // Lengths keep "ab" + "c" and "a" + "bc" apart.
            byte[] name = Encoding.UTF8.GetBytes(path);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(name);
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
            hash.AppendData(length);
            hash.AppendData(content.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
