using AgentWorkflow.Rig.GitLab.Webhooks;

namespace AgentWorkflow.Rig.GitLab.World;

/// <content>Issues, notes, emoji, labels.</content>
public sealed partial class GitLabWorld
{
    /// <summary>Opens an issue.</summary>
    public Issue OpenIssue(string path, string by, string title, string description, bool confidential = false, params string[] labels) =>
        OpenIssue(Project(path), Person(by), title, description, confidential, labels);

    /// <summary>Notes something at an issue, as a person; null where the text was of quick actions alone.</summary>
    public Note? Comment(string path, long iid, string by, string body) => AddNote(Issue(path, iid), Person(by), body);

    /// <summary>Notes something at a merge request, as a person; null where the text was of quick actions alone.</summary>
    public Note? CommentMerge(string path, long iid, string by, string body, DiffLine? line = null) => AddNote(Merge(path, iid), Person(by), body, line: line);

    /// <summary>An issue by its number.</summary>
    public Issue Issue(string path, long iid) => Project(path).Issues.Find(i => i.Iid == iid) ?? throw new KeyNotFoundException($"There is no issue #{iid}.");

    /// <summary>A merge request by its number.</summary>
    public MergeRequest Merge(string path, long iid) => Project(path).Merges.Find(m => m.Iid == iid) ?? throw new KeyNotFoundException($"There is no merge request !{iid}.");

    /// <summary>A note by its number, or null.</summary>
    public static Note? FindNote(Project project, long id) => project.Issues.Cast<Noteable>().Concat(project.Merges).SelectMany(n => n.Notes).FirstOrDefault(n => n.Id == id);

    /// <summary>Edits a note.</summary>
    public void EditNote(Note note, Account by, string body)
    {
        QuickActions.Found found = QuickActions.Read(body);
        note.Body = found.Rest;
        note.UpdatedAt = note.Noteable.UpdatedAt = Later(note.UpdatedAt);
        Effect("comment-edit", note.Noteable.Project, note.Noteable.Reference, found.Rest, by);
        QuickActions.Run(this, note.Noteable, found, by);
        Mention(note.Noteable, found.Rest, by);
        Payloads?.Note("update", note, by);
    }

    /// <summary>Deletes a note.</summary>
    public void DeleteNote(Note note, Account by)
    {
        note.Noteable.Notes.Remove(note);
        Effect("comment-delete", note.Noteable.Project, note.Noteable.Reference, note.Body, by);
    }

    /// <summary>Adds labels, made where the project lacks them.</summary>
    public void AddLabels(Noteable noteable, Account by, IEnumerable<string> names)
    {
        foreach (string name in names.Where(n => !noteable.Labels.Contains(n, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            Change change = new("labels", Previous: string.Join(',', noteable.Labels));
            noteable.Labels.Add(LabelOf(noteable.Project, name).Name);
            noteable.LabelEvents.Add(new LabelEvent(Next("label-event", 40_000), by, name, Added: true, Now));
            noteable.UpdatedAt = Now;
            Effect("label", noteable.Project, noteable.Reference, name, by);
            Payloads?.Changed(noteable, by, "update", changes: change);
        }
    }

    /// <summary>Takes a label off.</summary>
    public void RemoveLabel(Noteable noteable, Account by, string name)
    {
        Change change = new("labels", Previous: string.Join(',', noteable.Labels));
        if (noteable.Labels.RemoveAll(l => l.Equals(name, StringComparison.OrdinalIgnoreCase)) > 0)
        {
            noteable.LabelEvents.Add(new LabelEvent(Next("label-event", 40_000), by, name, Added: false, Now));
            noteable.UpdatedAt = Now;
            Effect("unlabel", noteable.Project, noteable.Reference, name, by);
            Payloads?.Changed(noteable, by, "update", changes: change);
        }
    }

    /// <summary>A label, made where the project lacks it.</summary>
    public Label LabelOf(Project project, string name, string color = "#6699cc", string? description = null)
    {
        if (!project.Labels.TryGetValue(name, out Label? label))
        {
            label = new Label(Next("label", 60_000), name, color, description);
            project.Labels.Add(name, label);
        }

        return label;
    }

    /// <summary>Adds assignees.</summary>
    public void Assign(Noteable noteable, Account by, IEnumerable<Account> people)
    {
        foreach (Account person in people.Where(p => !noteable.Assignees.Contains(p)).ToList())
        {
            noteable.Assignees.Add(person);
            noteable.UpdatedAt = Now;
            Effect("assignee", noteable.Project, noteable.Reference, person.Username, by);
            Payloads?.Changed(noteable, by, "update", changes: new Change("assignees"));
        }
    }

    /// <summary>Changes title, text or state (<c>close</c>, <c>reopen</c>); null leaves as it is.</summary>
    public void Edit(Noteable noteable, Account by, string? title = null, string? description = null, string? state = null)
    {
        string kind = noteable is Issue ? "issue-edit" : "pull_request-edit";
        QuickActions.Found found = QuickActions.Read(description ?? "");
        if ((title is not null && title != noteable.Title) || (description is not null && found.Rest != noteable.Description))
        {
            Change[] changes =
            [
                .. title is null || title == noteable.Title ? Array.Empty<Change>() : [new Change("title", noteable.Title, title)],
                .. description is null || found.Rest == noteable.Description ? Array.Empty<Change>() : [new Change("description", noteable.Description, found.Rest)],
            ];
            noteable.Title = title ?? noteable.Title;
            noteable.Description = description is null ? noteable.Description : found.Rest;
            noteable.UpdatedAt = Later(noteable.UpdatedAt);
            noteable.EditedAt = noteable.UpdatedAt;
            Effect(kind, noteable.Project, noteable.Reference, noteable.Title, by);
            Mention(noteable, description is null ? "" : found.Rest, by);
            Payloads?.Changed(noteable, by, "update", changes: changes);
        }

        QuickActions.Run(this, noteable, found, by);
        if (state is "close" or "reopen" && (state == "close") == (noteable.State == "opened"))
        {
            noteable.ClosedAt = state == "close" ? Now : null;
            noteable.UpdatedAt = Now;
            Effect(kind, noteable.Project, noteable.Reference, state == "close" ? "closed" : "opened", by);
            Payloads?.Changed(noteable, by, state);
        }
    }

    internal static bool Sees(Account? user, Issue issue) =>
        !issue.Confidential || (user is not null && (issue.Project.Level(user) >= 15 || issue.Author == user || issue.Assignees.Contains(user)));

    internal Issue OpenIssue(Project project, Account by, string title, string description, bool confidential, IEnumerable<string> labels)
    {
        QuickActions.Found found = QuickActions.Read(description);
        Issue issue = new()
        {
            Id = Next("issue", 20_000),
            Iid = project.Issues.Count == 0 ? 1 : project.Issues.Max(i => i.Iid) + 1,
            Project = project,
            Author = by,
            CreatedAt = Now,
            UpdatedAt = Now,
            Title = title,
            Description = found.Rest,
            Confidential = confidential,
            HiddenReads = HiddenReads,
        };
        project.Issues.Add(issue);
        foreach (string label in labels)
        {
            issue.Labels.Add(LabelOf(project, label).Name);
            issue.LabelEvents.Add(new LabelEvent(Next("label-event", 40_000), by, label, Added: true, Now));
        }

        Effect("issue", project, issue.Reference, title, by);
        Payloads?.Changed(issue, by, "open");
        QuickActions.Run(this, issue, found, by);
        Mention(issue, found.Rest, by);
        return issue;
    }

    internal Note? AddNote(Noteable noteable, Account by, string body, bool isInternal = false, DiffLine? line = null, string? discussion = null, bool threaded = false)
    {
        QuickActions.Found found = QuickActions.Read(body);
        QuickActions.Run(this, noteable, found, by);
        if (found.Actions.Count > 0 && found.Rest.Length == 0)
        {
            return null;
        }

        Note note = new()
        {
            Id = Next("note", 70_000),
            Noteable = noteable,
            Author = by,
            CreatedAt = Now,
            UpdatedAt = Now,
            Body = found.Rest,
            Internal = isInternal,
            Line = line,
            Threaded = threaded || line is not null,
            Discussion = discussion ?? Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20)),
            HiddenReads = HiddenReads,
        };
        noteable.Notes.Add(note);
        noteable.UpdatedAt = Now;
        Effect(line is null ? "comment" : "review-comment", noteable.Project, noteable.Reference, found.Rest, by);
        Mention(noteable, found.Rest, by);
        Payloads?.Note("create", note, by);
        return note;
    }

    /// <summary>Puts an emoji on something; null where this user already did.</summary>
    internal Award? React(List<Award> awards, Noteable noteable, Account by, string name)
    {
        if (awards.Exists(a => a.User == by && a.Name == name))
        {
            return null;
        }

        Award award = new() { Id = Next("award", 40_000), User = by, Name = name, At = Now, HiddenReads = HiddenReads };
        awards.Add(award);
        Effect("reaction", noteable.Project, noteable.Reference, name, by);
        return award;
    }

    private void Mention(Noteable noteable, string text, Account by)
    {
        foreach (string name in Inert.Mentions(text))
        {
            Effect("mention", noteable.Project, noteable.Reference, "@" + name, by);
        }
    }

    // An edit is told by its time: it is never at the time of what it edits.
    private DateTimeOffset Later(DateTimeOffset before) => Now > before ? Now : before.AddMilliseconds(1);
}
