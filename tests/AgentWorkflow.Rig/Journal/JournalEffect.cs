namespace AgentWorkflow.Rig.Journal;

/// <summary>One thing that somebody changed on the forge.</summary>
/// <param name="Sequence">Its place in the order of acceptance, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Kind"><c>branch</c>, <c>branch-update</c>, <c>commit</c>, <c>pull_request</c>, <c>pull_request-edit</c>, <c>issue</c>, <c>issue-edit</c>, <c>comment</c>, <c>comment-edit</c>, <c>comment-delete</c>, <c>reaction</c>, <c>label</c>, <c>unlabel</c>, <c>assignee</c>, <c>check</c>, <c>check-edit</c>, <c>status</c>; on GitLab also <c>quick-action</c> and <c>mention</c> (what a text set off), <c>hook</c>, <c>milestone</c>, <c>repository</c>, <c>member</c>, <c>protection</c>.</param>
/// <param name="Repository">The repository, <c>owner/name</c>.</param>
/// <param name="Subject">What it was done to: <c>#3</c>, a branch's name.</param>
/// <param name="Text">The rest: a title, a label, a body.</param>
/// <param name="Actor">Who did it, by login.</param>
public sealed record JournalEffect(int Sequence, DateTimeOffset At, string Kind, string Repository, string Subject, string Text, string Actor)
{
    /// <summary>The effect without anything that differs between two equal runs.</summary>
    public string Line => Normal.Form($"{Kind} {Repository} {Subject}: {Text}");

    /// <summary>The effect without its text: for kinds whose texts tell of times.</summary>
    public string ShortLine => Normal.Form($"{Kind} {Repository} {Subject}");
}
