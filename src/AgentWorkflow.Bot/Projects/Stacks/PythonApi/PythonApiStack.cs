using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Templating;

using static AgentWorkflow.Bot.Projects.Stacks.PythonApi.PythonExpression;

using RegularExpressions = System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>The stack <c>python-api</c>: Python's standard library alone, a WSGI application on SQLite, tests with unittest.</summary>
internal sealed partial class PythonApiStack : IStack
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <inheritdoc/>
    public string Name => "python-api";

    /// <inheritdoc/>
    public JsonObject BuildModel(Requirements requirements)
    {
        var plan = ApiPlan.From(requirements);
        var resources = PythonResource.Of(plan);
        var tests = new PythonTests(plan, resources);
        var package = PythonName.Package(requirements.Name);
        return new JsonObject
        {
            ["directory"] = "",
            ["project"] = new JsonObject
            {
                ["title"] = requirements.Title,
                ["summary"] = requirements.Summary,
                ["package"] = package,
                ["distribution"] = package.Replace('_', '-'),
            },
            ["resources"] = new JsonArray([.. resources.Select(resource => (JsonNode)ResourceModel(resource, resources, plan, tests))]),
            ["resource_imports"] = new JsonArray([.. Imports(resources).Select(line => (JsonNode)line)]),
            ["resource_list"] = Assign("RESOURCES: tuple[Resource, ...] = ", "(", resources.Select(resource => new Item(string.Empty, new Atom(resource.Constant))), ")"),
            ["sample_list"] = Assign(
                "SAMPLES: dict[str, tuple[Body, ...]] = ", "{", resources.Select(resource => new Item(PythonLiteral.Text(resource.Resource.Path) + ": ", new Atom(resource.Constant))), "}"),
            ["tables"] = PythonSchema.Tables(plan, resources),
            ["openapi"] = EscapedPlus().Replace(OpenApiDocument.Of(plan).ToJsonString(Indented), "+"),
            ["example"] = PythonDocuments.Example(plan),
            ["stories"] = PythonDocuments.Stories(plan, resources),
            ["notes"] = new JsonArray([.. requirements.Notes.Concat(plan.Notes).Select(note => (JsonNode)note)]),
        };
    }

    /// <inheritdoc/>
    public JsonArray BuildEvidence(Requirements requirements)
    {
        var plan = ApiPlan.From(requirements);
        var resources = PythonResource.Of(plan);
        return [.. plan.Stories.Select(story => (JsonNode)new JsonObject
        {
            ["story"] = story.Story,
            ["operations"] = new JsonArray([.. story.Operations.Select(operation => (JsonNode)operation)]),
            ["tests"] = new JsonArray([.. story.Tests.Select(test => (JsonNode)resources[test.Resource].TestName(test))]),
            ["criteriaCovered"] = story.CriteriaCovered,
            ["uncovered"] = new JsonArray([.. story.Uncovered.Select(place => (JsonNode)place)]),
        })];
    }

    private static JsonObject ResourceModel(PythonResource resource, IReadOnlyList<PythonResource> all, ApiPlan plan, PythonTests tests)
    {
        var planned = plan.TestsOf(resource.Resource).ToList();
        return new JsonObject
        {
            ["module"] = resource.Module,
            ["title"] = resource.Resource.Entity.Name,
            ["plural"] = Capital(resource.Resource.Plural.Spaced),
            ["description"] = TemplateFunctions.OneLine(resource.Resource.Entity.Description),
            ["path"] = resource.Resource.Path,
            ["imports"] = PythonFields.Imports(resource.Resource),
            ["uses_decimal"] = PythonFields.UseDecimal(resource.Resource),
            ["declaration"] = PythonFields.Declaration(resource, all),
            ["fields"] = PythonDocuments.Fields(resource.Resource, plan),
            ["filters"] = PythonDocuments.Names(resource.Resource.Fields.Where(field => field.Filterable)),
            ["sorts"] = PythonDocuments.Names(resource.Resource.Fields.Where(field => field.Sortable)),
            ["samples"] = PythonBodies.Samples(resource, plan),
            ["test_class"] = resource.TestClass,
            ["test_imports"] = planned.Exists(tests.TakesAway) ? "ResourceTest, without" : "ResourceTest",
            ["sample_imports"] = tests.SampleImports(planned),
            ["tests"] = new JsonArray([.. planned.Select(test => (JsonNode)new JsonObject { ["name"] = PythonResource.Method(test), ["call"] = tests.Call(test) })]),
        };
    }

    private static IEnumerable<string> Imports(IReadOnlyList<PythonResource> resources) =>
        resources.Select(resource => (resource.Module, Name: resource.Constant))
            .Concat([("endpoints", "Endpoints"), ("resource", "Resource")])
            .OrderBy(import => import.Item1, StringComparer.Ordinal)
            .Select(import => $"from .{import.Item1} import {import.Item2}");

    private static string Assign(string before, string open, IEnumerable<Item> items, string close) =>
        before + new Group(open, [.. items], close).Format(0, before.Length, 0);

    // The serializer escapes the plus of media types; after an even number of backslashes that is an escape.
    [RegularExpressions.GeneratedRegex(@"(?<=(?<!\\)(?:\\\\)*)\\u002B", RegularExpressions.RegexOptions.CultureInvariant, 1000)]
    private static partial RegularExpressions.Regex EscapedPlus();

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
