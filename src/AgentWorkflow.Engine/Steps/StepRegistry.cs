using System.Collections.Frozen;

namespace AgentWorkflow.Engine.Steps;

/// <summary>The step types there are. One registration line a type; a name that is taken twice stops the start.</summary>
public sealed class StepRegistry
{
    /// <summary>Names of the language that have no type yet, with the sentence that says so.</summary>
    public static FrozenDictionary<string, string> Announced { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["api_call"] = "the step type 'api_call' is part of the language but not of this version",
        ["workflow"] = "the step type 'workflow' is part of the language but not of this version",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, IStepType> _types;

    /// <summary>Builds the registry.</summary>
    /// <exception cref="ArgumentException">Two types share a name.</exception>
    public StepRegistry(IEnumerable<IStepType> types) => _types = types.ToFrozenDictionary(t => t.Kind, StringComparer.Ordinal);

    /// <summary>All types, by name.</summary>
    public IEnumerable<IStepType> Types => _types.Values.OrderBy(t => t.Kind, StringComparer.Ordinal);

    /// <summary>The type of that name, or null.</summary>
    public IStepType? Find(string kind) => _types.GetValueOrDefault(kind);
}
