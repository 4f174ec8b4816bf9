using System.Text.Json;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Orders plain sample values as the services sort them: numbers by value, texts by their code units.</summary>
internal sealed class SampleOrder : IComparer<SampleValue>
{
    /// <summary>The only one.</summary>
    public static SampleOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(SampleValue? x, SampleValue? y)
    {
        if (x is not SampleValue.Literal left || y is not SampleValue.Literal right)
        {
            return 0;
        }

        using var a = JsonDocument.Parse(left.Json);
        using var b = JsonDocument.Parse(right.Json);
        return a.RootElement.ValueKind == JsonValueKind.Number
            ? a.RootElement.GetDecimal().CompareTo(b.RootElement.GetDecimal())
            : string.CompareOrdinal(a.RootElement.GetString(), b.RootElement.GetString());
    }
}
