using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>The forge in the data directory: no account, no network, and a full member of the conformance suite.</summary>
internal sealed class LocalForge(LocalForgeReader reader, LocalForgeWriter writer, LocalWatch watch) : IForge
{
    /// <summary>What it is called.</summary>
    public const string ForgeName = "local";

    /// <summary>The bot's own account here.</summary>
    public static ActorId Bot { get; } = new(1, "agentworkflow[bot]", "AgentWorkflow.Bot");

    /// <summary>The person at this machine, who asks through the command line.</summary>
    public static ActorId You { get; } = new(2, "you");

    /// <summary>The identity in the bot's commits: always the same, so that the same effect makes the same commit.</summary>
    public static CommitIdentity Committer { get; } = new("AgentWorkflow.Bot", "agentworkflow@local.invalid");

    /// <inheritdoc/>
    public string Name => ForgeName;

    /// <inheritdoc/>
    public string Host => "local";

    /// <inheritdoc/>
    public IForgeReader Reader => reader;

    /// <inheritdoc/>
    public IForgeWriter Writer => writer;

    /// <inheritdoc/>
    public IForgeWatch Watch => watch;
}
