using AgentWorkflow.Bot.Forges;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The settings section <c>Triggers</c>: who may start a run.</summary>
internal sealed class TriggersOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Triggers";

    /// <summary>The setting; null where it is absent or empty.</summary>
    public RepositoryPermission? MinimumPermission { get; set; }

    /// <summary>What a person needs on the repository at least.</summary>
    public RepositoryPermission Minimum => MinimumPermission ?? RepositoryPermission.Write;

    /// <summary>Numeric ids of bots whose commands count; none unless listed.</summary>
    public IList<long> AllowedBots { get; } = [];
}

/// <summary>The settings section <c>Commands</c>: the words that the bot listens to.</summary>
internal sealed class CommandsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Commands";

    /// <summary>Both <c>/generate</c> and <c>/aw generate</c> count.</summary>
    public const string Both = "both";

    /// <summary><c>both</c>, <c>aw</c> for only <c>/aw ...</c>, or another word beside it.</summary>
    public string Prefix { get; set => field = string.IsNullOrEmpty(value) ? Both : value; } = Both;
}
