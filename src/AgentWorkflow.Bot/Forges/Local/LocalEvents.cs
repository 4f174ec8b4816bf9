using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Tells what people did in the shape of GitHub's webhooks, inside the transaction that stores the deed.</summary>
internal sealed class LocalEvents(IEnumerable<ILocalWebhookSink> sinks, IRandomSource random)
{
    /// <summary>An issue or pull request was opened or closed.</summary>
    public Task TellIssueAsync(BotDb db, LocalRepositoryRow home, LocalIssueRow row, string action, ActorId sender, CancellationToken cancellationToken)
    {
        JsonObject payload = Payload(home, action, sender);
        payload[row.Branch is null ? "issue" : "pull_request"] = Issue(row);
        return TellAsync(db, row.Branch is null ? "issues" : "pull_request", payload, cancellationToken);
    }

    /// <summary>A label was put on or taken off.</summary>
    public Task TellLabelAsync(BotDb db, LocalRepositoryRow home, LocalIssueRow row, string label, bool added, ActorId sender, CancellationToken cancellationToken)
    {
        JsonObject payload = Payload(home, added ? "labeled" : "unlabeled", sender);
        payload[row.Branch is null ? "issue" : "pull_request"] = Issue(row);
        payload["label"] = new JsonObject { ["name"] = label };
        return TellAsync(db, row.Branch is null ? "issues" : "pull_request", payload, cancellationToken);
    }

    /// <summary>A comment was written.</summary>
    public Task TellCommentAsync(BotDb db, LocalRepositoryRow home, LocalIssueRow row, LocalCommentRow comment, ActorId sender, CancellationToken cancellationToken)
    {
        JsonObject payload = Payload(home, "created", sender);
        payload["issue"] = Issue(row);
        payload["comment"] = new JsonObject
        {
            ["id"] = comment.Id,
            ["body"] = comment.Body,
            ["user"] = Account(comment.AuthorId, comment.AuthorLogin),
            ["created_at"] = Time(comment.CreatedAt),
            ["updated_at"] = Time(comment.UpdatedAt),
        };
        return TellAsync(db, "issue_comment", payload, cancellationToken);
    }

    private async Task TellAsync(BotDb db, string eventName, JsonObject payload, CancellationToken cancellationToken)
    {
        foreach (ILocalWebhookSink sink in sinks)
        {
            await sink.DeliverAsync(db, random.NextBase32(26), eventName, payload, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private static JsonObject Payload(LocalRepositoryRow home, string action, ActorId sender) => new()
    {
        ["action"] = action,
        ["repository"] = new JsonObject
        {
            ["id"] = home.Id,
            ["name"] = home.FullName[(home.FullName.LastIndexOf('/') + 1)..],
            ["full_name"] = home.FullName,
            ["default_branch"] = home.DefaultBranch,
            ["owner"] = new JsonObject { ["login"] = home.FullName[..home.FullName.LastIndexOf('/')] },
        },
        ["sender"] = Account(sender.Id, sender.Login),
    };

    private static JsonObject Issue(LocalIssueRow row)
    {
        JsonObject issue = new()
        {
            ["number"] = row.Number,
            ["title"] = row.Title,
            ["body"] = row.Body,
            ["state"] = row.State == "open" ? "open" : "closed",
            ["user"] = Account(row.AuthorId, row.AuthorLogin),
            ["labels"] = new JsonArray([.. row.Labels.Select(l => new JsonObject { ["name"] = l })]),
            ["created_at"] = Time(row.CreatedAt),
            ["updated_at"] = Time(row.UpdatedAt),
        };
        if (row.Branch is not null)
        {
            issue["pull_request"] = new JsonObject();
            issue["merged"] = row.State == "merged";
            issue["draft"] = row.Draft;
            issue["head"] = new JsonObject { ["ref"] = row.Branch, ["sha"] = row.Head };
            issue["base"] = new JsonObject { ["ref"] = row.BaseBranch };
        }

        return issue;
    }

    private static JsonObject Account(long id, string login) =>
        new() { ["id"] = id, ["login"] = login, ["type"] = id == LocalForge.Bot.Id ? "Bot" : "User" };

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
