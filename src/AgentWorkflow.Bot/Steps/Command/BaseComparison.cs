using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Steps.Command.Reports;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>
/// The repository's own commands on the files as they are now, held against what they did on the base commit. What failed there already
/// is not ours, but only where reports name the tests: an exit code alone cannot tell an old fault from a new one.
/// </summary>
/// <param name="Faults">What is ours, or cannot be told from it.</param>
/// <param name="Excused">What fails on the base commit too.</param>
internal sealed record BaseComparison(IReadOnlyList<string> Faults, IReadOnlyList<string> Excused)
{
    private const int MostNames = 100;

    /// <summary>Tests that fail now and did not on the base commit.</summary>
    public IReadOnlyList<string> NewlyFailed { get; init; } = [];

    /// <summary>Tests that are skipped now and were not on the base commit.</summary>
    public IReadOnlyList<string> NewlySkipped { get; init; } = [];

    /// <summary>Tests of the base commit that are not run any more.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>Compares.</summary>
    /// <param name="before">The outputs of the step that ran on the base.</param>
    /// <param name="now">Results of the same groups, in the same order.</param>
    public static BaseComparison Of(JsonObject before, IReadOnlyList<GroupResult> now)
    {
        List<JsonObject> groups = [.. (before["groups"] as JsonArray ?? []).OfType<JsonObject>()];
        Dictionary<string, int> failedThen = Names(before, c => c == "failed");
        List<string> newlyFailed = More(now.SelectMany(r => r.Failed).Select(c => c.Name), failedThen);
        HashSet<string> isNew = [.. newlyFailed];
        List<string> faults = [], excused = [];
        foreach ((GroupResult result, JsonObject then) in now.Zip(groups).Where(p => p.First.Faults.Count > 0))
        {
            string? reasonThen = then["reason"]?.ToString();
            int ours = result.Failed.Count(c => isNew.Contains(c.Name));
            bool named = result.Failed.Count > 0 && Number(then["failed"]) > 0;
            if (ours > 0)
            {
                faults.Add($"{ours} of {result.Cases.Count} tests fail that did not fail on the base commit");
            }
            else if (reasonThen is null)
            {
                faults.Add($"{result.Faults[0]}; on the base commit nothing of that failed");
            }
            else if (named)
            {
                excused.Add(result.Faults[0]);
            }
            else
            {
                faults.Add($"{result.Faults[0]}, and on the base commit {(reasonThen == result.Faults[0] ? "too" : reasonThen)}; no report names the tests, so what is new cannot be told");
            }
        }

        List<string> gone = now.Any(r => r.Cases.Count == 0 && r.Faults.Count > 0)
            ? [] : More(Listed(before, _ => true), Counts(now.SelectMany(r => r.Cases).Select(c => c.Name)));
        List<string> skipped = More(now.SelectMany(r => r.Cases).Where(c => c.Outcome == TestOutcome.Skipped).Select(c => c.Name), Names(before, c => c == "skipped"));
        faults.AddRange(gone.Count == 0 ? [] : [$"{gone.Count} tests of the base commit are not run any more: {Some(gone)}"]);
        faults.AddRange(skipped.Count == 0 ? [] : [$"{skipped.Count} tests were newly skipped: {Some(skipped)}"]);
        return new BaseComparison(faults, excused) { NewlyFailed = newlyFailed, NewlySkipped = skipped, Gone = gone };
    }

    /// <summary>As an output.</summary>
    public JsonObject ToJson() => new()
    {
        ["newlyFailed"] = ToJson(NewlyFailed),
        ["newlySkipped"] = ToJson(NewlySkipped),
        ["gone"] = ToJson(Gone),
        ["failedBefore"] = ToJson(Excused),
    };

    // A test with rows has one name many times, so names are counted.
    private static List<string> More(IEnumerable<string> names, Dictionary<string, int> known)
    {
        Dictionary<string, int> left = new(known, StringComparer.Ordinal);
        List<string> more = [];
        foreach (string name in names)
        {
            if (left.GetValueOrDefault(name) > 0)
            {
                left[name]--;
            }
            else
            {
                more.Add(name);
            }
        }

        return more;
    }

    private static Dictionary<string, int> Names(JsonObject outputs, Func<string, bool> outcome) => Counts(Listed(outputs, outcome));

    private static IEnumerable<string> Listed(JsonObject outputs, Func<string, bool> outcome) =>
        (outputs["tests"]?["cases"] as JsonArray ?? []).OfType<JsonObject>().Where(c => outcome($"{c["outcome"]}")).Select(c => $"{c["name"]}");

    private static Dictionary<string, int> Counts(IEnumerable<string> names) => names.GroupBy(n => n, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    private static int Number(JsonNode? node) => int.TryParse(node?.ToString(), CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static string Some(List<string> names) => string.Join(", ", names.Take(3)) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");

    private static JsonArray ToJson(IEnumerable<string> names) => [.. names.Take(MostNames).Select(n => JsonValue.Create(n))];
}
