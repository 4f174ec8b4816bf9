using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>A story and what was made of it.</summary>
/// <param name="Id">The story's id.</param>
/// <param name="Title">The story.</param>
/// <param name="Outcome"><c>generated</c>, <c>partly</c> or <c>needs-model</c>.</param>
/// <param name="By">Operations and tests that are in the code.</param>
internal sealed record StoryOutcome(string Id, string Title, string Outcome, IReadOnlyList<string> By)
{
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
        HashSet<string> passed = [.. Cases(done.FindLast(o => o["tests"] is JsonObject)).Where(c => Text(c, "outcome") == "passed").Select(c => Text(c, "name"))];
        return [.. stories.OfType<JsonObject>().Select(story => Judge(story, evidence.OfType<JsonObject>().FirstOrDefault(e => Text(e, "story") == Text(story, "id")), passed))];
    }

    private static StoryOutcome Judge(JsonObject story, JsonObject? evidence, HashSet<string> passed)
    {
        List<string> operations = Texts(evidence, "operations");
        List<string> tests = Texts(evidence, "tests").FindAll(passed.Contains);
        int criteria = story["criteria"]?.AsArray().Count ?? 0;
        int covered = evidence?["criteriaCovered"] is JsonValue value && value.TryGetValue(out int count) ? count : 0;
        string outcome = operations.Count == 0 ? "needs-model" : covered < criteria ? "partly" : "generated";
        return new StoryOutcome(Text(story, "id"), Text(story, "title"), outcome, operations.Count == 0 ? [] : [.. operations, .. tests]);
    }

    private static IEnumerable<JsonObject> Cases(JsonObject? verification) => (verification?["tests"]?["cases"]?.AsArray() ?? []).OfType<JsonObject>();

    private static List<string> Texts(JsonObject? item, string name) => [.. (item?[name]?.AsArray() ?? []).Select(t => t?.ToString() ?? "").Where(t => t.Length > 0)];

    private static string Text(JsonObject item, string name) => item[name]?.ToString() ?? "";
}
