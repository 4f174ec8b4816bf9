using AgentWorkflow.Bot.Forges;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>
/// Whether what was delivered is still what stands there: a comment that is gone, says something else or is a day old starts
/// nothing (promises P13, P46), a label that is off again neither (P5). Pure.
/// </summary>
internal static class Freshness
{
    /// <summary>The most that lies between a command and its decision.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromHours(24);

    /// <summary>What is to be said instead; null where it still holds.</summary>
    public static Decision? Of(TriggerEvent happened, TriggerFacts facts, DateTimeOffset now) => happened switch
    {
        { Label: { } label, Name: "issues" } => facts.Issue is null ? new Decision.Ignore("superseded: the issue is gone")
            : facts.Issue.Labels.Contains(label) ? null
            : new Decision.Ignore($"superseded: the label '{label}' is off again"),
        { CommentId: not null } => Comment(happened, facts, now),
        _ => null,
    };

    private static Decision? Comment(TriggerEvent happened, TriggerFacts facts, DateTimeOffset now)
    {
        string first = $"`{(happened.CommentBody ?? "").Split('\n')[0].Split(' ')[0].TrimEnd('\r')}`";
        return facts.Issue is null ? new Decision.Ignore("superseded: the issue is gone")
            : facts.Comment is not { } comment ? new Decision.Refuse("AW2028", $"{first} was not run: its comment was deleted before it was read.")
            : comment.Author.Id != happened.Sender.Id ? new Decision.Ignore("the comment has another author")
            : !SaysTheSame(comment.Body, happened.CommentBody ?? "") ? new Decision.Refuse("AW2029", $"{first} was not run: its comment was changed after it was written; write it as a new comment.")
            : now - comment.CreatedAt > MostAge ? new Decision.Refuse("AW2027", $"{first} was not run: it was written more than 24 hours before it could be read; write it again if it still holds.")
            : null;
    }

    /// <summary>What is to be said instead of a start, where the issue is another one than that on which somebody asked (promise P47); null where it is the same.</summary>
    public static Decision? OfIssue(TriggerEvent happened, TriggerFacts facts) =>
        happened.IssueTitle is not { } title || facts.Issue is not { } issue || (issue.Title == title && SaysTheSame(issue.Body, happened.IssueBody ?? "")) ? null
            : new Decision.Refuse("AW2047", "Nothing was run: the issue was changed after it was asked for; ask again, and it is read as it is then.");

    // Forges differ in line ends between what they send and what they answer; nothing else may differ.
    private static bool SaysTheSame(string now, string delivered) => now.ReplaceLineEndings("\n").TrimEnd() == delivered.ReplaceLineEndings("\n").TrimEnd();
}
