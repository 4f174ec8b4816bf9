using System.Text.Json;
using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>The stack <c>node-api</c>: Node 20 without any package, storage in a JSON file, tests with <c>node:test</c>.</summary>
internal sealed class NodeApiStack : IStack
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <inheritdoc/>
    public string Name => "node-api";

    /// <inheritdoc/>
    public JsonObject BuildModel(Requirements requirements)
    {
        var plan = ApiPlan.From(requirements);
        return new JsonObject
        {
            ["directory"] = "",
            ["project"] = new JsonObject { ["name"] = requirements.Name, ["title"] = requirements.Title, ["summary"] = requirements.Summary },
            ["resources"] = new JsonArray([.. new ResourceModel(plan).All()]),
            ["stories"] = new JsonArray([.. plan.Stories.Zip(requirements.Stories, (evidence, story) => DocumentModel.Story(plan, story, evidence))]),
            ["notes"] = new JsonArray([.. requirements.Notes.Concat(plan.Notes).Select(note => (JsonNode?)note)]),
            ["example"] = DocumentModel.Example(plan),
            ["open_api"] = OpenApiDocument.Of(plan).ToJsonString(Indented),
        };
    }

    /// <inheritdoc/>
    public JsonArray BuildEvidence(Requirements requirements)
    {
        var plan = ApiPlan.From(requirements);
        return new JsonArray([.. plan.Stories.Select(story => new JsonObject
        {
            ["story"] = story.Story,
            ["operations"] = new JsonArray([.. story.Operations.Select(operation => (JsonNode?)operation)]),
            ["tests"] = new JsonArray([.. story.Tests.Select(test => (JsonNode?)TestModel.Name(plan, test))]),
            ["criteriaCovered"] = story.CriteriaCovered,
            ["uncovered"] = new JsonArray([.. story.Uncovered.Select(place => (JsonNode)place)]),
        })]);
    }
}
