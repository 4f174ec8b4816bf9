namespace AgentWorkflow.Bot.Forges;

/// <summary>The settings section <c>Forges</c>: whom the bot serves. Both lists empty: a forge decides by who installed it.</summary>
internal sealed class ForgesOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Forges";

    /// <summary>Accounts, organizations and groups that are served.</summary>
    public IList<string> Owners { get; } = [];

    /// <summary>Patterns <c>owner/name</c> that are served; <c>*</c> stands for any part of one segment.</summary>
    public IList<string> Repositories { get; } = [];
}
