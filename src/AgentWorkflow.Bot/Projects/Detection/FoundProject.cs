namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>A project that a repository holds already, and how it is tested as far as its files tell.</summary>
/// <param name="Stack">What it is, in words people use: <c>Node.js</c>.</param>
/// <param name="Directory">Its folder; empty for the root.</param>
/// <param name="Why">What was seen that says so, as part of a sentence.</param>
internal sealed record FoundProject(string Stack, string Directory, string Why)
{
    /// <summary>How sure it is that these commands are the right ones.</summary>
    public Confidence Confidence { get; init; } = Confidence.Likely;

    /// <summary>Argument lists that prepare it, with the network, run in its folder.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Install { get; init; } = [];

    /// <summary>Argument lists that test it, without the network, run in its folder; empty where none is known.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Test { get; init; } = [];

    /// <summary>Globs of the reports that <see cref="Test"/> writes, from the repository's root; empty where it writes none that we read.</summary>
    public IReadOnlyList<string> Reports { get; init; } = [];

    /// <summary>Programs that the sandbox must offer.</summary>
    public IReadOnlyList<string> Toolchains { get; init; } = [];

    /// <summary>What and where, in words: <c>Node.js in tools/web</c>.</summary>
    public string Title => Directory.Length == 0 ? $"{Stack} in the root" : $"{Stack} in {Directory}";
}

/// <summary>How sure a finding is.</summary>
internal enum Confidence
{
    /// <summary>By custom alone, as a folder of a usual name.</summary>
    Guessed,

    /// <summary>Its files name what is used.</summary>
    Likely,

    /// <summary>Its files say the command, or its CI configuration runs the same.</summary>
    Said,
}
