using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub.World;

using Commit = LibGit2Sharp.Commit;

namespace AgentWorkflow.Rig.GitHub.Webhooks;

/// <summary>Makes the payloads of events and hands them to the outbox, where the app is installed and listens.</summary>
internal sealed class PayloadShapes(GitHubWorld world, Shapes shapes, SchemaBook schemas, SchemaFill fill, Outbox outbox)
{
    private static readonly string Nothing = new('0', 40);

    public void Installation(string action, Installation installation)
    {
        JsonObject shape = shapes.Installation(installation);
        shape["created_at"] = installation.CreatedAt.ToUnixTimeSeconds();
        shape["updated_at"] = (installation.SuspendedAt ?? installation.CreatedAt).ToUnixTimeSeconds();
        outbox.Send("installation", new JsonObject
        {
            ["action"] = action,
            ["installation"] = Filled("installation", shape),
            ["sender"] = Filled("simple-user", shapes.User(installation.Account)),
            ["repositories"] = new JsonArray([.. world.Repositories.Where(installation.Covers).Select(r => new JsonObject { ["id"] = r.Id, ["node_id"] = Shapes.NodeId("R", r.Id), ["name"] = r.Name, ["full_name"] = r.FullName, ["private"] = r.Private })]),
            ["requester"] = null,
        }, installation.Id);
    }

    public void Repository(string action, ForgeRepository repository) => Send("repository", action, repository, repository.Owner, []);

    public void Issue(string action, Issue issue, Account by, Label? label = null, Account? assignee = null, string? before = null)
    {
        JsonObject payload = new() { ["number"] = issue.Number };
        if (issue.Pull is null)
        {
            payload = new JsonObject { ["issue"] = Filled("issue", shapes.Issue(issue)) };
        }
        else
        {
            payload["pull_request"] = Filled("pull-request", shapes.Pull(issue));
        }

        if (label is not null)
        {
            payload["label"] = shapes.Label(issue.Repository, label);
        }

        if (assignee is not null)
        {
            payload["assignee"] = Filled("simple-user", shapes.User(assignee));
        }

        if (action == "edited")
        {
            payload["changes"] = new JsonObject { ["body"] = new JsonObject { ["from"] = "" } };
        }

        if (action == "synchronize")
        {
            payload["before"] = before;
            payload["after"] = issue.Pull?.HeadSha;
        }

        Send(issue.Pull is null ? "issues" : "pull_request", action, issue.Repository, by, payload);
    }

    public void Comment(string action, Comment comment, Account by, string? before = null)
    {
        JsonObject payload = new() { ["issue"] = Filled("issue", shapes.Issue(comment.Issue)), ["comment"] = Filled("issue-comment", shapes.Comment(comment, world)) };
        if (before is not null)
        {
            payload["changes"] = new JsonObject { ["body"] = new JsonObject { ["from"] = before } };
        }

        Send("issue_comment", action, comment.Issue.Repository, by, payload);
    }

    public void ReviewComment(string action, ReviewComment comment, Account by) =>
        Send("pull_request_review_comment", action, comment.Issue.Repository, by, new JsonObject { ["comment"] = shapes.ReviewComment(comment), ["pull_request"] = Filled("pull-request", shapes.Pull(comment.Issue)) });

    public void Check(string action, ForgeRepository repository, CheckRun check, Account by) =>
        Send("check_run", action, repository, by, new JsonObject { ["check_run"] = Filled("check-run", shapes.Check(repository, check, world)) });

    public void Push(ForgeRepository repository, string name, string? before, string? after, Account by)
    {
        Commit? head = after is null ? null : repository.Git.Commit(after);
        JsonArray commits = [];
        if (head is not null && name.StartsWith("refs/heads/", StringComparison.Ordinal) && before != after)
        {
            commits.Add(Pushed(repository, head));
        }

        JsonObject payload = new()
        {
            ["ref"] = name,
            ["before"] = before ?? Nothing,
            ["after"] = after ?? Nothing,
            ["base_ref"] = null,
            ["compare"] = $"{shapes.Web}/{repository.FullName}/compare/{before?[..12]}...{after?[..12]}",
            ["created"] = before is null,
            ["deleted"] = after is null,
            ["forced"] = before is not null && after is not null && !repository.Git.IsAncestor(before, after),
            ["commits"] = commits,
            ["head_commit"] = head is null ? null : Pushed(repository, head),
            ["pusher"] = new JsonObject { ["name"] = by.Login, ["email"] = $"{by.Login}@users.noreply.github.com" },
        };
        Send("push", null, repository, by, payload);
    }

    private static JsonObject Person(LibGit2Sharp.Signature who) => new() { ["name"] = who.Name, ["email"] = who.Email, ["username"] = who.Name };

    private JsonObject Pushed(ForgeRepository repository, Commit commit)
    {
        using LibGit2Sharp.TreeChanges changes = repository.Git.Changes(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        return new JsonObject
        {
            ["id"] = commit.Sha,
            ["tree_id"] = commit.Tree.Sha,
            ["distinct"] = true,
            ["message"] = commit.Message,
            ["timestamp"] = Shapes.Stamp(commit.Author.When),
            ["url"] = $"{shapes.Web}/{repository.FullName}/commit/{commit.Sha}",
            ["author"] = Person(commit.Author),
            ["committer"] = Person(commit.Committer),
            ["added"] = Shapes.Texts(changes.Added.Select(c => c.Path)),
            ["removed"] = Shapes.Texts(changes.Deleted.Select(c => c.Path)),
            ["modified"] = Shapes.Texts(changes.Modified.Select(c => c.Path)),
        };
    }

    private void Send(string name, string? action, ForgeRepository repository, Account by, JsonObject payload)
    {
        Installation? installation = world.Installations.Find(i => i.App == world.App && i.Covers(repository));
        if (installation is null || installation.SuspendedAt is not null || !world.AppEvents.Contains(name))
        {
            return;
        }

        JsonObject whole = [];
        if (action is not null)
        {
            whole["action"] = action;
        }

        foreach ((string member, JsonNode? value) in payload.ToList())
        {
            payload.Remove(member);
            whole[member] = value;
        }

        whole["repository"] = Filled("full-repository", RepositoryOf(repository, name));
        if (repository.Owner.Type == "Organization")
        {
            whole["organization"] = Organization(repository.Owner);
        }

        whole["sender"] = Filled("simple-user", shapes.User(by));
        whole["installation"] = new JsonObject { ["id"] = installation.Id, ["node_id"] = Shapes.NodeId("I", installation.Id) };
        outbox.Send(name, whole, installation.Id, repository.Id);
    }

    private JsonObject Organization(Account owner)
    {
        string url = $"{shapes.Api}/orgs/{owner.Login}";
        return new JsonObject
        {
            ["login"] = owner.Login,
            ["id"] = owner.Id,
            ["node_id"] = Shapes.NodeId("O", owner.Id),
            ["url"] = url,
            ["repos_url"] = url + "/repos",
            ["events_url"] = url + "/events",
            ["hooks_url"] = url + "/hooks",
            ["issues_url"] = url + "/issues",
            ["members_url"] = url + "/members{/member}",
            ["public_members_url"] = url + "/public_members{/member}",
            ["avatar_url"] = $"{shapes.Web}/avatars/u/{owner.Id}",
            ["description"] = "",
        };
    }

    // Payloads of pushes and installations say times as numbers; everything else says them as texts.
    private JsonObject RepositoryOf(ForgeRepository repository, string name)
    {
        JsonObject shape = shapes.Repository(repository);
        shape["custom_properties"] = new JsonObject();
        if (name == "push")
        {
            shape["created_at"] = repository.CreatedAt.ToUnixTimeSeconds();
            shape["pushed_at"] = repository.CreatedAt.ToUnixTimeSeconds();
            shape["stargazers"] = 0;
            shape["master_branch"] = repository.DefaultBranch;
        }

        return shape;
    }

    private JsonNode? Filled(string schema, JsonObject shape) => fill.Fill(schemas[schema], shape);
}
