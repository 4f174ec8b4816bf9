using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary>The graph's two entrances for one caller.</summary>
internal sealed class GraphRoot(GitHubWorld world, Shapes shapes, Caller caller)
{
    private readonly GraphNodes _nodes = new(world, shapes, caller);

    /// <summary>What can be asked.</summary>
    public GraphNode Query() => new("Query")
    {
        ["repository"] = a => Repository(a.Text("owner") ?? "", a.Text("name") ?? "", a.Values.GetValueOrDefault("followRenames") is not false),
        ["viewer"] = _ => _nodes.User(world.Bot),
        ["user"] = a => world.Accounts.TryGetValue(a.Text("login") ?? "", out Account? account) ? _nodes.User(account) : throw new GraphRefusal("NOT_FOUND", $"Could not resolve to a User with the login of '{a.Text("login")}'."),
        ["rateLimit"] = _ => new GraphNode("RateLimit")
        {
            ["cost"] = _ => 1,
            ["limit"] = _ => 5000,
            ["remaining"] = _ => 4999,
            ["used"] = _ => 1,
            ["nodeCount"] = _ => 0,
            ["resetAt"] = _ => Shapes.Stamp(world.Now.AddHours(1)),
        },
        ["node"] = a => _nodes.ById(a.Text("id") ?? "") ?? throw new GraphRefusal("NOT_FOUND", $"Could not resolve to a node with the global id of '{a.Text("id")}'"),
        ["nodes"] = a => (a.Texts("ids") ?? []).Select(_nodes.ById).ToList(),
    };

    /// <summary>What can be done.</summary>
    public GraphNode Mutation() => new("Mutation")
    {
        ["createCommitOnBranch"] = a => CommitMutation.Run(world, caller, _nodes, a.Members("input") ?? new Dictionary<string, object?>()),
        ["markPullRequestReadyForReview"] = a => Ready(a.Members("input")?["pullRequestId"]?.ToString() ?? "", draft: false, "MarkPullRequestReadyForReviewPayload"),
        ["convertPullRequestToDraft"] = a => Ready(a.Members("input")?["pullRequestId"]?.ToString() ?? "", draft: true, "ConvertPullRequestToDraftPayload"),
    };

    private GraphNode Repository(string owner, string name, bool followRenames)
    {
        ForgeRepository? repository = world.Find($"{owner}/{name}") ?? (followRenames && world.Moved.TryGetValue($"{owner}/{name}", out ForgeRepository? moved) && !moved.Deleted ? moved : null);
        if (repository is null || Gatekeeper.Refuse(caller, "metadata:read", repository, writes: false) is not null)
        {
            throw new GraphRefusal("NOT_FOUND", $"Could not resolve to a Repository with the name '{owner}/{name}'.");
        }

        return _nodes.Repository(repository);
    }

    private GraphNode Ready(string id, bool draft, string payload)
    {
        Issue issue = world.Repositories.SelectMany(r => r.Issues).FirstOrDefault(i => i.Pull is not null && Shapes.NodeId("PR", i.Id) == id) ?? throw new GraphRefusal("NOT_FOUND", $"Could not resolve to a node with the global id of '{id}'");
        if (Gatekeeper.Refuse(caller, "pull_requests:write", issue.Repository, writes: true) is not null)
        {
            throw new GraphRefusal("FORBIDDEN", "Resource not accessible by integration");
        }

        if (draft && !issue.Repository.AllowsDrafts)
        {
            throw new GraphRefusal("UNPROCESSABLE", "Draft pull requests are not supported in this repository.");
        }

        if (issue.Pull!.Draft != draft)
        {
            issue.Pull.Draft = draft;
            world.Effect("pull_request-edit", issue.Repository, "#" + issue.Number, draft ? "draft" : "ready", world.Bot);
            world.Payloads?.Issue(draft ? "converted_to_draft" : "ready_for_review", issue, world.Bot);
        }

        return new GraphNode(payload) { ["pullRequest"] = _ => _nodes.Pull(issue), ["clientMutationId"] = _ => null };
    }
}
