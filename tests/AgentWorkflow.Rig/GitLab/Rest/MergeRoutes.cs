using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Merge requests.</summary>
internal static class MergeRoutes
{
    private const string Base = "/projects/{id}/merge_requests";

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add($"GET {Base}", Need.Read, List);
        add($"POST {Base}", Need.Develop, Create);
        add($"GET {Base}/{{merge_request_iid}}", Need.Read, c => With(c, m => Answer.Ok(c.Shapes.Whole(m))));
        add($"PUT {Base}/{{merge_request_iid}}", Need.Develop, c => With(c, m => Edit(c, m)));
        add($"GET {Base}/{{merge_request_iid}}/commits", Need.Read, c => With(c, m => c.Page(c.Project.Git.Between(m.Sha, c.Project.Git.Head(m.Target)), commit => c.Shapes.Commit(c.Project, commit))));
        add($"GET {Base}/{{merge_request_iid}}/diffs", Need.Read, c => With(c, m => c.Page(Changes(m), d => d)));
        add($"GET {Base}/{{merge_request_iid}}/changes", Need.Read, c => With(c, m => WithChanges(c, m)));
        add($"GET {Base}/{{merge_request_iid}}/approvals", Need.Read, c => With(c, _ => Answer.Ok(new JsonObject { ["approved"] = false, ["approved_by"] = new JsonArray() })));
        add($"PUT {Base}/{{merge_request_iid}}/merge", Need.Develop, c => With(c, m => Accept(c, m)));
    }

    /// <summary>The merge request of the path.</summary>
    public static Answer With(RestCall call, Func<MergeRequest, Answer> serve) =>
        call.Project.Merges.Find(m => m.Iid == call.Number("merge_request_iid")) is { } merge ? serve(merge) : Refusal.NotFound("Merge Request");

    private static Answer List(RestCall call) => call.Page(
        IssueRoutes.Filter(call, call.Project.Merges.Where(m => (call.Asked("source_branch") is not { } source || m.Source == source) && (call.Asked("target_branch") is not { } target || m.Target == target))),
        call.Shapes.Merge);

    private static Answer Create(RestCall call)
    {
        string source = call.Text("source_branch") ?? "";
        string target = call.Text("target_branch") ?? "";
        string title = call.Text("title") ?? "";
        if (source == target)
        {
            return new Answer(422, new JsonObject { ["message"] = new JsonArray("You can't use same project/branch for source and target") });
        }

        if (string.IsNullOrWhiteSpace(title) || title.Length > 255)
        {
            return Refusal.Invalid("title", title.Length > 255 ? "is too long (maximum is 255 characters)" : "can't be blank");
        }

        foreach ((string member, string branch) in new[] { ("source_branch", source), ("target_branch", target) })
        {
            if (call.Project.Git.Head(branch) is null)
            {
                return Refusal.Invalid(member, "does not exist");
            }
        }

        if (call.Project.Merges.Find(m => m.State == "opened" && m.Source == source && m.Target == target) is { } there)
        {
            return new Answer(409, new JsonObject { ["message"] = new JsonArray($"Another open merge request already exists for this source branch: {there.Reference}") });
        }

        MergeRequest merge = call.World.OpenMerge(call.Project, call.Actor, title, call.Text("description") ?? "", source, target);
        merge.RemoveSource = call.Flag("remove_source_branch");
        IssueRoutes.Plan(call, merge);
        return Answer.Created(call.Shapes.Whole(merge));
    }

    private static Answer Edit(RestCall call, MergeRequest merge)
    {
        if (call.Text("target_branch") is { } target)
        {
            if (call.Project.Git.Head(target) is null)
            {
                return Refusal.Invalid("target_branch", "does not exist");
            }

            merge.Target = target;
        }

        if (call.Text("state_event") == "reopen" && call.Project.Git.Head(merge.Source) is null)
        {
            return Refusal.Invalid("source_branch", "does not exist");
        }

        call.World.Edit(merge, call.Actor, call.Text("title"), call.Text("description"), call.Text("state_event"));
        merge.RemoveSource = call.Flag("remove_source_branch", merge.RemoveSource);
        IssueRoutes.Plan(call, merge);
        return Answer.Ok(call.Shapes.Whole(merge));
    }

    private static List<JsonObject> Changes(MergeRequest merge)
    {
        if (Shapes.Ends(merge) is not var (start, head))
        {
            return [];
        }

        using TreeChanges changes = merge.Project.Git.Changes(merge.Project.Git.Commit(start)?.Tree, merge.Project.Git.Commit(head)!.Tree);
        return [.. changes.Select(CommitRoutes.Diff)];
    }

    private static Answer WithChanges(RestCall call, MergeRequest merge)
    {
        JsonObject shape = call.Shapes.Whole(merge);
        shape["changes"] = new JsonArray([.. Changes(merge)]);
        shape["overflow"] = false;
        return Answer.Ok(shape);
    }

    private static Answer Accept(RestCall call, MergeRequest merge)
    {
        if (merge.State != "opened" || merge.Draft)
        {
            return Refusal.Error(405, "405 Method Not Allowed");
        }

        if (call.Text("sha") is { } sha && sha != merge.Sha)
        {
            return Refusal.Error(409, "SHA does not match HEAD of source branch: " + merge.Sha);
        }

        if (call.Project.Protects(merge.Target) is { } rule && (rule.Merge == 0 || call.Project.Level(call.Actor) < rule.Merge))
        {
            return Refusal.Unauthorized;
        }

        call.World.Accept(merge, call.Actor);
        return Answer.Ok(call.Shapes.Whole(merge));
    }
}
