using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Control;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Webhooks;

using static AgentWorkflow.Rig.Control.Arguments;

namespace AgentWorkflow.Rig.GitLab.Control;

/// <summary>The verbs and readings of the GitLab double; those that GitHub's has too have its names.</summary>
internal static class ControlVerbs
{
    /// <summary>All of them.</summary>
    public static VerbBook<GitLabWorld> Of(GitLabDouble gitlab)
    {
        VerbBook<GitLabWorld> verbs = new(gitlab, () => gitlab.BotUsername, gitlab.Webhooks.ReleaseAsync);
        verbs["repositories"] = CreateProject;
        verbs["groups"] = (w, a) => Id(w.Group(Text(a, "group")).Id);
        verbs["users"] = (w, a) => Id((w.FindAccount(Text(a, "login")) ?? w.AddAccount(Text(a, "login"), Flag(a, "bot", false))).Id);
        verbs["issues"] = (w, a) => Number(w.OpenIssue(Text(a, "repository"), Text(a, "by"), Text(a, "title"), Text(a, "body", ""), Flag(a, "confidential", false), [.. Texts(a, "labels")]).Iid);
        verbs["comments"] = (w, a) => Id((Flag(a, "merge", false) ? w.CommentMerge(Text(a, "repository"), Long(a, "number"), Text(a, "by"), Text(a, "body")) : w.Comment(Text(a, "repository"), Long(a, "number"), Text(a, "by"), Text(a, "body")))?.Id ?? 0);
        verbs["edit-comment"] = (w, a) => Done(() => w.EditNote(Note(w, a), w.Person(Text(a, "by")), Text(a, "body")));
        verbs["delete-comment"] = (w, a) => Done(() => w.DeleteNote(Note(w, a), w.Person(Text(a, "by"))));
        verbs["labels"] = (w, a) => Done(() => w.AddLabels(On(w, a), w.Person(Text(a, "by")), Texts(a, "labels")));
        verbs["unlabel"] = (w, a) => Done(() => w.RemoveLabel(On(w, a), w.Person(Text(a, "by")), Text(a, "label")));
        verbs["edit-issue"] = (w, a) => Done(() => w.Edit(On(w, a), w.Person(Text(a, "by")), Maybe(a, "title"), Maybe(a, "body"), Maybe(a, "state")));
        verbs["pulls"] = (w, a) => Number(w.OpenMerge(w.Project(Text(a, "repository")), w.Person(Text(a, "by")), Text(a, "title"), Text(a, "body", ""), Text(a, "head"), Text(a, "base", "main")).Iid);
        verbs["merge"] = (w, a) => Done(() => w.Accept(w.Merge(Text(a, "repository"), Long(a, "number")), w.Person(Text(a, "by"))));
        verbs["pushes"] = (w, a) => new JsonObject { ["commit"] = w.Push(Text(a, "repository"), Text(a, "by"), Text(a, "branch"), Files(a), Text(a, "message", "Change")) };
        verbs["delete-branch"] = (w, a) => Done(() => w.DeleteBranch(Text(a, "repository"), Text(a, "branch"), Text(a, "by")));
        verbs["pipelines"] = (w, a) => Done(() => w.RunPipeline(Text(a, "repository"), Text(a, "branch"), Text(a, "status"), Text(a, "by")));
        verbs["permissions"] = (w, a) => Done(() => w.Grant(Text(a, "repository"), Text(a, "login"), (int)Long(a, "level")));
        verbs["block"] = (w, a) => Done(() => w.Block(Text(a, "login"), Flag(a, "blocked", true)));
        verbs["rename"] = (w, a) => Done(() => w.Rename(Text(a, "login"), Text(a, "to")));
        verbs["protect"] = (w, a) => Done(() => w.Protect(Text(a, "repository"), Text(a, "branch"), (int)(a["push"]?.GetValue<long>() ?? 40)));
        verbs["archive"] = (w, a) => Done(() => w.Project(Text(a, "repository")).Archived = true);
        verbs["delete"] = (w, a) => Done(() => w.Project(Text(a, "repository")).Deleted = true);
        verbs["transfer"] = (w, a) => Done(() => w.Transfer(Text(a, "repository"), Text(a, "to")));
        verbs["token"] = (w, a) => Done(() => ChangeToken(w, a));
        verbs["network"] = (_, a) => Done(() => gitlab.Webhooks.Network = Enum.Parse<Network>(Text(a, "state"), ignoreCase: true));
        verbs["webhook"] = (_, a) => Done(() => gitlab.SendWebhooksTo(Maybe(a, "url"), Maybe(a, "secret"), Maybe(a, "signingToken")));
        verbs["send"] = (w, a) => Send(gitlab, w, a);
        verbs.Reading("deliveries", () => new JsonArray([.. gitlab.Webhooks.Deliveries.Select(d => new JsonObject { ["id"] = d.Id, ["key"] = d.Headers["Idempotency-Key"], ["event"] = d.Event, ["status"] = d.StatusCode, ["forced"] = d.Forced })]));
        verbs.Reading("state", () => List(gitlab.Do(WorldView.Lines)));
        return verbs;
    }

    private static Noteable On(GitLabWorld world, JsonObject a) =>
        Flag(a, "merge", false) ? world.Merge(Text(a, "repository"), Long(a, "number")) : world.Issue(Text(a, "repository"), Long(a, "number"));

    private static Note Note(GitLabWorld world, JsonObject a) => GitLabWorld.FindNote(world.Project(Text(a, "repository")), Long(a, "comment")) ?? throw new KeyNotFoundException("There is no such note.");

    private static JsonObject CreateProject(GitLabWorld world, JsonObject a)
    {
        Project project = world.CreateProject(Text(a, "repository"), FirstFiles(a), Text(a, "visibility", "private"), (int)(a["botLevel"]?.GetValue<long>() ?? 30));
        return new JsonObject { ["id"] = project.Id, ["cloneUrl"] = $"/{project.FullPath}.git" };
    }

    private static void ChangeToken(GitLabWorld world, JsonObject a)
    {
        world.Token.Revoked = Flag(a, "revoked", world.Token.Revoked);
        world.Token.ExpiresAt = Maybe(a, "expires") is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : world.Token.ExpiresAt;
        if (a["scopes"] is JsonArray)
        {
            world.Token.Scopes.Clear();
            world.Token.Scopes.UnionWith(Texts(a, "scopes"));
        }
    }

    private static JsonObject Send(GitLabDouble gitlab, GitLabWorld world, JsonObject a)
    {
        Project project = world.Project(Text(a, "repository"));
        foreach (Hook hook in project.Hooks)
        {
            gitlab.Webhooks.Send(project, hook, Text(a, "trigger"), (JsonObject)(a["payload"]?.DeepClone() ?? new JsonObject()));
        }

        return [];
    }
}
