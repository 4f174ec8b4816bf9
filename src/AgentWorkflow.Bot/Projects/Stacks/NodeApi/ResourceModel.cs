using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>Resources as the templates of modules, samples, tests and documents read them.</summary>
internal sealed class ResourceModel
{
    private readonly ApiPlan _plan;
    private readonly TestModel _tests;

    /// <summary>The resources of a plan.</summary>
    public ResourceModel(ApiPlan plan)
    {
        _plan = plan;
        _tests = new TestModel(plan);
    }

    /// <summary>All of them, in the idea's order. Members that end in <c>_js</c> are JavaScript.</summary>
    public IEnumerable<JsonNode?> All()
    {
        var names = new NameScope();
        foreach (var resource in _plan.Resources)
        {
            var (fields, imports) = FieldModel.Of(resource, _plan.Resources);
            yield return new JsonObject
            {
                // The file, the path of the list and the collection are the plural in kebab-case: ASCII and unique whatever the case.
                ["name"] = resource.Plural.Kebab,
                ["key_js"] = JavaScriptName.Key(resource.Plural.Kebab),
                ["path"] = resource.Path,
                ["title"] = resource.Entity.Name,
                ["description"] = resource.Entity.Description,
                ["singular"] = resource.Words.Spaced,
                ["variable"] = names.Take(JavaScriptName.Of(resource.Plural)),
                ["imports"] = Texts(imports),
                ["fields_js"] = Texts(fields),
                ["fields"] = new JsonArray([.. resource.Fields.Select(field => DocumentModel.Field(_plan, field))]),
                ["filters"] = Texts(resource.Fields.Where(field => field.Filterable).Select(field => field.JsonName)),
                ["samples"] = new JsonArray([.. Enumerable.Range(0, ApiPlan.Samples).Select(sample => Sample(resource, sample))]),
                ["tests"] = new JsonArray([.. _plan.TestsOf(resource).Select(_tests.Of)]),
            };
        }
    }

    private JsonObject Sample(Resource resource, int sample)
    {
        var body = resource.Body(sample);
        return new JsonObject
        {
            ["uses_id"] = body.Any(member => member.Value is not SampleValue.Literal),
            ["members_js"] = Texts(BodyModel.Members(_plan, body).Select(member => $"{member.Key}: {member.Value}")),
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
