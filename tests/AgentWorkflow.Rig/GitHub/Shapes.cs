using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;

using LibGit2Sharp;

using Label = AgentWorkflow.Rig.GitHub.World.Label;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>The JSON of things: the members that matter; the schema's others are filled in when they are sent.</summary>
internal sealed class Shapes(string api, string web, GitHubWorld owner)
{
    public string Api => api;

    public string Web => web;

    public static string NodeId(string kind, long id) => $"{kind}_{Convert.ToBase64String(Encoding.ASCII.GetBytes($"{kind}:{id}")).TrimEnd('=')}";

    public JsonObject User(Account account) => new()
    {
        ["login"] = account.Login,
        ["id"] = account.Id,
        ["node_id"] = NodeId(account.Type[0].ToString(), account.Id),
        ["type"] = account.Type,
        ["site_admin"] = false,
        ["gravatar_id"] = "",
        ["avatar_url"] = $"{web}/avatars/u/{account.Id}",
        ["url"] = $"{api}/users/{Uri.EscapeDataString(account.Login)}",
        ["html_url"] = $"{web}/{account.Login}",
        ["followers_url"] = $"{api}/users/{account.Login}/followers",
        ["repos_url"] = $"{api}/users/{account.Login}/repos",
    };

    public JsonObject App(ForgeApp app) => new()
    {
        ["id"] = app.Id,
        ["slug"] = app.Slug,
        ["node_id"] = NodeId("A", app.Id),
        ["client_id"] = "Iv1.0000000000000001",
        ["name"] = app.Slug,
        ["description"] = "",
        ["owner"] = User(app.Owner),
        ["external_url"] = web,
        ["html_url"] = $"{web}/apps/{app.Slug}",
        ["created_at"] = "2026-01-01T00:00:00Z",
        ["updated_at"] = "2026-01-01T00:00:00Z",
        ["permissions"] = Permissions(app.Permissions),
        ["events"] = Texts(EventsOf(app).Order(StringComparer.Ordinal)),
    };

    public JsonObject Installation(Installation installation) => new()
    {
        ["id"] = installation.Id,
        ["account"] = User(installation.Account),
        ["repository_selection"] = installation.Repositories is null ? "all" : "selected",
        ["access_tokens_url"] = $"{api}/app/installations/{installation.Id}/access_tokens",
        ["repositories_url"] = $"{api}/installation/repositories",
        ["html_url"] = $"{web}/organizations/{installation.Account.Login}/settings/installations/{installation.Id}",
        ["app_id"] = installation.App.Id,
        ["app_slug"] = installation.App.Slug,
        ["target_id"] = installation.Account.Id,
        ["target_type"] = installation.Account.Type,
        ["permissions"] = Permissions(installation.Permissions),
        ["events"] = Texts(EventsOf(installation.App).Order(StringComparer.Ordinal)),
        ["created_at"] = Stamp(installation.CreatedAt),
        ["updated_at"] = Stamp(installation.SuspendedAt ?? installation.CreatedAt),
        ["single_file_name"] = null,
        ["suspended_by"] = installation.SuspendedAt is null ? null : User(installation.Account),
        ["suspended_at"] = Stamp(installation.SuspendedAt),
    };

    public static JsonObject Permissions(IEnumerable<KeyValuePair<string, string>> permissions) => new(permissions.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    public JsonObject Repository(ForgeRepository repository) => new()
    {
        ["id"] = repository.Id,
        ["node_id"] = NodeId("R", repository.Id),
        ["name"] = repository.Name,
        ["full_name"] = repository.FullName,
        ["owner"] = User(repository.Owner),
        ["private"] = repository.Private,
        ["visibility"] = repository.Private ? "private" : "public",
        ["html_url"] = $"{web}/{repository.FullName}",
        ["url"] = $"{api}/repos/{repository.FullName}",
        ["description"] = repository.Description,
        ["fork"] = false,
        ["clone_url"] = $"{web}/{repository.FullName}.git",
        ["git_url"] = $"{web}/{repository.FullName}.git",
        ["ssh_url"] = $"git@localhost:{repository.FullName}.git",
        ["svn_url"] = $"{web}/{repository.FullName}",
        ["default_branch"] = repository.DefaultBranch,
        ["archived"] = repository.Archived,
        ["disabled"] = false,
        ["has_issues"] = true,
        ["has_projects"] = false,
        ["has_wiki"] = false,
        ["has_pages"] = false,
        ["has_downloads"] = true,
        ["is_template"] = false,
        ["size"] = 1,
        ["stargazers_count"] = 0,
        ["watchers_count"] = 0,
        ["forks_count"] = 0,
        ["open_issues_count"] = repository.Issues.Count(i => i.ClosedAt is null),
        ["topics"] = Texts(repository.Topics),
        ["language"] = repository.Languages.Keys.FirstOrDefault(),
        ["license"] = null,
        ["created_at"] = Stamp(repository.CreatedAt),
        ["updated_at"] = Stamp(repository.CreatedAt),
        ["pushed_at"] = Stamp(repository.PushedAt ?? repository.CreatedAt),
        ["homepage"] = null,
        ["mirror_url"] = null,
        ["web_commit_signoff_required"] = false,
    };

    public JsonObject Milestone(ForgeRepository repository, int number)
    {
        string url = $"{api}/repos/{repository.FullName}/milestones/{number}";
        return new JsonObject
        {
            ["id"] = (repository.Id * 100) + number,
            ["node_id"] = NodeId("MI", (repository.Id * 100) + number),
            ["number"] = number,
            ["title"] = repository.Milestones[number - 1],
            ["description"] = null,
            ["state"] = "open",
            ["creator"] = User(owner.Creator.Bot),
            ["open_issues"] = repository.Issues.Count(i => i.Milestone == number && i.ClosedAt is null),
            ["closed_issues"] = repository.Issues.Count(i => i.Milestone == number && i.ClosedAt is not null),
            ["created_at"] = Stamp(repository.CreatedAt),
            ["updated_at"] = Stamp(repository.CreatedAt),
            ["closed_at"] = null,
            ["due_on"] = null,
            ["url"] = url,
            ["html_url"] = $"{web}/{repository.FullName}/milestone/{number}",
            ["labels_url"] = url + "/labels",
        };
    }

    public JsonObject Issue(Issue issue)
    {
        string url = $"{api}/repos/{issue.Repository.FullName}/issues/{issue.Number}";
        JsonObject shape = new()
        {
            ["id"] = issue.Id,
            ["node_id"] = NodeId(issue.Pull is null ? "I" : "PR", issue.Id),
            ["number"] = issue.Number,
            ["title"] = issue.Title,
            ["body"] = issue.Body,
            ["state"] = issue.State,
            ["state_reason"] = null,
            ["locked"] = issue.Locked,
            ["user"] = User(issue.Author),
            ["labels"] = new JsonArray([.. issue.Labels.Select(l => Label(issue.Repository, issue.Repository.Labels[l]))]),
            ["assignee"] = issue.Assignees.Count > 0 ? User(issue.Assignees[0]) : null,
            ["assignees"] = new JsonArray([.. issue.Assignees.Select(User)]),
            ["milestone"] = issue.Milestone is { } number ? Milestone(issue.Repository, number) : null,
            ["comments"] = issue.Comments.Count,
            ["author_association"] = AuthorAssociation(),
            ["created_at"] = Stamp(issue.CreatedAt),
            ["updated_at"] = Stamp(issue.UpdatedAt),
            ["closed_at"] = Stamp(issue.ClosedAt),
            ["active_lock_reason"] = null,
            ["performed_via_github_app"] = null,
            ["url"] = url,
            ["repository_url"] = $"{api}/repos/{issue.Repository.FullName}",
            ["labels_url"] = url + "/labels{/name}",
            ["comments_url"] = url + "/comments",
            ["events_url"] = url + "/events",
            ["html_url"] = Page(issue),
        };
        if (issue.Pull is not null)
        {
            string pull = $"{api}/repos/{issue.Repository.FullName}/pulls/{issue.Number}";
            shape["pull_request"] = new JsonObject { ["url"] = pull, ["html_url"] = Page(issue), ["diff_url"] = Page(issue) + ".diff", ["patch_url"] = Page(issue) + ".patch", ["merged_at"] = Stamp(issue.Pull.MergedAt) };
            shape["draft"] = issue.Pull.Draft;
        }

        return shape;
    }

    public JsonObject Pull(Issue issue)
    {
        PullRequest pull = issue.Pull ?? throw new ArgumentException("An issue is no pull request.", nameof(issue));
        string url = $"{api}/repos/{issue.Repository.FullName}/pulls/{issue.Number}";
        int commits = issue.Repository.Git.Head(pull.Base) is { } into && issue.Repository.Git.Commit(pull.HeadSha) is not null ? issue.Repository.Git.Ahead(pull.HeadSha, into) : 0;
        JsonObject shape = Issue(issue);
        shape.Remove("pull_request");
        foreach (string name in new[] { "performed_via_github_app", "repository_url", "labels_url", "events_url", "state_reason" })
        {
            shape.Remove(name);
        }

        shape["id"] = pull.Id;
        shape["url"] = url;
        shape["issue_url"] = $"{api}/repos/{issue.Repository.FullName}/issues/{issue.Number}";
        shape["diff_url"] = Page(issue) + ".diff";
        shape["patch_url"] = Page(issue) + ".patch";
        shape["draft"] = pull.Draft;
        shape["requested_reviewers"] = new JsonArray();
        shape["requested_teams"] = new JsonArray();
        shape["merged"] = pull.MergedAt is not null;
        shape["merged_at"] = Stamp(pull.MergedAt);
        shape["mergeable"] = true;
        shape["mergeable_state"] = "clean";
        shape["rebaseable"] = true;
        shape["maintainer_can_modify"] = false;
        shape["review_comments"] = pull.ReviewComments.Count;
        shape["commits"] = commits;
        shape["head"] = End(pull.HeadRepository, pull.Head, pull.HeadSha);
        shape["base"] = End(issue.Repository, pull.Base, issue.Repository.Git.Head(pull.Base) ?? new string('0', 40));
        return shape;
    }

    public JsonObject Comment(Comment comment, GitHubWorld world) => new()
    {
        ["id"] = comment.Id,
        ["node_id"] = NodeId("IC", comment.Id),
        ["url"] = $"{api}/repos/{comment.Issue.Repository.FullName}/issues/comments/{comment.Id}",
        ["html_url"] = $"{Page(comment.Issue)}#issuecomment-{comment.Id}",
        ["issue_url"] = $"{api}/repos/{comment.Issue.Repository.FullName}/issues/{comment.Issue.Number}",
        ["user"] = User(comment.Author),
        ["body"] = comment.Body,
        ["created_at"] = Stamp(comment.CreatedAt),
        ["updated_at"] = Stamp(comment.UpdatedAt),
        ["author_association"] = AuthorAssociation(),
        ["performed_via_github_app"] = comment.Author == world.Bot || comment.ThroughAnApp ? App(world.App) : null,
    };

    public JsonObject ReviewComment(ReviewComment comment)
    {
        string url = $"{api}/repos/{comment.Issue.Repository.FullName}/pulls/comments/{comment.Id}";
        JsonObject shape = new()
        {
            ["id"] = comment.Id,
            ["node_id"] = NodeId("PRRC", comment.Id),
            ["url"] = url,
            ["html_url"] = $"{Page(comment.Issue)}#discussion_r{comment.Id}",
            ["pull_request_url"] = $"{api}/repos/{comment.Issue.Repository.FullName}/pulls/{comment.Issue.Number}",
            ["pull_request_review_id"] = comment.Id,
            ["user"] = User(comment.Author),
            ["body"] = comment.Body,
            ["path"] = comment.Path,
            ["line"] = comment.Line,
            ["side"] = "RIGHT",
            ["commit_id"] = comment.Issue.Pull?.HeadSha,
            ["original_commit_id"] = comment.Issue.Pull?.HeadSha,
            ["diff_hunk"] = $"@@ -0,0 +{comment.Line} @@",
            ["created_at"] = Stamp(comment.CreatedAt),
            ["updated_at"] = Stamp(comment.CreatedAt),
            ["author_association"] = AuthorAssociation(),
            ["_links"] = new JsonObject { ["self"] = new JsonObject { ["href"] = url }, ["html"] = new JsonObject { ["href"] = url }, ["pull_request"] = new JsonObject { ["href"] = url } },
        };
        if (comment.InReplyTo is { } first)
        {
            shape["in_reply_to_id"] = first;
        }

        return shape;
    }

    public JsonObject Label(ForgeRepository repository, Label label) => new()
    {
        ["id"] = label.Id,
        ["node_id"] = NodeId("LA", label.Id),
        ["url"] = $"{api}/repos/{repository.FullName}/labels/{Uri.EscapeDataString(label.Name)}",
        ["name"] = label.Name,
        ["color"] = label.Color,
        ["default"] = false,
        ["description"] = label.Description ?? "",
    };

    public JsonObject Reaction(Reaction reaction) => new()
    {
        ["id"] = reaction.Id,
        ["node_id"] = NodeId("REA", reaction.Id),
        ["user"] = User(reaction.Author),
        ["content"] = reaction.Content,
        ["created_at"] = Stamp(reaction.CreatedAt),
    };

    public JsonObject Check(ForgeRepository repository, CheckRun check, GitHubWorld world)
    {
        string url = $"{api}/repos/{repository.FullName}/check-runs/{check.Id}";
        return new JsonObject
        {
            ["id"] = check.Id,
            ["node_id"] = NodeId("CR", check.Id),
            ["name"] = check.Name,
            ["head_sha"] = check.HeadSha,
            ["external_id"] = check.ExternalId ?? "",
            ["url"] = url,
            ["html_url"] = $"{web}/{repository.FullName}/runs/{check.Id}",
            ["details_url"] = check.DetailsUrl ?? web,
            ["status"] = check.Status,
            ["conclusion"] = check.Conclusion,
            ["started_at"] = check.StartedAt,
            ["completed_at"] = check.CompletedAt,
            ["check_suite"] = new JsonObject { ["id"] = check.SuiteId },
            ["app"] = App(world.App),
            ["pull_requests"] = new JsonArray(),
            ["output"] = new JsonObject { ["title"] = check.Title, ["summary"] = check.Summary, ["text"] = check.Text, ["annotations_count"] = check.Annotations.Count, ["annotations_url"] = url + "/annotations" },
        };
    }

    public JsonObject GitCommit(ForgeRepository repository, Commit commit) => new()
    {
        ["sha"] = commit.Sha,
        ["node_id"] = "C_" + commit.Sha,
        ["url"] = $"{api}/repos/{repository.FullName}/git/commits/{commit.Sha}",
        ["html_url"] = $"{web}/{repository.FullName}/commit/{commit.Sha}",
        ["author"] = Person(commit.Author),
        ["committer"] = Person(commit.Committer),
        ["message"] = commit.Message,
        ["tree"] = new JsonObject { ["sha"] = commit.Tree.Sha, ["url"] = $"{api}/repos/{repository.FullName}/git/trees/{commit.Tree.Sha}" },
        ["parents"] = new JsonArray([.. commit.Parents.Select(p => new JsonObject { ["sha"] = p.Sha, ["url"] = $"{api}/repos/{repository.FullName}/git/commits/{p.Sha}", ["html_url"] = $"{web}/{repository.FullName}/commit/{p.Sha}" })]),
        ["verification"] = Verification(repository, commit),
    };

    public JsonObject Commit(ForgeRepository repository, Commit commit)
    {
        JsonObject inner = GitCommit(repository, commit);
        JsonArray parents = (JsonArray)inner["parents"]!.DeepClone();
        foreach (string name in new[] { "sha", "node_id", "html_url", "parents" })
        {
            inner.Remove(name);
        }

        inner["comment_count"] = 0;
        string url = $"{api}/repos/{repository.FullName}/commits/{commit.Sha}";
        return new JsonObject { ["sha"] = commit.Sha, ["node_id"] = "C_" + commit.Sha, ["url"] = url, ["comments_url"] = url + "/comments", ["html_url"] = $"{web}/{repository.FullName}/commit/{commit.Sha}", ["commit"] = inner, ["author"] = null, ["committer"] = null, ["parents"] = parents };
    }

    public static string Stamp(DateTimeOffset time) => GitHubWorld.Stamp(time);

    public static string? Stamp(DateTimeOffset? time) => time is { } there ? GitHubWorld.Stamp(there) : null;

    public string Page(Issue issue) => $"{web}/{issue.Repository.FullName}/{(issue.Pull is null ? "issues" : "pull")}/{issue.Number}";

    private IEnumerable<string> EventsOf(ForgeApp app) =>
        app == owner.App ? owner.AppEvents.Where(e => !e.StartsWith("installation", StringComparison.Ordinal)) : [];

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    private static JsonObject Person(Signature signature) => new() { ["name"] = signature.Name, ["email"] = signature.Email, ["date"] = Stamp(signature.When) };

    private static JsonObject Verification(ForgeRepository repository, Commit commit)
    {
        bool signed = repository.Signed.Contains(commit.Sha);
        return new JsonObject { ["verified"] = signed, ["reason"] = signed ? "valid" : "unsigned", ["signature"] = signed ? "-----BEGIN PGP SIGNATURE-----" : null, ["payload"] = signed ? $"tree {commit.Tree.Sha}" : null, ["verified_at"] = signed ? Stamp(commit.Committer.When) : null };
    }

    private string AuthorAssociation() => owner.AuthorAssociation;

    private JsonObject End(ForgeRepository? repository, string branch, string sha) => new()
    {
        ["label"] = $"{repository?.Owner.Login ?? "unknown"}:{branch}",
        ["ref"] = branch,
        ["sha"] = sha,
        ["user"] = repository is null ? null : User(repository.Owner),
        ["repo"] = repository is null ? null : Repository(repository),
    };
}
