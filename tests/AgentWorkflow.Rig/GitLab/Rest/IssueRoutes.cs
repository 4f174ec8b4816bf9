using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Issues, labels, milestones.</summary>
internal static class IssueRoutes
{
    private const string Base = "/projects/{id}";

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add($"GET {Base}/issues", Need.Read, List);
        add($"POST {Base}/issues", Need.Converse, Create);
        add($"GET {Base}/issues/{{issue_iid}}", Need.Read, c => With(c, i => Answer.Ok(c.Shapes.Issue(i))));
        add($"PUT {Base}/issues/{{issue_iid}}", Need.Converse, c => With(c, i => Edit(c, i)));
        add($"GET {Base}/issues/{{issue_iid}}/related_merge_requests", Need.Read, c => With(c, i => c.Page(c.Project.Merges.Where(m => m.Description.Contains(i.Reference, StringComparison.Ordinal)), c.Shapes.Merge)));
        add($"GET {Base}/labels", Need.Read, c => c.Page(c.Project.Labels.Values.Where(l => l.Name.Contains(c.Asked("search") ?? "", StringComparison.OrdinalIgnoreCase)), Shapes.Label));
        add($"GET {Base}/labels/{{label_id}}", Need.Read, c => Label(c) is { } label ? Answer.Ok(Shapes.Label(label)) : Refusal.NotFound("Label"));
        add($"POST {Base}/labels", Need.Plan, CreateLabel);
        add($"GET {Base}/milestones", Need.Read, c => c.Page(Milestones(c), m => c.Shapes.Milestone(m, c.Project)));
        add($"GET {Base}/milestones/{{milestone_id}}", Need.Read, c => c.Project.Milestones.Find(m => m.Id == c.Number("milestone_id")) is { } milestone ? Answer.Ok(c.Shapes.Milestone(milestone, c.Project)) : Refusal.NotFound(""));
        add($"POST {Base}/milestones", Need.Plan, CreateMilestone);
        add($"PUT {Base}/milestones/{{milestone_id}}", Need.Plan, c => c.Project.Milestones.Find(m => m.Id == c.Number("milestone_id")) is { } milestone ? EditMilestone(c, milestone) : Refusal.NotFound(""));
    }

    /// <summary>The issue of the path, where the caller sees it.</summary>
    public static Answer With(RestCall call, Func<Issue, Answer> serve) =>
        call.Project.Issues.Find(i => i.Iid == call.Number("issue_iid")) is { } issue && GitLabWorld.Sees(call.Caller.Token?.User, issue) ? serve(issue) : Refusal.NotFound("Issue");

    /// <summary>Labels, assignees and a milestone as a body asks for them; who may not plan is not heard.</summary>
    public static void Plan(RestCall call, Noteable noteable)
    {
        if (call.Project.Level(call.Actor) < 15)
        {
            return;
        }

        if (call.Texts("labels") is { } labels)
        {
            noteable.Labels.Except(labels, StringComparer.OrdinalIgnoreCase).ToList().ForEach(l => call.World.RemoveLabel(noteable, call.Actor, l));
            call.World.AddLabels(noteable, call.Actor, labels);
        }

        call.World.AddLabels(noteable, call.Actor, call.Texts("add_labels") ?? []);
        foreach (string label in call.Texts("remove_labels") ?? [])
        {
            call.World.RemoveLabel(noteable, call.Actor, label);
        }

        IReadOnlyList<string> assignees = call.Texts("assignee_ids") ?? (call.Text("assignee_id") is { } one ? [one] : []);
        call.World.Assign(noteable, call.Actor, call.World.Accounts.Where(a => assignees.Contains($"{a.Id}") && call.Project.Level(a) > 0));
        if (call.Long("milestone_id") is { } milestone)
        {
            noteable.Milestone = call.Project.Milestones.Find(m => m.Id == milestone);
        }

        noteable.Locked = call.Flag("discussion_locked", noteable.Locked);
    }

    /// <summary>What lists of issues and merge requests have in common.</summary>
    public static IEnumerable<T> Filter<T>(RestCall call, IEnumerable<T> items)
        where T : Noteable
    {
        string state = call.Asked("state") ?? "all";
        IEnumerable<T> found = items.Where(i => i.Seen() && (state == "all" || i.State == state))
            .Where(i => call.Asked("labels") is not { } labels || labels.Split(',').All(l => i.Labels.Contains(l, StringComparer.OrdinalIgnoreCase)))
            .Where(i => call.Asked("author_id") is not { } author || $"{i.Author.Id}" == author)
            .Where(i => call.Asked("search") is not { } text || i.Title.Contains(text, StringComparison.OrdinalIgnoreCase) || i.Description.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Where(i => call.Asked("updated_after") is not { } since || i.UpdatedAt >= DateTimeOffset.Parse(since, System.Globalization.CultureInfo.InvariantCulture))
            .Where(i => (call.Asked("iids") ?? call.Asked("iids[]")) is not { } iids || iids.Split(',').Contains($"{i.Iid}"));
        return call.Sorted(found, i => i.CreatedAt, i => i.UpdatedAt, i => i.Iid);
    }

    private static Answer List(RestCall call) => call.Page(Filter(call, call.Project.Issues.Where(i => GitLabWorld.Sees(call.Caller.Token?.User, i))), call.Shapes.Issue);

    private static Answer Create(RestCall call)
    {
        string title = call.Text("title") ?? "";
        if (string.IsNullOrWhiteSpace(title) || title.Length > 255)
        {
            return Refusal.Invalid("title", title.Length > 255 ? "is too long (maximum is 255 characters)" : "can't be blank");
        }

        bool plans = call.Project.Level(call.Actor) >= 15;
        Issue issue = call.World.OpenIssue(call.Project, call.Actor, title, call.Text("description") ?? "", call.Flag("confidential"), plans ? call.Texts("labels") ?? [] : []);
        Plan(call, issue);
        return Answer.Created(call.Shapes.Issue(issue));
    }

    private static Answer Edit(RestCall call, Issue issue)
    {
        if (call.Project.Level(call.Actor) < 15 && issue.Author != call.Actor)
        {
            return Refusal.Forbidden();
        }

        call.World.Edit(issue, call.Actor, call.Text("title"), call.Text("description"), call.Text("state_event"));
        issue.Confidential = call.Flag("confidential", issue.Confidential);
        Plan(call, issue);
        return Answer.Ok(call.Shapes.Issue(issue));
    }

    private static Label? Label(RestCall call) => call.Project.Labels.TryGetValue(call["label_id"], out Label? named) ? named : call.Project.Labels.Values.FirstOrDefault(l => l.Id == call.Number("label_id"));

    private static Answer CreateLabel(RestCall call)
    {
        string name = call.Text("name") ?? "";
        if (call.Project.Labels.ContainsKey(name))
        {
            return Refusal.Error(409, "Label already exists");
        }

        if (name.Length is 0 or > 255 || name.Contains(',', StringComparison.Ordinal))
        {
            return Refusal.Invalid("title", "is invalid");
        }

        Label label = call.World.LabelOf(call.Project, name, call.Text("color") ?? "", call.Text("description"));
        call.World.Effect("label-create", call.Project, name, label.Color, call.Actor);
        return Answer.Created(Shapes.Label(label));
    }

    private static IEnumerable<Milestone> Milestones(RestCall call) => call.Project.Milestones
        .Where(m => (call.Asked("title") is not { } title || m.Title == title) && (call.Asked("state") is not { } state || m.State == state) && (call.Asked("search") is not { } text || m.Title.Contains(text, StringComparison.OrdinalIgnoreCase)));

    private static Answer CreateMilestone(RestCall call)
    {
        string title = call.Text("title") ?? "";
        if (call.Project.Milestones.Exists(m => m.Title == title))
        {
            return Refusal.Invalid("title", "already being used for another group or project milestone.");
        }

        Milestone milestone = new(call.World.Next("milestone", 6000), call.Project.Milestones.Count + 1, title, call.Text("description"), call.World.Now);
        call.Project.Milestones.Add(milestone);
        call.World.Effect("milestone", call.Project, title, call.Text("description") ?? "", call.Actor);
        return Answer.Created(call.Shapes.Milestone(milestone, call.Project));
    }

    private static Answer EditMilestone(RestCall call, Milestone milestone)
    {
        milestone.State = call.Text("state_event") switch { "close" => "closed", "activate" => "active", _ => milestone.State };
        Milestone next = milestone with { Title = call.Text("title") ?? milestone.Title, Description = call.Text("description") ?? milestone.Description };
        call.Project.Milestones[call.Project.Milestones.IndexOf(milestone)] = next;
        foreach (Noteable on in call.Project.Issues.Cast<Noteable>().Concat(call.Project.Merges).Where(n => n.Milestone == milestone))
        {
            on.Milestone = next;
        }

        call.World.Effect("milestone-edit", call.Project, next.Title, next.State, call.Actor);
        return Answer.Ok(call.Shapes.Milestone(next, call.Project));
    }
}
