using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Pull requests and the comments on their lines.</summary>
internal static class PullRoutes
{
    public static void Add(RouteTable routes)
    {
        routes.Add("GET /repos/{owner}/{repo}/pulls", "pull_requests:read", List);
        routes.Add("POST /repos/{owner}/{repo}/pulls", "pull_requests:write", Create);
        routes.Add("GET /repos/{owner}/{repo}/pulls/{pull_number}", "pull_requests:read", c => With(c, i => Answer.Ok(c.Shapes.Pull(i))));
        routes.Add("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", "pull_requests:write", c => With(c, i => Edit(c, i)));
        routes.Add("GET /repos/{owner}/{repo}/pulls/{pull_number}/files", "pull_requests:read", c => With(c, i => Files(c, i)));
        routes.Add("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews", "pull_requests:read", c => With(c, _ => c.Page(Array.Empty<int>(), _ => new JsonObject())));
        routes.Add("GET /repos/{owner}/{repo}/pulls/{pull_number}/comments", "pull_requests:read", c => With(c, i => c.Page(i.Pull!.ReviewComments, c.Shapes.ReviewComment)));
        routes.Add("POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies", "pull_requests:write", c => With(c, i => Reply(c, i)));
    }

    private static Answer With(RestCall call, Func<Issue, Answer> serve) => call.Repository.Find(call.Number("pull_number")) is { Pull: not null } issue ? serve(issue) : Refusal.NotFound;

    private static Answer List(RestCall call)
    {
        string state = call.Query["state"].ToString() is { Length: > 0 } asked ? asked : "open";
        string[] head = call.Query["head"].ToString().Split(':', 2);
        string into = call.Query["base"].ToString();
        IEnumerable<Issue> pulls = call.Repository.Issues.Where(i => i.Pull is not null && i.Seen() && (state == "all" || i.State == state) && (into.Length == 0 || i.Pull.Base == into))
            .Where(i => head.Length < 2 || (i.Pull!.Head == head[1] && string.Equals(i.Pull.HeadRepository?.Owner.Login, head[0], StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(i => i.Number);
        return call.Page(pulls, call.Shapes.Pull);
    }

    private static Answer Create(RestCall call)
    {
        string head = call.Text("head") ?? "";
        string into = call.Text("base") ?? "";
        if (head.Split(':', 2) is [var owner, var branch])
        {
            if (!owner.Equals(call.Repository.Owner.Login, StringComparison.OrdinalIgnoreCase))
            {
                return Refusal.Invalid("PullRequest", "head", "invalid");
            }

            head = branch;
        }

        string? tip = call.Repository.Git.Head(head);
        string? under = call.Repository.Git.Head(into);
        if (tip is null || under is null)
        {
            return Refusal.Invalid("PullRequest", tip is null ? "head" : "base", "invalid");
        }

        if (call.Repository.Issues.Exists(i => i.Pull is { } p && i.ClosedAt is null && p.HeadRepository == call.Repository && p.Head == head && p.Base == into))
        {
            return Refusal.Invalid("PullRequest", null, "custom", $"A pull request already exists for {call.Repository.Owner.Login}:{head}.");
        }

        if (call.Repository.Git.Ahead(tip, under) == 0)
        {
            return Refusal.Invalid("PullRequest", null, "custom", $"No commits between {into} and {head}");
        }

        bool draft = call.Body["draft"]?.GetValue<bool>() ?? false;
        if (draft && !call.Repository.AllowsDrafts)
        {
            return Refusal.Error(422, "Draft pull requests are not supported in this repository.");
        }

        string title = call.Text("title") ?? "";
        if (string.IsNullOrWhiteSpace(title) || title.Length > 256 || call.Text("body") is { Length: > 65_536 })
        {
            return Refusal.Invalid("PullRequest", title.Length is 0 or > 256 ? "title" : "body", title.Length == 0 ? "missing_field" : "custom", "is too long");
        }

        return Answer.Created(call.Shapes.Pull(call.World.OpenPull(call.Repository, call.Actor, title, call.Text("body") ?? "", head, into, draft)));
    }

    private static Answer Edit(RestCall call, Issue issue)
    {
        if (call.Text("base") is { } into)
        {
            if (call.Repository.Git.Head(into) is null)
            {
                return Refusal.Invalid("PullRequest", "base", "invalid");
            }

            issue.Pull!.Base = into;
        }

        if (call.Text("state") == "open" && issue.ClosedAt is not null && (issue.Pull!.MergedAt is not null || call.Repository.Git.Head(issue.Pull.Head) is null))
        {
            return Refusal.Invalid("PullRequest", "state", "custom", "state cannot be changed.");
        }

        call.World.EditIssue(issue, call.Actor, call.Text("title"), call.Text("body"), call.Text("state"));
        return Answer.Ok(call.Shapes.Pull(issue));
    }

    private static Answer Files(RestCall call, Issue issue)
    {
        Commit? into = call.Repository.Git.Commit(call.Repository.Git.Head(issue.Pull!.Base) ?? "");
        if (call.Repository.Git.Commit(issue.Pull.HeadSha) is not { } head)
        {
            return Refusal.NotFound;
        }

        Commit? start = into is null ? null : call.Repository.Git.Objects.FindMergeBase(into, head);
        using TreeChanges changes = call.Repository.Git.Changes(start?.Tree, head.Tree);
        return call.Page(changes.ToList(), c => new JsonObject
        {
            ["sha"] = c.Oid.Sha,
            ["filename"] = c.Path,
            ["status"] = c.Status switch { ChangeKind.Added => "added", ChangeKind.Deleted => "removed", ChangeKind.Renamed => "renamed", _ => "modified" },
            ["additions"] = 1,
            ["deletions"] = 0,
            ["changes"] = 1,
            ["blob_url"] = $"{call.Shapes.Web}/{call.Repository.FullName}/blob/{head.Sha}/{c.Path}",
            ["raw_url"] = $"{call.Shapes.Web}/{call.Repository.FullName}/raw/{head.Sha}/{c.Path}",
            ["contents_url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/contents/{c.Path}?ref={head.Sha}",
        });
    }

    private static Answer Reply(RestCall call, Issue issue)
    {
        if (issue.Pull!.ReviewComments.Find(c => c.Id == call.Number("comment_id")) is not { } first)
        {
            return Refusal.NotFound;
        }

        return Answer.Created(call.Shapes.ReviewComment(call.World.AddReviewComment(issue, call.Actor, first.Path, first.Line, call.Text("body") ?? "", first.Id)));
    }
}
