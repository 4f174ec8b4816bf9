namespace AgentWorkflow.Rig.GitHub.World;

/// <content>Issues, comments, reactions, labels.</content>
public sealed partial class GitHubWorld
{
    /// <summary>Opens an issue.</summary>
    public Issue OpenIssue(string fullName, string by, string title, string body, params string[] labels)
    {
        ForgeRepository repository = Repository(fullName);
        Account author = Person(by);
        Issue issue = new()
        {
            Id = Next("issue", 20_000),
            Repository = repository,
            Number = NextNumber(repository),
            Author = author,
            CreatedAt = Now,
            UpdatedAt = Now,
            Title = title,
            Body = body,
            HiddenReads = HiddenReads,
        };
        repository.Issues.Add(issue);
        Effect("issue", repository, "#" + issue.Number, title, author);
        Payloads?.Issue("opened", issue, author);
        if (labels.Length > 0)
        {
            AddLabels(issue, author, labels);
        }

        return issue;
    }

    /// <summary>Comments as a person.</summary>
    public Comment Comment(string fullName, long number, string by, string body) => AddComment(Repository(fullName).Find(number) ?? throw Missing(number), Person(by), body);

    /// <summary>Comments.</summary>
    public Comment AddComment(Issue issue, Account by, string body, bool throughAnApp = false)
    {
        Comment comment = new() { Id = Next("comment", 70_000), Issue = issue, Author = by, CreatedAt = Now, UpdatedAt = Now, Body = body, HiddenReads = HiddenReads, ThroughAnApp = throughAnApp };
        issue.Comments.Add(comment);
        issue.UpdatedAt = Now;
        Effect("comment", issue.Repository, "#" + issue.Number, body, by);
        Payloads?.Comment("created", comment, by);
        return comment;
    }

    /// <summary>Edits a comment.</summary>
    public void EditComment(Comment comment, Account by, string body)
    {
        string before = comment.Body;
        comment.Body = body;
        comment.UpdatedAt = comment.Issue.UpdatedAt = Later(comment.UpdatedAt);
        Effect("comment-edit", comment.Issue.Repository, "#" + comment.Issue.Number, body, by);
        Payloads?.Comment("edited", comment, by, before);
    }

    /// <summary>Deletes a comment.</summary>
    public void DeleteComment(Comment comment, Account by)
    {
        comment.Issue.Comments.Remove(comment);
        Effect("comment-delete", comment.Issue.Repository, "#" + comment.Issue.Number, comment.Body, by);
        Payloads?.Comment("deleted", comment, by);
    }

    /// <summary>A comment by its number.</summary>
    public Comment? FindComment(ForgeRepository repository, long id) => repository.Issues.SelectMany(i => i.Comments).FirstOrDefault(c => c.Id == id);

    /// <summary>A comment on a line by its number.</summary>
    public ReviewComment? FindReviewComment(ForgeRepository repository, long id) => repository.Issues.SelectMany(i => i.Pull?.ReviewComments ?? []).FirstOrDefault(c => c.Id == id);

    /// <summary>Comments on a line of a pull request.</summary>
    public ReviewComment AddReviewComment(Issue issue, Account by, string path, int line, string body, long? inReplyTo = null)
    {
        ReviewComment comment = new() { Id = Next("review-comment", 90_000), Issue = issue, Author = by, CreatedAt = Now, Body = body, Path = path, Line = line, InReplyTo = inReplyTo };
        (issue.Pull ?? throw Missing(issue.Number)).ReviewComments.Add(comment);
        Effect("review-comment", issue.Repository, "#" + issue.Number, body, by);
        Payloads?.ReviewComment("created", comment, by);
        return comment;
    }

    /// <summary>Reacts; a repeat gives the reaction that is there.</summary>
    internal (Reaction Reaction, bool New) React(List<Reaction> reactions, ForgeRepository repository, string subject, Account by, string content)
    {
        if (reactions.Find(r => r.Author == by && r.Content == content) is { } there)
        {
            return (there, false);
        }

        Reaction reaction = new() { Id = Next("reaction", 40_000), Author = by, Content = content, CreatedAt = Now, HiddenReads = HiddenReads };
        reactions.Add(reaction);
        Effect("reaction", repository, subject, content, by);
        return (reaction, true);
    }

    /// <summary>Adds labels, made where the repository lacks them.</summary>
    public void AddLabels(Issue issue, Account by, IEnumerable<string> names)
    {
        foreach (string name in names.Where(n => !issue.Labels.Contains(n, StringComparer.OrdinalIgnoreCase)).ToList())
        {
            Label label = LabelOf(issue.Repository, name);
            issue.Labels.Add(label.Name);
            issue.UpdatedAt = Now;
            issue.LabelEvents.Add(new LabelEvent(label.Name, by, Now));
            Effect("label", issue.Repository, "#" + issue.Number, label.Name, by);
            Payloads?.Issue("labeled", issue, by, label: label);
        }
    }

    /// <summary>Takes a label off; false where it was not there.</summary>
    public bool RemoveLabel(Issue issue, Account by, string name)
    {
        if (issue.Labels.RemoveAll(l => l.Equals(name, StringComparison.OrdinalIgnoreCase)) == 0)
        {
            return false;
        }

        issue.UpdatedAt = Now;
        Effect("unlabel", issue.Repository, "#" + issue.Number, name, by);
        Payloads?.Issue("unlabeled", issue, by, label: LabelOf(issue.Repository, name));
        return true;
    }

    /// <summary>A label, made where the repository lacks it.</summary>
    public Label LabelOf(ForgeRepository repository, string name, string color = "ededed", string? description = null)
    {
        if (!repository.Labels.TryGetValue(name, out Label? label))
        {
            label = new Label(Next("label", 60_000), name, color, description);
            repository.Labels.Add(name, label);
        }

        return label;
    }

    /// <summary>Adds assignees.</summary>
    public void Assign(Issue issue, Account by, IEnumerable<Account> people)
    {
        foreach (Account person in people.Where(p => !issue.Assignees.Contains(p)).ToList())
        {
            issue.Assignees.Add(person);
            issue.UpdatedAt = Now;
            Effect("assignee", issue.Repository, "#" + issue.Number, person.Login, by);
            Payloads?.Issue("assigned", issue, by, assignee: person);
        }
    }

    /// <summary>Changes title, text or state; null leaves as it is.</summary>
    public void EditIssue(Issue issue, Account by, string? title = null, string? body = null, string? state = null)
    {
        string kind = issue.Pull is null ? "issue-edit" : "pull_request-edit";
        if ((title is not null && title != issue.Title) || (body is not null && body != issue.Body))
        {
            issue.Title = title ?? issue.Title;
            issue.Body = body ?? issue.Body;
            issue.UpdatedAt = Later(issue.UpdatedAt);
            issue.EditedAt = issue.UpdatedAt;
            Effect(kind, issue.Repository, "#" + issue.Number, issue.Title, by);
            Payloads?.Issue("edited", issue, by);
        }

        if (state is not null && state != issue.State)
        {
            issue.ClosedAt = state == "closed" ? Now : null;
            issue.UpdatedAt = Now;
            Effect(kind, issue.Repository, "#" + issue.Number, state, by);
            Payloads?.Issue(state == "closed" ? "closed" : "reopened", issue, by);
        }
    }

    internal static KeyNotFoundException Missing(long number) => new($"There is no issue or pull request #{number}.");

    private static long NextNumber(ForgeRepository repository) => repository.Issues.Count == 0 ? 1 : repository.Issues.Max(i => i.Number) + 1;

    // The forge tells edits by time, in whole seconds: an edit is never at the time of what it edits.
    private DateTimeOffset Later(DateTimeOffset before) => Now > before ? Now : before.AddSeconds(1);
}
