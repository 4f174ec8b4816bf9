using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Acceptance;

/// <summary>The object of <c>generate --json</c>: every member and its type, nothing more and nothing less.</summary>
internal static class ResultShape
{
    // A question mark allows null; [x] is an array of x; a name stands for an object below.
    private static readonly Dictionary<string, string> Shapes = new(StringComparer.Ordinal)
    {
        ["result"] = "run:run project:project? repository:repository issue:issue? pullRequest:pullRequest? verification:verification verificationRecord:path? stories:[story] files:[file] archives:[archive] effects:[effect]",
        ["run"] = "id:text workflow:text status:runStatus seconds:number reason:text?",
        ["project"] = "id:text",
        ["repository"] = "forge:text name:text path:path base:text",
        ["issue"] = "number:number",
        ["pullRequest"] = "number:number title:text state:text draft:flag branch:text commit:sha1 tree:sha1",
        ["verification"] = "status:verificationStatus reason:text? sandbox:text? commands:[command] tests:tests",
        ["command"] = "phase:phase run:[text] exitCode:number? seconds:number",
        ["tests"] = "passed:number failed:number skipped:number",
        ["story"] = "id:text title:text outcome:storyOutcome by:[text]",
        ["file"] = "path:text size:number sha256:sha256",
        ["archive"] = "format:text path:path size:number sha256:sha256",
        ["effect"] = "kind:text key:text outcome:effectOutcome",
    };

    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["runStatus"] = ["queued", "running", "waiting", "succeeded", "failed", "cancelled"],
        ["verificationStatus"] = ["passed", "failed", "skipped"],
        ["phase"] = ["install", "run"],
        ["storyOutcome"] = ["generated", "partly", "needs-model"],
        ["effectOutcome"] = ["planned", "applied", "adopted", "refused"],
    };

    /// <summary>Fails naming the place where the object has another shape.</summary>
    public static void Check(JsonObject result) => Check("result", result, "result");

    private static void Check(string type, JsonNode? value, string place)
    {
        if (type.EndsWith('?'))
        {
            if (value is not null)
            {
                Check(type[..^1], value, place);
            }
        }
        else if (type.StartsWith('['))
        {
            JsonArray items = Assert.IsType<JsonArray>(value);
            items.Index().ToList().ForEach(i => Check(type[1..^1], i.Item, $"{place}[{i.Index}]"));
        }
        else if (Shapes.TryGetValue(type, out string? shape))
        {
            CheckObject(shape, Assert.IsType<JsonObject>(value), place);
        }
        else
        {
            Assert.True(IsOf(type, value), $"{place} is {value?.ToJsonString() ?? "null"}, not {type}");
        }
    }

    private static void CheckObject(string shape, JsonObject value, string place)
    {
        string[][] members = [.. shape.Split(' ').Select(m => m.Split(':'))];
        Assert.Equal(members.Select(m => $"{place}.{m[0]}"), value.Select(m => $"{place}.{m.Key}"));
        members.ToList().ForEach(m => Check(m[1], value[m[0]], $"{place}.{m[0]}"));
    }

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind()) switch
    {
        ("number", JsonValueKind.Number) => true,
        ("flag", JsonValueKind.True or JsonValueKind.False) => true,
        ("text", JsonValueKind.String) => true,
        ("path", JsonValueKind.String) => Path.IsPathFullyQualified($"{value}") && Path.Exists($"{value}"),
        ("sha1", JsonValueKind.String) => IsHex($"{value}", 40),
        ("sha256", JsonValueKind.String) => IsHex($"{value}", 64),
        (_, JsonValueKind.String) => Words[type].Contains($"{value}"),
        _ => false,
    };

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);
}
