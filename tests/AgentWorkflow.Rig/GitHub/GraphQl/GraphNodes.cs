using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;

using LibGit2Sharp;

using Label = AgentWorkflow.Rig.GitHub.World.Label;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary>The world's things as nodes of the graph. A field that is not here is not served, and a client that asks for it breaks its test.</summary>
internal sealed partial class GraphNodes(GitHubWorld world, Shapes shapes, Caller caller)
{
    public GraphNode User(Account account)
    {
        GraphNode node = new(account.Type)
        {
            ["id"] = _ => Shapes.NodeId(account.Type[0].ToString(), account.Id),
            ["databaseId"] = _ => account.Id,
            ["login"] = _ => account.Login,
            ["name"] = _ => account.Login,
            ["url"] = _ => $"{shapes.Web}/{account.Login}",
            ["avatarUrl"] = _ => $"{shapes.Web}/avatars/u/{account.Id}",
            ["resourcePath"] = _ => "/" + account.Login,
        };
        if (account.Type == "Bot")
        {
            node.Remove("name");
        }

        return node;
    }

    public GraphNode Repository(ForgeRepository repository) => new("Repository")
    {
        ["id"] = _ => Shapes.NodeId("R", repository.Id),
        ["databaseId"] = _ => repository.Id,
        ["name"] = _ => repository.Name,
        ["nameWithOwner"] = _ => repository.FullName,
        ["owner"] = _ => User(repository.Owner),
        ["description"] = _ => repository.Description,
        ["url"] = _ => $"{shapes.Web}/{repository.FullName}",
        ["isPrivate"] = _ => repository.Private,
        ["isArchived"] = _ => repository.Archived,
        ["isDisabled"] = _ => false,
        ["isFork"] = _ => false,
        ["isEmpty"] = _ => repository.Git.Refs().Count == 0,
        ["isLocked"] = _ => false,
        ["visibility"] = _ => repository.Private ? "PRIVATE" : "PUBLIC",
        ["hasIssuesEnabled"] = _ => true,
        ["viewerPermission"] = _ => null,
        ["createdAt"] = _ => Shapes.Stamp(repository.CreatedAt),
        ["pushedAt"] = _ => Shapes.Stamp(repository.CreatedAt),
        ["updatedAt"] = _ => Shapes.Stamp(repository.CreatedAt),
        ["diskUsage"] = _ => 1,
        ["primaryLanguage"] = _ => null,
        ["pullRequestTemplates"] = _ => Templates(repository),
        ["defaultBranchRef"] = _ => Need("contents:read", repository, () => repository.Git.Read("refs/heads/" + repository.DefaultBranch) is { } sha ? Ref(repository, "refs/heads/" + repository.DefaultBranch, sha) : null),
        ["ref"] = a => Need("contents:read", repository, () => FindRef(repository, a.Text("qualifiedName") ?? "")),
        ["refs"] = a => Need("contents:read", repository, () => Connection("RefConnection", "RefEdge", Refs(repository, a), r => Ref(repository, r.Key, r.Value), a)),
        ["object"] = a => Need("contents:read", repository, () => Object(repository, a.Text("expression") ?? a.Text("oid") ?? "")),
        ["issue"] = a => Need("issues:read", repository, () => repository.Find(a.Number("number") ?? 0) is { Pull: null } i ? Issue(i) : throw Missing("Issue", a)),
        ["pullRequest"] = a => Need("pull_requests:read", repository, () => repository.Find(a.Number("number") ?? 0) is { Pull: not null } i ? Pull(i) : throw Missing("PullRequest", a)),
        ["issueOrPullRequest"] = a => Need("issues:read|pull_requests:read", repository, () => repository.Find(a.Number("number") ?? 0) is { } i ? IssueOrPull(i) : throw Missing("issue or pull request", a)),
        ["issues"] = a => Need("issues:read", repository, () => Connection("IssueConnection", "IssueEdge", Filter(repository.Issues.Where(i => i.Pull is null && i.Seen()), a), Issue, a)),
        ["pullRequests"] = a => Need("pull_requests:read", repository, () => Connection("PullRequestConnection", "PullRequestEdge", Filter(repository.Issues.Where(i => i.Pull is not null && i.Seen()), a), Pull, a)),
        ["label"] = a => Need("issues:read|pull_requests:read", repository, () => repository.Labels.TryGetValue(a.Text("name") ?? "", out Label? label) ? LabelNode(repository, label) : null),
        ["labels"] = a => Need("issues:read|pull_requests:read", repository, () => Connection("LabelConnection", "LabelEdge", repository.Labels.Values, l => LabelNode(repository, l), a)),
        ["languages"] = a => Connection("LanguageConnection", "LanguageEdge", repository.Languages.Keys, l => new GraphNode("Language") { ["name"] = _ => l, ["id"] = _ => "LANG_" + l, ["color"] = _ => null }, a),
    };

    /// <summary>A node by its global id: what mutations and <c>node(id:)</c> take.</summary>
    public GraphNode? ById(string id) =>
        Visible().FirstOrDefault(r => Shapes.NodeId("R", r.Id) == id) is { } repository ? Repository(repository)
            : Visible().SelectMany(r => r.Issues).FirstOrDefault(i => Shapes.NodeId(i.Pull is null ? "I" : "PR", i.Id) == id) is { } issue ? IssueOrPull(issue)
            : Visible().SelectMany(r => r.Issues).SelectMany(i => i.Comments).FirstOrDefault(c => Shapes.NodeId("IC", c.Id) == id) is { } comment ? Comment(comment) : null;

    public GraphNode IssueOrPull(Issue issue) => issue.Pull is null ? Issue(issue) : Pull(issue);

    public GraphNode Issue(Issue issue)
    {
        GraphNode node = new("Issue")
        {
            ["state"] = _ => issue.State.ToUpperInvariant(),
            ["stateReason"] = _ => null,

            // The one kind of event that the world keeps.
            ["timelineItems"] = a => Connection("IssueTimelineItemsConnection", "IssueTimelineItemsEdge", issue.LabelEvents, e => Labeled(issue, e), a),
        };
        Talk(node, issue);
        return node;
    }

    private GraphNode Labeled(Issue issue, LabelEvent labeled) => new("LabeledEvent")
    {
        ["createdAt"] = _ => Shapes.Stamp(labeled.At),
        ["actor"] = _ => User(labeled.By),
        ["label"] = _ => LabelNode(issue.Repository, issue.Repository.Labels[labeled.Label]),
    };

    public GraphNode Pull(Issue issue)
    {
        PullRequest pull = issue.Pull ?? throw new ArgumentException("An issue is no pull request.", nameof(issue));
        ForgeRepository repository = issue.Repository;
        GraphNode node = new("PullRequest")
        {
            ["state"] = _ => pull.MergedAt is not null ? "MERGED" : issue.State.ToUpperInvariant(),
            ["isDraft"] = _ => pull.Draft,
            ["merged"] = _ => pull.MergedAt is not null,
            ["mergedAt"] = _ => Shapes.Stamp(pull.MergedAt),
            ["mergeable"] = _ => "MERGEABLE",
            ["headRefName"] = _ => pull.Head,
            ["headRefOid"] = _ => pull.HeadSha,
            ["baseRefName"] = _ => pull.Base,
            ["baseRefOid"] = _ => repository.Git.Head(pull.Base) ?? pull.HeadSha,
            ["isCrossRepository"] = _ => pull.HeadRepository != repository,
            ["headRepository"] = _ => pull.HeadRepository is null ? null : Repository(pull.HeadRepository),
            ["headRepositoryOwner"] = _ => pull.HeadRepository is null ? null : User(pull.HeadRepository.Owner),
            ["baseRepository"] = _ => Repository(repository),
            ["maintainerCanModify"] = _ => false,
            ["headRef"] = _ => pull.HeadRepository?.Git.Read("refs/heads/" + pull.Head) is { } sha ? Ref(pull.HeadRepository, "refs/heads/" + pull.Head, sha) : null,
            ["baseRef"] = _ => repository.Git.Head(pull.Base) is { } into ? Ref(repository, "refs/heads/" + pull.Base, into) : null,
            ["permalink"] = _ => shapes.Page(issue),
            ["reviewDecision"] = _ => null,
            ["commits"] = a => Connection("PullRequestCommitConnection", "PullRequestCommitEdge", repository.Git.Commit(pull.HeadSha) is { } c ? [c] : Array.Empty<Commit>(), c => new GraphNode("PullRequestCommit") { ["commit"] = _ => Commit(repository, c), ["id"] = _ => "PRC_" + c.Sha }, a),
        };
        Talk(node, issue);
        return node;
    }

    public GraphNode Comment(Comment comment) => new("IssueComment")
    {
        ["id"] = _ => Shapes.NodeId("IC", comment.Id),
        ["databaseId"] = _ => comment.Id,
        ["fullDatabaseId"] = _ => $"{comment.Id}",
        ["body"] = _ => comment.Body,
        ["bodyText"] = _ => comment.Body,
        ["author"] = _ => User(comment.Author),
        ["authorAssociation"] = _ => world.AuthorAssociation,
        ["createdAt"] = _ => Shapes.Stamp(comment.CreatedAt),
        ["updatedAt"] = _ => Shapes.Stamp(comment.UpdatedAt),
        ["lastEditedAt"] = _ => comment.UpdatedAt > comment.CreatedAt ? Shapes.Stamp(comment.UpdatedAt) : null,
        ["includesCreatedEdit"] = _ => comment.UpdatedAt > comment.CreatedAt,
        ["isMinimized"] = _ => false,
        ["url"] = _ => $"{shapes.Page(comment.Issue)}#issuecomment-{comment.Id}",
        ["viewerDidAuthor"] = _ => comment.Author == world.Bot,
        ["viewerCanUpdate"] = _ => true,
        ["publishedAt"] = _ => Shapes.Stamp(comment.CreatedAt),
        ["editor"] = _ => comment.UpdatedAt > comment.CreatedAt ? User(comment.Author) : null,
        ["issue"] = _ => Issue(comment.Issue),
        ["reactions"] = a => Reactions(comment.Reactions, a),
        ["minimizedReason"] = _ => null,
        ["repository"] = _ => Repository(comment.Issue.Repository),
    };

    private IEnumerable<ForgeRepository> Visible() => world.Repositories.Where(r => !r.Deleted && Gatekeeper.Refuse(caller, "metadata:read", r, writes: false) is null);

    private void Talk(GraphNode node, Issue issue)
    {
        node["id"] = _ => Shapes.NodeId(issue.Pull is null ? "I" : "PR", issue.Id);
        node["databaseId"] = _ => issue.Pull?.Id ?? issue.Id;
        node["fullDatabaseId"] = _ => $"{issue.Pull?.Id ?? issue.Id}";
        node["number"] = _ => issue.Number;
        node["title"] = _ => issue.Title;
        node["body"] = _ => issue.Body;
        node["bodyText"] = _ => issue.Body;
        node["author"] = _ => User(issue.Author);
        node["authorAssociation"] = _ => world.AuthorAssociation;
        node["url"] = _ => shapes.Page(issue);
        node["closed"] = _ => issue.ClosedAt is not null;
        node["closedAt"] = _ => Shapes.Stamp(issue.ClosedAt);
        node["createdAt"] = _ => Shapes.Stamp(issue.CreatedAt);
        node["updatedAt"] = _ => Shapes.Stamp(issue.UpdatedAt);
        node["lastEditedAt"] = _ => Shapes.Stamp(issue.EditedAt);
        node["includesCreatedEdit"] = _ => issue.EditedAt is not null;
        node["locked"] = _ => issue.Locked;
        node["repository"] = _ => Repository(issue.Repository);
        node["viewerDidAuthor"] = _ => issue.Author == world.Bot;
        node["labels"] = a => Connection("LabelConnection", "LabelEdge", issue.Labels, l => LabelNode(issue.Repository, issue.Repository.Labels[l]), a);
        node["assignees"] = a => Connection("UserConnection", "UserEdge", issue.Assignees, User, a);
        node["comments"] = a => Connection("IssueCommentConnection", "IssueCommentEdge", issue.Comments.Where(c => c.Seen()), Comment, a);
        node["reactions"] = a => Reactions(issue.Reactions, a);
        node["milestone"] = _ => null;
    }

    private GraphNode Reactions(List<Reaction> reactions, FieldArguments arguments) => Connection("ReactionConnection", "ReactionEdge", reactions.Where(r => r.Seen() && (arguments.Text("content") is not { } wanted || Content(r) == wanted)), r => new GraphNode("Reaction")
    {
        ["id"] = _ => Shapes.NodeId("REA", r.Id),
        ["databaseId"] = _ => r.Id,
        ["content"] = _ => Content(r),
        ["user"] = _ => r.Author.Type == "User" ? User(r.Author) : null,
        ["createdAt"] = _ => Shapes.Stamp(r.CreatedAt),
    }, arguments);

    private static string Content(Reaction reaction) => reaction.Content switch { "+1" => "THUMBS_UP", "-1" => "THUMBS_DOWN", string other => other.ToUpperInvariant() };

    private GraphNode LabelNode(ForgeRepository repository, Label label) => new("Label")
    {
        ["id"] = _ => Shapes.NodeId("LA", label.Id),
        ["name"] = _ => label.Name,
        ["color"] = _ => label.Color,
        ["description"] = _ => label.Description,
        ["isDefault"] = _ => false,
        ["url"] = _ => $"{shapes.Web}/{repository.FullName}/labels/{label.Name}",
    };

    private static GraphRefusal Missing(string what, FieldArguments arguments) => new("NOT_FOUND", $"Could not resolve to an {what} with the number of {arguments.Number("number")}.");

    private static IEnumerable<Issue> Filter(IEnumerable<Issue> issues, FieldArguments arguments)
    {
        if (arguments.Texts("states") is { Count: > 0 } states)
        {
            issues = issues.Where(i => states.Contains(i.Pull?.MergedAt is not null ? "MERGED" : i.State.ToUpperInvariant()));
        }

        if (arguments.Text("headRefName") is { } head)
        {
            issues = issues.Where(i => i.Pull?.Head == head);
        }

        if (arguments.Text("baseRefName") is { } into)
        {
            issues = issues.Where(i => i.Pull?.Base == into);
        }

        if (arguments.Texts("labels") is { Count: > 0 } labels)
        {
            issues = issues.Where(i => labels.Any(l => i.Labels.Contains(l, StringComparer.OrdinalIgnoreCase)));
        }

        if (arguments.Members("filterBy")?.GetValueOrDefault("since")?.ToString() is { } since && DateTimeOffset.TryParse(since, out DateTimeOffset after))
        {
            issues = issues.Where(i => i.UpdatedAt >= after);
        }

        if (arguments.Members("orderBy") is { } order)
        {
            Func<Issue, DateTimeOffset> by = order["field"]?.ToString() == "UPDATED_AT" ? i => i.UpdatedAt : i => i.CreatedAt;
            issues = order["direction"]?.ToString() == "DESC" ? issues.OrderByDescending(by).ThenByDescending(i => i.Number) : issues.OrderBy(by).ThenBy(i => i.Number);
        }

        return issues;
    }

    private object? Need(string permission, ForgeRepository repository, Func<object?> value) =>
        Gatekeeper.Refuse(caller, permission, repository, writes: false) is null ? value() : throw new GraphRefusal("FORBIDDEN", "Resource not accessible by integration");

    private static GraphNode Connection<T>(string type, string edge, IEnumerable<T> items, Func<T, GraphNode> node, FieldArguments arguments)
    {
        List<T> all = [.. items];
        int start = arguments.Text("after") is { } after ? int.Parse(after) : 0;
        int end = arguments.Text("before") is { } before ? int.Parse(before) - 1 : all.Count;
        if (arguments.Number("first") is { } first)
        {
            end = Math.Min(end, start + (int)first);
        }
        else if (arguments.Number("last") is { } last)
        {
            start = Math.Max(start, end - (int)last);
        }

        // The forge demands one of the two on every connection whose nodes are asked for; a count alone needs neither.
        bool bounded = (arguments.Number("first") ?? arguments.Number("last")) is > 0 and <= 100;
        void Bounded()
        {
            if (!bounded)
            {
                throw new GraphRefusal("NOT_SERVED", $"a {type} needs `first` or `last` of 1 to 100");
            }
        }

        List<(T Item, int Cursor)> page = [.. all.Select((item, i) => (item, i + 1)).Skip(start).Take(Math.Max(0, end - start))];
        return new GraphNode(type)
        {
            ["totalCount"] = _ => all.Count,
            ["nodes"] = _ =>
            {
                Bounded();
                return page.Select(p => node(p.Item)).ToList();
            },
            ["edges"] = _ =>
            {
                Bounded();
                return page.Select(p => new GraphNode(edge) { ["node"] = _ => node(p.Item), ["cursor"] = _ => $"{p.Cursor}" }).ToList();
            },
            ["pageInfo"] = _ => new GraphNode("PageInfo")
            {
                ["hasNextPage"] = _ => end < all.Count,
                ["hasPreviousPage"] = _ => start > 0,
                ["startCursor"] = _ => page.Count == 0 ? null : $"{page[0].Cursor}",
                ["endCursor"] = _ => page.Count == 0 ? null : $"{page[^1].Cursor}",
            },
        };
    }
}
