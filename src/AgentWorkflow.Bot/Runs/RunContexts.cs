using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs;

/// <summary>The contexts that a workflow's expressions see. They are ours, not the payload's, so that one workflow runs on three forges.</summary>
internal static class RunContexts
{
    /// <summary>All but <c>steps</c> and <c>item</c>, which the engine adds.</summary>
    public static IReadOnlyDictionary<string, JsonNode?> Of(RunPin pin, int tries)
    {
        RunFacts run = pin.Facts;
        return new Dictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["event"] = pin.Event,
            ["inputs"] = run.Inputs,
            ["run"] = new JsonObject { ["id"] = run.Id, ["url"] = null, ["attempt"] = tries },
            ["repository"] = Repository(run, pin),
            ["actor"] = Person(run.Actor),
        };
    }

    /// <summary>A person as expressions see one.</summary>
    public static JsonObject Person(ActorId actor) => new() { ["id"] = actor.Id, ["login"] = actor.Login, ["name"] = actor.Name };

    /// <summary>An issue as expressions see one.</summary>
    public static JsonObject Issue(IssueFacts issue) => new()
    {
        ["number"] = issue.Number,
        ["title"] = issue.Title,
        ["body"] = issue.Body,
        ["labels"] = new JsonArray([.. issue.Labels.Select(l => JsonValue.Create(l))]),
        ["url"] = issue.Url,
        ["author"] = Person(issue.Author),
    };

    private static JsonObject Repository(RunFacts run, RunPin pin) => new()
    {
        ["id"] = pin.RepositoryId,
        ["owner"] = run.Repository.Owner,
        ["name"] = run.Repository.Name,
        ["url"] = pin.RepositoryUrl,
        ["default_branch"] = run.DefaultBranch,
        ["forge"] = run.Forge,
    };
}
