using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>A story and what was made of it.</summary>
/// <param name="Id">The story's id.</param>
/// <param name="Title">The story.</param>
/// <param name="Outcome"><c>generated</c>, <c>partly</c> or <c>needs-model</c>.</param>
/// <param name="Operations">Operations that are in the code.</param>
/// <param name="Tests">Tests of it that the runner's report has as passed.</param>
internal sealed record StoryOutcome(string Id, string Title, string Outcome, IReadOnlyList<string> Operations, IReadOnlyList<string> Tests)
{
    /// <summary>Acceptance criteria for which there is no test; empty when all have one or it is not known.</summary>
    public IReadOnlyList<string> Uncovered { get; init; } = [];

    /// <summary>How many of its tests the report does not have as passed; 0 without a report.</summary>
    public int NotPassed { get; init; }

    /// <summary>Operations and tests that are in the code.</summary>
    public IEnumerable<string> By => Operations.Concat(Tests);

    /// <summary>As an output.</summary>
    public JsonObject ToJson() => new() { ["id"] = Id, ["title"] = Title, ["outcome"] = Outcome, ["by"] = new JsonArray([.. By.Select(b => JsonValue.Create(b))]) };
}

/// <summary>
/// Story by story what was generated, and nothing that is not in the code: a test counts only when the runner's report has
/// it and it passed. Where no report is there, tests are left out.
/// </summary>
internal static class StoryTable
{
    /// <summary>Reads the outputs of the steps so far.</summary>
    public static IReadOnlyList<StoryOutcome> Read(IReadOnlyDictionary<string, JsonNode?> outputs)
    {
        List<JsonObject> done = [.. outputs.Values.OfType<JsonObject>()];
        JsonArray stories = done.Find(o => o.ContainsKey("stories") && o.ContainsKey("entities"))?["stories"]?.AsArray() ?? [];
        JsonArray evidence = done.FindLast(o => o["evidence"] is JsonArray { Count: > 0 })?["evidence"]?.AsArray() ?? [];
        JsonObject? report = done.FindLast(o => o["tests"] is JsonObject && !VerifiedChange.IsOfBase(o));

        // Parameterised tests have one name and many cases: one that did not pass counts.
        HashSet<string>? passed = report is null ? null : [.. Cases(report).GroupBy(c => Text(c, "name")).Where(g => g.All(c => Text(c, "outcome") == "passed")).Select(g => g.Key)];
        return [.. stories.OfType<JsonObject>().Select(story => Judge(story, evidence.OfType<JsonObject>().FirstOrDefault(e => Text(e, "story") == Text(story, "id")), passed))];
    }

    private static StoryOutcome Judge(JsonObject story, JsonObject? evidence, HashSet<string>? passed)
    {
        List<string> operations = Texts(evidence, "operations");
        List<string> planned = Texts(evidence, "tests");
        List<string> tests = planned.FindAll(t => passed?.Contains(t) == true);
        int notPassed = passed is null ? 0 : planned.Count - tests.Count;
        List<string> criteria = Texts(story, "criteria");
        int covered = evidence?["criteriaCovered"] is JsonValue value && value.TryGetValue(out int count) ? count : 0;
        string outcome = operations.Count == 0 ? "needs-model" : covered < criteria.Count || notPassed > 0 ? "partly" : "generated";
        return new StoryOutcome(Text(story, "id"), Text(story, "title"), outcome, operations, operations.Count == 0 ? [] : tests)
        {
            Uncovered = outcome == "partly" ? Uncovered(evidence, criteria, covered) : [],
            NotPassed = operations.Count == 0 ? 0 : notPassed,
        };
    }

    // Where the evidence does not say which, none is named.
    private static List<string> Uncovered(JsonObject? evidence, List<string> criteria, int covered) => covered == 0 ? criteria
        : [.. Texts(evidence, "uncovered").Select(t => int.TryParse(t, CultureInfo.InvariantCulture, out int index) ? index : -1).Where(i => i >= 0 && i < criteria.Count).Select(i => criteria[i])];

    private static IEnumerable<JsonObject> Cases(JsonObject? verification) => (verification?["tests"]?["cases"]?.AsArray() ?? []).OfType<JsonObject>();

    private static List<string> Texts(JsonObject? item, string name) => [.. (item?[name]?.AsArray() ?? []).Select(t => t?.ToString() ?? "").Where(t => t.Length > 0)];

    private static string Text(JsonObject item, string name) => item[name]?.ToString() ?? "";
}
