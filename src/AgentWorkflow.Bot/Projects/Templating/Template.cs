using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>A template whose manifest is right. Its files are compiled by whoever renders them.</summary>
internal sealed record Template
{
    /// <summary>The name that workflows use.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary>Who wrote it.</summary>
    public required TemplateOrigin Origin { get; init; }

    /// <summary>Programs that <see cref="Install"/> and <see cref="Verify"/> need on the PATH.</summary>
    public required IReadOnlyList<string> Toolchains { get; init; }

    /// <summary>What to make of which file, in the manifest's order.</summary>
    public required IReadOnlyList<TemplateFile> Files { get; init; }

    /// <summary>Argument lists to run with the network, as templates.</summary>
    public required IReadOnlyList<IReadOnlyList<TemplateText>> Install { get; init; }

    /// <summary>Argument lists to run without the network, as templates.</summary>
    public required IReadOnlyList<IReadOnlyList<TemplateText>> Verify { get; init; }

    /// <summary>Globs of the runner's own reports, as templates.</summary>
    public required IReadOnlyList<TemplateText> Reports { get; init; }

    /// <summary>Lines for a shell that start what was made, as templates; for people, nothing runs them.</summary>
    public IReadOnlyList<TemplateText> Start { get; init; } = [];

    /// <summary>The files it was read from.</summary>
    public required TemplateFolder Folder { get; init; }

    /// <summary>SHA-256 of all its files.</summary>
    public string Digest => Folder.Digest;

    /// <summary>Finds out whether a file belongs to that part.</summary>
    public bool HasPart(string part) => Files.Any(f => f.Part == part);
}

/// <summary>Where a template came from, and so how far it is trusted.</summary>
internal enum TemplateOrigin
{
    /// <summary>Ours, rendered in this process.</summary>
    BuiltIn,

    /// <summary>From a repository, rendered in a child process with limits.</summary>
    Repository,
}

/// <summary>What a file is to become.</summary>
/// <param name="From">The path inside the template's folder.</param>
/// <param name="To">Where it goes in the repository, a template.</param>
/// <param name="Part">The part it belongs to.</param>
/// <param name="For">An expression that gives a list: one file an element; null for exactly one file.</param>
/// <param name="If">An expression; null for always.</param>
/// <param name="WhenExists">What happens to a file of the repository at that place.</param>
/// <param name="Executable">True for git's mode 100755.</param>
internal sealed record TemplateFile(
    string From, TemplateText To, string Part, TemplateText? For, TemplateText? If, WhenExists WhenExists, bool Executable)
{
    /// <summary>True when Scriban renders it; all others are copied byte for byte.</summary>
    public bool IsRendered => From.EndsWith(".sbn", StringComparison.Ordinal);

    /// <summary>The file and its place in the manifest, between tabs: <c>FROM LINE COLUMN</c>.</summary>
    public string Place => $"{From}\t{To.Line}\t{To.Column}";
}

/// <summary>A text of the manifest that Scriban reads.</summary>
/// <param name="Text">The text.</param>
/// <param name="Line">Its line in the manifest, from 1.</param>
/// <param name="Column">Its column, from 1.</param>
internal sealed record TemplateText(string Text, int Line, int Column);

/// <summary>What happens where a file exists already.</summary>
internal enum WhenExists
{
    /// <summary>The file stays as it is and is named.</summary>
    Skip,

    /// <summary>The text is added to its end.</summary>
    Append,

    /// <summary>The file is replaced.</summary>
    Replace,

    /// <summary>The step fails.</summary>
    Fail,
}

/// <summary>A template, or why there is none.</summary>
/// <param name="Template">Null when a diagnostic is an error.</param>
/// <param name="Problems">All that was found, in the manifest's order.</param>
internal sealed record TemplateReading(Template? Template, IReadOnlyList<Diagnostic> Problems);
