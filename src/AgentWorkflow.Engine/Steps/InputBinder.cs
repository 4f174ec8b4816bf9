using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Steps;

/// <summary>Turns evaluated <c>with</c> values into a step's inputs record, naming the field that does not fit.</summary>
public static class InputBinder
{
    /// <summary>Binds, or says in one sentence which field is wrong and why.</summary>
    public static bool TryBind(IStepType type, JsonNode? values, out object? inputs, out string? refusal)
    {
        inputs = null;
        refusal = $"binding '{type.Kind}' is not written yet";
        return false;
    }
}
