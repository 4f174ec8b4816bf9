namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>What the command line asks of <c>generate</c>.</summary>
internal sealed record GenerateRequest
{
    /// <summary>The idea's Markdown.</summary>
    public required string Idea { get; init; }

    /// <summary>What the idea is called in the display: its file's path, or where it came from.</summary>
    public required string Source { get; init; }

    /// <summary>A workflow's name, or the path of a workflow file; null for the built-in one.</summary>
    public string? Workflow { get; init; }

    /// <summary><c>key=value</c> pairs.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }
}
