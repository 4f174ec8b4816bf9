using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Comments and reactions.</summary>
internal static class CommentRoutes
{
    private const string Read = "issues:read|pull_requests:read";
    private const string Write = "issues:write|pull_requests:write";
    private const int Longest = 65_536;

    public static void Add(RouteTable routes)
    {
        routes.Add("GET /repos/{owner}/{repo}/issues/comments", Read, c => c.Page(Since(c, c.Repository.Issues.SelectMany(i => i.Comments)), x => c.Shapes.Comment(x, c.World)));
        routes.Add("GET /repos/{owner}/{repo}/issues/comments/{comment_id}", Read, c => With(c, x => Answer.Ok(c.Shapes.Comment(x, c.World))));
        routes.Add("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", Write, c => With(c, x => Edit(c, x)));
        routes.Add("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", Write, c => With(c, x => Delete(c, x)));
        routes.Add("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", Read, c => IssueRoutes.With(c, i => c.Page(Since(c, i.Comments), x => c.Shapes.Comment(x, c.World))));
        routes.Add("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", Write, c => IssueRoutes.With(c, i => Create(c, i)));
        routes.Add("GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", Read, c => With(c, x => Reactions(c, x.Reactions)));
        routes.Add("POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", Write, c => With(c, x => React(c, x.Reactions, $"comment by {x.Author.Login} on #{x.Issue.Number}")));
        routes.Add("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}", Write, c => With(c, x => x.Reactions.RemoveAll(r => r.Id == c.Number("reaction_id")) > 0 ? Answer.NoContent : Refusal.NotFound));
        routes.Add("GET /repos/{owner}/{repo}/issues/{issue_number}/reactions", Read, c => IssueRoutes.With(c, i => Reactions(c, i.Reactions)));
        routes.Add("POST /repos/{owner}/{repo}/issues/{issue_number}/reactions", Write, c => IssueRoutes.With(c, i => React(c, i.Reactions, $"#{i.Number}")));
        routes.Add("GET /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions", "pull_requests:read", c => c.World.FindReviewComment(c.Repository, c.Number("comment_id")) is { } x ? Reactions(c, x.Reactions) : Refusal.NotFound);
        routes.Add("POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions", "pull_requests:write", c => c.World.FindReviewComment(c.Repository, c.Number("comment_id")) is { } x ? React(c, x.Reactions, $"line comment by {x.Author.Login} on #{x.Issue.Number}") : Refusal.NotFound);
    }

    private static Answer With(RestCall call, Func<Comment, Answer> serve) => call.World.FindComment(call.Repository, call.Number("comment_id")) is { } comment ? serve(comment) : Refusal.NotFound;

    private static IEnumerable<Comment> Since(RestCall call, IEnumerable<Comment> comments)
    {
        comments = comments.Where(c => c.Seen());
        if (DateTimeOffset.TryParse(call.Query["since"], out DateTimeOffset since))
        {
            comments = comments.Where(c => c.UpdatedAt >= since);
        }

        comments = call.Query["sort"] == "updated" ? comments.OrderBy(c => c.UpdatedAt).ThenBy(c => c.Id) : comments.OrderBy(c => c.Id);
        return call.Query["direction"] == "desc" ? comments.Reverse() : comments;
    }

    private static Answer Create(RestCall call, Issue issue) =>
        TooLong(call) ?? (issue.Locked ? Refusal.Error(403, "Unable to create comment because issue is locked.") : Answer.Created(call.Shapes.Comment(call.World.AddComment(issue, call.Actor, call.Text("body") ?? ""), call.World)));

    private static Answer Edit(RestCall call, Comment comment)
    {
        if (comment.Author != call.Actor && !call.Caller.Has("issues:write"))
        {
            return Refusal.Error(403, "Resource not accessible by integration");
        }

        if (TooLong(call) is { } wrong)
        {
            return wrong;
        }

        if (comment.Body != call.Text("body"))
        {
            call.World.EditComment(comment, call.Actor, call.Text("body") ?? "");
        }

        return Answer.Ok(call.Shapes.Comment(comment, call.World));
    }

    private static Answer? TooLong(RestCall call) => call.Text("body") is { Length: > Longest }
        ? Refusal.Invalid("IssueComment", "body", "custom", "body is too long (maximum is 65536 characters)")
        : string.IsNullOrWhiteSpace(call.Text("body")) ? Refusal.Invalid("IssueComment", "body", "missing_field") : null;

    private static Answer Delete(RestCall call, Comment comment)
    {
        call.World.DeleteComment(comment, call.Actor);
        return Answer.NoContent;
    }

    private static Answer Reactions(RestCall call, List<Reaction> reactions) =>
        call.Page(reactions.Where(r => r.Seen() && (call.Query["content"].ToString() is not { Length: > 0 } wanted || wanted == r.Content)), call.Shapes.Reaction);

    private static Answer React(RestCall call, List<Reaction> reactions, string subject)
    {
        (Reaction reaction, bool made) = call.World.React(reactions, call.Repository, subject, call.Actor, call.Text("content") ?? "");
        return made ? Answer.Created(call.Shapes.Reaction(reaction)) : Answer.Ok(call.Shapes.Reaction(reaction));
    }
}
