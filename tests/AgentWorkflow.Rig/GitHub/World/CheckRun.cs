using System.Text.Json.Nodes;
using AgentWorkflow.Rig.Faults;

namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>A check run.</summary>
public sealed class CheckRun : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The number of its suite: one a commit.</summary>
    public required long SuiteId { get; init; }

    /// <summary>The commit.</summary>
    public required string HeadSha { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The client's own key.</summary>
    public string? ExternalId { get; set; }

    /// <summary>The client's page.</summary>
    public string? DetailsUrl { get; set; }

    /// <summary><c>queued</c>, <c>in_progress</c> or <c>completed</c>.</summary>
    public string Status { get; set; } = "queued";

    /// <summary>How it ended, or null.</summary>
    public string? Conclusion { get; set; }

    /// <summary>When it began.</summary>
    public string? StartedAt { get; set; }

    /// <summary>When it ended.</summary>
    public string? CompletedAt { get; set; }

    /// <summary>The output's title.</summary>
    public string? Title { get; set; }

    /// <summary>The output's summary.</summary>
    public string? Summary { get; set; }

    /// <summary>The output's text.</summary>
    public string? Text { get; set; }

    /// <summary>The annotations: each request adds to them.</summary>
    public List<JsonObject> Annotations { get; } = [];
}
