using AgentWorkflow.Bot.Forges;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>
/// Nothing that few may see goes where more see it (promise P55): branches, commits and merge requests of a project that is not
/// private are seen by everybody who may see the project. Pure.
/// </summary>
internal static class Confidence
{
    /// <summary>The refusal; null where nothing confidential would get out.</summary>
    public static Decision.Refuse? Of(Decision decision, TriggerFacts facts) =>
        decision is not Decision.Start ? null
        : facts.Issue is { IsHidden: true } ? new Decision.Refuse(
            "AW2048", "Nothing was run: this issue is confidential, and more people can see the branches and merge requests of this project than the issue; ask in an issue that is not confidential, or in a private project.")
        : facts.Comment is { IsHidden: true } ? new Decision.Refuse("AW2049", "Nothing was run: an internal note was the command, and more people would see what comes of it; write it as an ordinary comment.")
        : null;
}
