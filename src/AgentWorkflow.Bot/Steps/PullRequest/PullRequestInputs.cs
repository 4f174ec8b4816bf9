using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>The inputs of <c>pull_request</c>.</summary>
internal sealed record PullRequestInputs
{
    /// <summary>The title.</summary>
    [Description("The pull request's title; the issue's unless told.")]
    [MaxLength(200)]
    public string? Title { get; init; }

    /// <summary>The subject of the commit.</summary>
    [Description("The first line of the commit's message; the title unless told.")]
    [MaxLength(200)]
    public string? Commit { get; init; }

    /// <summary>The branch to merge into.</summary>
    [Description("The branch to merge into; the default branch unless told.")]
    [MaxLength(120)]
    public string? Base { get; init; }

    /// <summary>Labels.</summary>
    [Description("Labels besides 'agentworkflow'.")]
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Adds a sign-off.</summary>
    [Description("Adds a 'Signed-off-by' trailer for the person who asked.")]
    public bool SignOff { get; init; }

    /// <summary>What the test guard may refuse.</summary>
    [Description("'report' names existing tests that were changed, deleted, weakened or skipped; 'tests' refuses the change when there are such.")]
    public GuardMode Guard { get; init; }
}

/// <summary>What the test guard does with what it finds.</summary>
internal enum GuardMode
{
    /// <summary>Names it in the pull request.</summary>
    Report,

    /// <summary>Refuses the change.</summary>
    Tests,
}
