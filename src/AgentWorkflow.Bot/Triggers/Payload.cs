using System.Text.Json;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>
/// A webhook's JSON, read leniently: a member that is missing or of another type is absent, never an error. What people send is
/// not what documents say, and an event that nobody needs must not stop the queue.
/// </summary>
internal readonly record struct Payload(JsonElement Root)
{
    /// <summary>The text at the path; null where there is none.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        try
        {
            return Find(path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no text.
            return null;
        }
    }

    /// <summary>The whole number at the path; null where there is none.</summary>
    public long? Number(params ReadOnlySpan<string> path) =>
        Find(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>True where the value at the path is <c>true</c>.</summary>
    public bool Flag(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>True where there is an object at the path.</summary>
    public bool Has(params ReadOnlySpan<string> path) => Find(path) is { ValueKind: JsonValueKind.Object };

    /// <summary>The time at the path; null where there is none.</summary>
    public DateTimeOffset? Time(params ReadOnlySpan<string> path) =>
        Find(path) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;

    /// <summary>The members of the list at the path; empty where there is none.</summary>
    public IEnumerable<Payload> List(params ReadOnlySpan<string> path) =>
        Find(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(e => new Payload(e)) : [];

    private JsonElement? Find(ReadOnlySpan<string> path)
    {
        JsonElement element = Root;
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
