using System.Collections.Immutable;

namespace AgentWorkflow.Engine.Effects;

/// <summary>What an effect left on the forge.</summary>
/// <param name="Key">The effect's key.</param>
/// <param name="Kind">The effect's kind.</param>
/// <param name="Outcome">How it came to be there.</param>
/// <param name="Values">What can be read from it: <c>url</c>, <c>number</c>, <c>commit</c>, <c>tree</c>, <c>branch</c>, <c>path</c>, <c>sha256</c>, <c>size</c>.</param>
/// <param name="Reason">Why it was refused; null otherwise.</param>
public sealed record Receipt(EffectKey Key, string Kind, EffectOutcome Outcome, ImmutableSortedDictionary<string, string> Values, string? Reason = null)
{
    /// <summary>A value, or null where the effect has none of that name.</summary>
    public string? this[string name] => Values.GetValueOrDefault(name);
}

/// <summary>The states of an effect.</summary>
public enum EffectOutcome
{
    /// <summary>Stored, not yet applied.</summary>
    Planned,

    /// <summary>We made it.</summary>
    Applied,

    /// <summary>It was there and ours: an earlier attempt of the same run made it.</summary>
    Adopted,

    /// <summary>The forge or a rule said no; the reason is on the receipt.</summary>
    Refused,
}
