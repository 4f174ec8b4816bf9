using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Outside;
using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bench.Tables;

/// <summary>A template of a hundred files: some twenty lines each, a loop, conditions and filters.</summary>
internal static class RenderTable
{
    private const int Files = 100;
    private const string Body = """
        // {{ project.name }}, file NUMBER
        public sealed class {{ project.name | upper }}NUMBER
        {
        {{~ for field in fields ~}}
        {{~ if field.required ~}}
            public required {{ field.type }} {{ field.name }} { get; set; }
        {{~ else ~}}
            public {{ field.type }}? {{ field.name }} { get; set; }
        {{~ end ~}}
        {{~ end ~}}
        }

        """;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync("rendering a template of 100 files in memory", "how", "ms", "goal, ms");
        TemplateFolder folder = new("sample", Enumerable.Range(0, Files).Select(i => KeyValuePair.Create(
            $"src/File{i}.cs.sbn", new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(Body.Replace("NUMBER", $"{i}", StringComparison.Ordinal))))));
        JsonObject model = new()
        {
            ["project"] = new JsonObject { ["name"] = "sample" },
            ["fields"] = new JsonArray([.. Enumerable.Range(0, 8).Select(i => new JsonObject { ["name"] = $"Field{i}", ["type"] = i % 2 == 0 ? "string" : "int", ["required"] = i % 3 == 0 })]),
        };
        TemplateRenderer kept = new();
        for (int i = 0; i < 30; i++)
        {
            await RenderCall.RenderAsync(new TemplateRenderer(), folder, model);
            await RenderCall.RenderAsync(kept, folder, model);
        }

        double full = await Median.OfAsync(31, () => Median.TimeAsync(() => RenderCall.RenderAsync(new TemplateRenderer(), folder, model)));
        double cached = await Median.OfAsync(31, () => Median.TimeAsync(() => RenderCall.RenderAsync(kept, folder, model)));
        await table.AddAsync("parsed anew", Table.Number(full), "7.3");
        await table.AddAsync("parsed before", Table.Number(cached), "2.6");
    }
}
