using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>What a part of a template became. Nothing of it may be used when there are problems.</summary>
internal sealed record RenderedTemplate
{
    /// <summary>The files, in the manifest's order, each path once.</summary>
    public required IReadOnlyList<RenderedFile> Files { get; init; }

    /// <summary>Argument lists to run with the network.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Install { get; init; }

    /// <summary>Argument lists to run without the network.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Verify { get; init; }

    /// <summary>Globs of the runner's own reports.</summary>
    public required IReadOnlyList<string> Reports { get; init; }

    /// <summary>Lines for a shell that start what was made; for people.</summary>
    public IReadOnlyList<string> Start { get; init; } = [];

    /// <summary>Why it could not be rendered; empty when it could.</summary>
    public required IReadOnlyList<Diagnostic> Problems { get; init; }

    /// <summary>Nothing but problems.</summary>
    public static RenderedTemplate Refused(IReadOnlyList<Diagnostic> problems) =>
        new() { Files = [], Install = [], Verify = [], Reports = [], Problems = problems };
}

/// <summary>A file that a template made.</summary>
/// <param name="Path">Where it goes.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Executable">True for git's mode 100755.</param>
/// <param name="WhenExists">What happens to a file of the repository at that place.</param>
internal sealed record RenderedFile(RepoPath Path, ReadOnlyMemory<byte> Content, bool Executable, WhenExists WhenExists);

/// <summary>What a template may make.</summary>
/// <param name="Files">Files of one rendering.</param>
/// <param name="FileBytes">Bytes of one file.</param>
/// <param name="TotalBytes">Bytes of all files of one rendering.</param>
/// <param name="Iterations">Rounds of all loops that are nested in each other.</param>
internal sealed record TemplateLimits(int Files, int FileBytes, long TotalBytes, int Iterations)
{
    /// <summary>200 files, 1 MiB a file, 10 MiB together (promise P73), 100,000 rounds.</summary>
    public static TemplateLimits Default { get; } = new(200, 1 << 20, 10 << 20, 100_000);
}
