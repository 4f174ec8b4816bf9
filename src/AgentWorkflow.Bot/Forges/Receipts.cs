using System.Collections.Immutable;

using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Forges;

/// <summary>Receipts in one line.</summary>
internal static class Receipts
{
    /// <summary>We made it.</summary>
    public static Receipt Applied(Effect effect, params IEnumerable<(string Name, string Value)> values) => Of(effect, EffectOutcome.Applied, values);

    /// <summary>It was there and ours.</summary>
    public static Receipt Adopted(Effect effect, params IEnumerable<(string Name, string Value)> values) => Of(effect, EffectOutcome.Adopted, values);

    /// <summary>It is there and ours, but says something else.</summary>
    public static Receipt Stale(Effect effect, params IEnumerable<(string Name, string Value)> values) => Of(effect, EffectOutcome.Planned, values);

    /// <summary>It was refused.</summary>
    public static Receipt Refused(Effect effect, string reason, params IEnumerable<(string Name, string Value)> values) => Of(effect, EffectOutcome.Refused, values) with { Reason = reason };

    private static Receipt Of(Effect effect, EffectOutcome outcome, IEnumerable<(string Name, string Value)> values) =>
        new(effect.Key, effect.Kind, outcome, values.ToImmutableSortedDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
}
