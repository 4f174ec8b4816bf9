using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>A web API on ASP.NET Core with SQLite and xunit.</summary>
internal sealed class DotnetWebApiStack : IStack
{
    /// <inheritdoc/>
    public string Name => "dotnet-webapi";

    /// <inheritdoc/>
    public JsonObject BuildModel(Requirements requirements) => new DotnetModel(ApiPlan.From(requirements)).Build();

    /// <inheritdoc/>
    public JsonArray BuildEvidence(Requirements requirements)
    {
        var plan = ApiPlan.From(requirements);
        var names = new PlanNames(plan);
        return new JsonArray([.. plan.Stories.Select(story => new JsonObject
        {
            ["story"] = story.Story,
            ["operations"] = Texts(story.Operations),
            ["tests"] = Texts(story.Tests.Select(names.Full)),
            ["criteriaCovered"] = story.CriteriaCovered,
            ["uncovered"] = new JsonArray([.. story.Uncovered.Select(place => (JsonNode)place)]),
        })]);
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
