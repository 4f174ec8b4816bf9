using System.Text.RegularExpressions;

namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>
/// Quick actions, as GitLab does them: a line of a note or description that begins with one of its words is taken out of the text
/// and done, with the rights of whoever wrote it.
/// </summary>
internal static partial class QuickActions
{
    // https://docs.gitlab.com/user/project/quick_actions/
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "add_child", "add_contacts", "add_email", "add_parent", "approve", "assign", "assign_reviewer", "award", "blocked_by", "blocks", "cc", "checkin_reminder", "clear_health_status",
        "clear_weight", "clone", "close", "confidential", "convert_to_ticket", "copy_metadata", "create_merge_request", "done", "draft", "due", "duplicate", "epic", "estimate", "estimate_time",
        "health_status", "iteration", "label", "labels", "link", "linked_to", "lock", "merge", "milestone", "move", "page", "parent", "promote", "promote_to", "promote_to_incident", "publish", "react",
        "ready", "reassign", "reassign_reviewer", "rebase", "relabel", "relate", "remove_child", "remove_due_date", "remove_email", "remove_epic", "remove_estimate", "remove_iteration",
        "remove_milestone", "remove_parent", "remove_time_spent", "remove_zoom", "reopen", "request_changes", "request_review", "run_pipeline", "set_parent", "severity", "shrug", "spend", "spend_time", "spent", "status",
        "submit_review", "subscribe", "tableflip", "target_branch", "timeline", "title", "todo", "type", "unapprove", "unassign", "unassign_reviewer", "unlabel", "unlink", "unlock", "unsubscribe", "weight", "zoom",
    };

    /// <summary>A text's actions, and what is left of it.</summary>
    public static Found Read(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        bool[] inert = Inert.Lines(lines);
        List<string> rest = [];
        List<Done> actions = [];
        for (int i = 0; i < lines.Length; i++)
        {
            Match match = Shape().Match(lines[i]);
            if (!inert[i] && match.Success && Words.Contains(match.Groups[1].Value))
            {
                actions.Add(new Done(match.Groups[1].Value.ToLowerInvariant(), match.Groups[2].Value.Trim()));
            }
            else
            {
                rest.Add(lines[i]);
            }
        }

        return actions.Count == 0 ? new Found(text, actions) : new Found(string.Join('\n', rest).Trim(), actions);
    }

    /// <summary>Does them; each stands in the journal, whether or not its effect is one that the double knows.</summary>
    public static void Run(GitLabWorld world, Noteable noteable, Found found, Account by)
    {
        foreach (Done action in found.Actions)
        {
            world.Effect("quick-action", noteable.Project, noteable.Reference, $"/{action.Word} {action.Argument}".TrimEnd(), by);
            if (noteable.Project.Level(by) >= 15 || noteable.Author == by)
            {
                Run(world, noteable, action, by);
            }
        }
    }

    private static void Run(GitLabWorld world, Noteable noteable, Done action, Account by)
    {
        switch (action.Word)
        {
            case "close" or "reopen":
                world.Edit(noteable, by, state: action.Word);
                break;
            case "title" when action.Argument.Length > 0:
                world.Edit(noteable, by, title: action.Argument);
                break;
            case "draft" when noteable is MergeRequest { Draft: false }:
                world.Edit(noteable, by, title: "Draft: " + noteable.Title);
                break;
            case "ready" when noteable is MergeRequest { Draft: true }:
                world.Edit(noteable, by, title: noteable.Title["Draft:".Length..].Trim());
                break;
            case "label" or "labels":
                world.AddLabels(noteable, by, Labels(action.Argument).Where(noteable.Project.Labels.ContainsKey));
                break;
            case "unlabel":
                Labels(action.Argument).ToList().ForEach(l => world.RemoveLabel(noteable, by, l));
                break;
            case "assign":
                world.Assign(noteable, by, action.Argument.Split(' ').Select(a => a.TrimStart('@')).Select(n => n == "me" ? by : world.FindAccount(n)).OfType<Account>());
                break;
            case "confidential" when noteable is Issue issue:
                issue.Confidential = true;
                break;
            case "lock" or "unlock":
                noteable.Locked = action.Word == "lock";
                break;
            case "merge" when noteable is MergeRequest { MergedAt: null } merge && noteable.Project.Level(by) >= (noteable.Project.Protects(merge.Target)?.Merge ?? 30):
                world.Accept(merge, by);
                break;
        }
    }

    private static IEnumerable<string> Labels(string argument) => LabelName().Matches(argument).Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value);

    [GeneratedRegex(@"^/([A-Za-z_]+)(?: ([^\n]*))?\s*$")]
    private static partial Regex Shape();

    [GeneratedRegex("~?\"([^\"]+)\"|~?([^ ~\"]+)")]
    private static partial Regex LabelName();

    /// <summary>One action.</summary>
    internal sealed record Done(string Word, string Argument);

    /// <summary>What a text came to.</summary>
    internal sealed record Found(string Rest, IReadOnlyList<Done> Actions);
}
