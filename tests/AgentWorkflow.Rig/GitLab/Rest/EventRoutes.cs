using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Who did what: pushes of a project, labels of an issue.</summary>
internal static class EventRoutes
{
    private const string Heads = "refs/heads/";

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add("GET /projects/{id}/events", Need.Read, c => c.Page(c.Project.Pushes.AsEnumerable().Reverse().Where(_ => c.Asked("action") is null or "pushed"), p => Pushed(c, p)));
        add("GET /projects/{id}/issues/{issue_iid}/resource_label_events", Need.Read, c => IssueRoutes.With(c, i => c.Page(i.LabelEvents, e => Labeled(c, i, e))));
    }

    private static JsonObject Pushed(RestCall call, Push push) => new()
    {
        ["id"] = push.Id,
        ["project_id"] = call.Project.Id,
        ["action_name"] = push.Before is null ? "pushed new" : push.After is null ? "deleted" : "pushed to",
        ["target_id"] = null,
        ["target_iid"] = null,
        ["target_type"] = null,
        ["author_id"] = push.By.Id,
        ["target_title"] = null,
        ["created_at"] = Shapes.Stamp(push.At),
        ["author"] = call.Shapes.Basic(push.By),
        ["push_data"] = new JsonObject
        {
            ["commit_count"] = 1,
            ["action"] = push.Before is null ? "created" : push.After is null ? "removed" : "pushed",
            ["ref_type"] = push.Name.StartsWith(Heads, StringComparison.Ordinal) ? "branch" : "tag",
            ["commit_from"] = push.Before,
            ["commit_to"] = push.After,
            ["ref"] = push.Name.Split('/', 3)[^1],
            ["commit_title"] = null,
            ["ref_count"] = null,
        },
        ["author_username"] = push.By.Username,
    };

    private static JsonObject Labeled(RestCall call, Issue issue, LabelEvent happened) => new()
    {
        ["id"] = happened.Id,
        ["user"] = call.Shapes.Basic(happened.By),
        ["created_at"] = Shapes.Stamp(happened.At),
        ["resource_type"] = "Issue",
        ["resource_id"] = issue.Id,
        ["label"] = call.Project.Labels.TryGetValue(happened.Label, out Label? label) ? new JsonObject { ["id"] = label.Id, ["name"] = label.Name, ["color"] = label.Color, ["description"] = label.Description } : null,
        ["action"] = happened.Added ? "add" : "remove",
    };
}
