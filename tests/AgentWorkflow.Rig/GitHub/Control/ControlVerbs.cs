using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Control;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Webhooks;

using static AgentWorkflow.Rig.Control.Arguments;

namespace AgentWorkflow.Rig.GitHub.Control;

/// <summary>The verbs and readings of the GitHub double.</summary>
internal static class ControlVerbs
{
    /// <summary>All of them.</summary>
    public static VerbBook<GitHubWorld> Of(GitHubDouble github)
    {
        VerbBook<GitHubWorld> verbs = new(github, () => github.BotLogin, github.Webhooks.ReleaseAsync);
        verbs["repositories"] = CreateRepository;
        verbs["issues"] = (w, a) => Number(w.OpenIssue(Text(a, "repository"), Text(a, "by"), Text(a, "title"), Text(a, "body", ""), [.. Texts(a, "labels")]).Number);
        verbs["comments"] = (w, a) => Id(w.Comment(Text(a, "repository"), Long(a, "number"), Text(a, "by"), Text(a, "body")).Id);
        verbs["edit-comment"] = (w, a) => Done(() => w.EditComment(Comment(w, a), w.Person(Text(a, "by")), Text(a, "body")));
        verbs["delete-comment"] = (w, a) => Done(() => w.DeleteComment(Comment(w, a), w.Person(Text(a, "by"))));
        verbs["review-comments"] = (w, a) => Id(w.AddReviewComment(Issue(w, a), w.Person(Text(a, "by")), Text(a, "path"), (int)Long(a, "line"), Text(a, "body")).Id);
        verbs["labels"] = (w, a) => Done(() => w.AddLabels(Issue(w, a), w.Person(Text(a, "by")), Texts(a, "labels")));
        verbs["unlabel"] = (w, a) => Done(() => w.RemoveLabel(Issue(w, a), w.Person(Text(a, "by")), Text(a, "label")));
        verbs["edit-issue"] = (w, a) => Done(() => w.EditIssue(Issue(w, a), w.Person(Text(a, "by")), Maybe(a, "title"), Maybe(a, "body"), Maybe(a, "state")));
        verbs["pulls"] = (w, a) => Number(w.OpenPull(w.Repository(Text(a, "repository")), w.Person(Text(a, "by")), Text(a, "title"), Text(a, "body", ""), Text(a, "head"), Text(a, "base", "main")).Number);
        verbs["merge"] = (w, a) => Done(() => w.Merge(Issue(w, a), w.Person(Text(a, "by"))));
        verbs["pushes"] = (w, a) => new JsonObject { ["commit"] = w.Push(Text(a, "repository"), Text(a, "by"), Text(a, "branch"), Files(a), Text(a, "message", "Change")) };
        verbs["delete-branch"] = (w, a) => Done(() => w.DeleteBranch(Text(a, "repository"), Text(a, "branch"), Text(a, "by")));
        verbs["rerequest"] = (w, a) => Done(() => w.Rerequest(Text(a, "repository"), Long(a, "check"), Text(a, "by")));
        verbs["permissions"] = (w, a) => Done(() => w.Grant(Text(a, "repository"), Text(a, "login"), Text(a, "permission"), Maybe(a, "role")));
        verbs["app-permissions"] = AppPermissions;
        verbs["suspend"] = (w, a) => Done(() => w.Suspend(Text(a, "owner"), Flag(a, "suspended", true)));
        verbs["uninstall"] = (w, a) => Done(() => w.Uninstall(Text(a, "owner")));
        verbs["install"] = (w, a) => Id(w.Install(Text(a, "owner")).Id);
        verbs["rename"] = (w, a) => Done(() => w.Rename(Text(a, "login"), Text(a, "to")));
        verbs["association"] = (w, a) => Done(() => w.AuthorAssociation = Text(a, "value"));
        verbs["archive"] = (w, a) => Done(() => w.Archive(Text(a, "repository")));
        verbs["delete"] = (w, a) => Done(() => w.Delete(Text(a, "repository")));
        verbs["transfer"] = (w, a) => Done(() => w.Transfer(Text(a, "repository"), Text(a, "to")));
        verbs["rules"] = (w, a) => Done(() => w.Repository(Text(a, "repository")).Rules.Add(new BranchRule(Text(a, "type"), Text(a, "pattern"), Text(a, "ruleset", "protected"))));
        verbs["drafts"] = (w, a) => Done(() => w.Repository(Text(a, "repository")).AllowsDrafts = Flag(a, "allowed", false));
        verbs["network"] = (_, a) => Done(() => github.Webhooks.Network = Enum.Parse<Network>(Text(a, "state"), ignoreCase: true));
        verbs["webhook"] = (_, a) => Done(() => github.SendWebhooksTo(Maybe(a, "url"), Maybe(a, "secret")));
        verbs["send"] = (_, a) => new JsonObject { ["guid"] = github.Webhooks.Send(Text(a, "event"), (JsonObject)(a["payload"]?.DeepClone() ?? new JsonObject())).Guid };
        verbs.Reading("deliveries", () => new JsonArray([.. github.Webhooks.Deliveries.Select(d => new JsonObject { ["id"] = d.Id, ["guid"] = d.Guid, ["event"] = d.Event, ["action"] = d.Action, ["status"] = d.StatusCode, ["redelivery"] = d.Redelivery })]));
        verbs.Reading("state", () => List(github.Do(WorldView.Lines)));
        return verbs;
    }

    private static Issue Issue(GitHubWorld world, JsonObject a) => world.Repository(Text(a, "repository")).Find(Long(a, "number")) ?? throw GitHubWorld.Missing(Long(a, "number"));

    private static Comment Comment(GitHubWorld world, JsonObject a) => world.FindComment(world.Repository(Text(a, "repository")), Long(a, "comment")) ?? throw new KeyNotFoundException("There is no such comment.");

    private static JsonObject CreateRepository(GitHubWorld world, JsonObject a)
    {
        ForgeRepository repository = world.CreateRepository(Text(a, "repository"), FirstFiles(a), Flag(a, "private", false));
        return new JsonObject { ["id"] = repository.Id, ["cloneUrl"] = $"/{repository.FullName}.git" };
    }

    private static JsonObject AppPermissions(GitHubWorld world, JsonObject a)
    {
        Installation installation = world.Install(Text(a, "owner"));
        installation.Permissions.Clear();
        foreach ((string name, JsonNode? access) in a["permissions"] as JsonObject ?? [])
        {
            installation.Permissions[name] = access?.ToString() ?? "read";
        }

        return [];
    }
}
