namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>A behaviour that people see on a forge, decided by the test that carries it: a row of docs/forges.md.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BehaviourAttribute(string sentence) : Attribute
{
    /// <summary>The behaviour in a sentence.</summary>
    public string Sentence { get; } = sentence;
}
