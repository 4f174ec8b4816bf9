namespace AgentWorkflow.Engine.Effects;

/// <summary>The natural key of an effect: <c>kind/what/...</c>, unique within a run, the same on every attempt.</summary>
public sealed record EffectKey(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
