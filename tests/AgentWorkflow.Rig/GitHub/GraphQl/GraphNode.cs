namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary>An object of the graph: its type and, by field, how its value comes from the field's arguments.</summary>
internal sealed class GraphNode(string type) : Dictionary<string, Func<FieldArguments, object?>>(StringComparer.Ordinal)
{
    public string Type => type;
}

/// <summary>The arguments of a field, as plain values.</summary>
internal sealed record FieldArguments(IReadOnlyDictionary<string, object?> Values)
{
    public string? Text(string name) => Values.GetValueOrDefault(name)?.ToString();

    public long? Number(string name) => Values.GetValueOrDefault(name) is { } value ? Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture) : null;

    public IReadOnlyList<string>? Texts(string name) => Values.GetValueOrDefault(name) is System.Collections.IEnumerable list and not string ? [.. list.Cast<object?>().Select(v => v?.ToString() ?? "")] : null;

    public IReadOnlyDictionary<string, object?>? Members(string name) => Values.GetValueOrDefault(name) as IReadOnlyDictionary<string, object?> ?? (Values.GetValueOrDefault(name) is IDictionary<string, object?> members ? new Dictionary<string, object?>(members, StringComparer.Ordinal) : null);
}

/// <summary>An error as the forge words it: a type that clients switch on, and a sentence.</summary>
internal sealed class GraphRefusal(string type, string message) : Exception(message)
{
    public string Type => type;
}
