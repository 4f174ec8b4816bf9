using System.ComponentModel.DataAnnotations;

namespace AgentWorkflow.Bot.Agents;

/// <summary>Settings of the agents.</summary>
internal sealed class AgentsOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Agents";

    /// <summary>The agent that steps use when they name none: <c>offline</c> needs no model and no account.</summary>
    [Required]
    public string Default { get; set; } = "offline";
}
