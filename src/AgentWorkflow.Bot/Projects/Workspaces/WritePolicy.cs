using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Workspaces;

/// <summary>What a writer may write.</summary>
internal sealed record WritePolicy
{
    /// <summary>Globs of the places that are declared; null where the writer needs no declaration.</summary>
    public IReadOnlyList<PathGlob>? Declared { get; init; }

    /// <summary>Powerful files that this writer may write. A glob without wildcards in <see cref="Declared"/> allows its file too, where that can be declared at all.</summary>
    public IReadOnlySet<PowerfulKind> Powerful { get; init; } = new HashSet<PowerfulKind>();

    /// <summary>What the repository's own rules say of files.</summary>
    public IReadOnlyList<FileRule> Rules { get; init; } = [];

    /// <summary>How much.</summary>
    public WriteLimits Limits { get; init; } = WriteLimits.Default;

    /// <summary>No declaration needed and nothing powerful: files of a repository's own template, or inline in a workflow.</summary>
    public static WritePolicy Anywhere { get; } = new();

    /// <summary>For the files that a built-in workflow writes inline: the bot composes them, a workflow file among them.</summary>
    public static WritePolicy BuiltInWorkflow { get; } = new() { Powerful = new HashSet<PowerfulKind> { PowerfulKind.Bot } };

    /// <summary>For agents: the declared globs.</summary>
    public static WritePolicy Within(IEnumerable<PathGlob> declared) => new() { Declared = [.. declared] };

    /// <summary>For the files of a built-in template, which are ours.</summary>
    /// <param name="allowsCi">True for its part <c>ci</c> alone.</param>
    public static WritePolicy BuiltInTemplate(bool allowsCi) => new()
    {
        Powerful = allowsCi
            ? new HashSet<PowerfulKind> { PowerfulKind.Ci }
            : new HashSet<PowerfulKind> { PowerfulKind.Build, PowerfulKind.Packages, PowerfulKind.Git },
    };

    /// <summary>Finds out whether the powerful file is allowed.</summary>
    public bool Allows(RepoPath path, PowerfulKind kind) =>
        Powerful.Contains(kind)
        || (kind is not (PowerfulKind.Ci or PowerfulKind.Agents or PowerfulKind.Bot)
            && Declared is not null && Declared.Any(g => IsLiteral(g) && g.IsMatch(path.Value)));

    private static bool IsLiteral(PathGlob glob) => glob.Text.IndexOfAny(['*', '?']) < 0 && !glob.Text.EndsWith('/');
}

/// <summary>Quotas of a run (promise P73). An operator may lower them.</summary>
/// <param name="Files">Files that a run writes.</param>
/// <param name="FileBytes">Bytes of one file.</param>
/// <param name="TotalBytes">Bytes that a run writes.</param>
/// <param name="Lines">Lines of text that a run writes.</param>
internal sealed record WriteLimits(int Files, long FileBytes, long TotalBytes, long Lines)
{
    /// <summary>200 files, 1 MiB a file, 10 MiB and 20,000 lines together.</summary>
    public static WriteLimits Default { get; } = new(200, 1 << 20, 10 << 20, 20_000);

    /// <summary>The lower of both, one by one.</summary>
    public WriteLimits And(WriteLimits other) => new(
        Math.Min(Files, other.Files), Math.Min(FileBytes, other.FileBytes), Math.Min(TotalBytes, other.TotalBytes), Math.Min(Lines, other.Lines));
}
