using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Forges;

/// <summary>The settings section <c>Repositories</c>: where repositories may be made. Empty: nowhere but on the Local forge.</summary>
internal sealed class RepositoriesOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Repositories";

    /// <summary>Organizations and groups, as the forge spells them.</summary>
    public IList<string> Owners { get; } = [];

    /// <summary>Why the repository may not be made there, in words without a full stop; null where it may.</summary>
    public string? Refusal(CreateRepository effect, RunFacts run) =>
        effect.Forge == "local" ? null
        : !Owners.Contains(effect.Target.Owner, StringComparer.OrdinalIgnoreCase)
            ? $"no repository may be made under '{effect.Target.Owner}' on {effect.Forge}; an operator can allow it with Repositories__Owners__0={effect.Target.Owner}"
        : effect.Forge != run.Forge || !string.Equals(effect.Target.Owner, run.Repository.Owner, StringComparison.OrdinalIgnoreCase)
            ? $"'{effect.Target}' on {effect.Forge} belongs to another owner than '{run.Repository}' on {run.Forge}, which needs an admin's approval that this version cannot ask for"
        : null;
}
