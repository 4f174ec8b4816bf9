using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Tests.Steps;

namespace AgentWorkflow.Engine.Tests.Definition;

public sealed class WorkflowSchemaTests
{
    private static readonly JsonObject Schema = WorkflowSchema.Create(FakeSteps.Registry);

    [Theory]
    [InlineData("/properties/name/pattern", "\"^[a-z][a-z0-9_-]{0,63}$\"")]
    [InlineData("/required", """["on","steps"]""")]
    [InlineData("/additionalProperties", "false")]
    [InlineData("/properties/steps/maxItems", "1000")]
    [InlineData("/$defs/step/required", """["id","uses"]""")]
    [InlineData("/$defs/step/properties/uses/enum", """["agent","approval","command","export","file_generation","pull_request","repo_creation"]""")]
    [InlineData("/$defs/limits/properties/minutes/maximum", "1440")]
    [InlineData("/$defs/permissions/properties/pull-requests/enum", """["write","none"]""")]
    [InlineData("/$defs/with_agent/additionalProperties", "false")]
    [InlineData("/$defs/with_agent/required", """["role"]""")]
    [InlineData("/$defs/with_agent/properties/role/anyOf/0/enum", """["requirements","code","tests","docs","review"]""")]
    [InlineData("/$defs/with_agent/properties/max-tokens/anyOf/1/$ref", "\"#/$defs/expression\"")]
    [InlineData("/$defs/with_agent/properties/max-tokens/default", "1000")]
    [InlineData("/$defs/with_command/properties/reports/anyOf/0/anyOf/0/type", "\"string\"")]
    public void Says_What_The_Records_Say(string pointer, string expected)
    {
        JsonNode? node = pointer.Split('/').Skip(1).Aggregate((JsonNode?)Schema, (at, part) => at is JsonArray list ? list[int.Parse(part, null)] : at?[part]);

        Assert.Equal(expected, node?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public void Every_Reference_Has_Its_Definition()
    {
        string text = WorkflowSchema.Print(FakeSteps.Registry);
        Stack<JsonNode?> open = new([Schema]);
        int references = 0;
        while (open.TryPop(out JsonNode? node))
        {
            if (node is JsonObject map && map["$ref"]?.ToString() is string reference)
            {
                references++;
                Assert.True(Schema["$defs"]![reference["#/$defs/".Length..]] is not null, reference);
            }

            foreach (JsonNode? child in node switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => [] })
            {
                open.Push(child);
            }
        }

        Assert.True(references > 20);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Reference_Names_All_Keys_Contexts_Functions_Step_Types_And_Codes()
    {
        string text = WorkflowReference.Create(FakeSteps.Registry);

        Assert.All(Codes.All, c => Assert.Contains($"| {c.Code} | ", text, StringComparison.Ordinal));
        Assert.All(Codes.All, c => Assert.NotEmpty(c.Meaning));
        Assert.Equal(Codes.All.Count, Codes.All.Select(c => c.Code).Distinct().Count());
        Assert.All(FakeSteps.Registry.Types, t => Assert.Contains($"### {t.Kind}\n", text, StringComparison.Ordinal));
        Assert.Contains("| `cancel-in-progress` |", text, StringComparison.Ordinal);
        Assert.Contains("| `fromJSON(text)` |", text, StringComparison.Ordinal);
        Assert.Contains("pull{number, title, head, base}", text, StringComparison.Ordinal);
        Assert.Contains("### api_call\n", text, StringComparison.Ordinal);
    }
}
