using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>What people can look up on the Local forge beyond the questions that every forge answers.</summary>
internal sealed class LocalBooks(IDbContextFactory<BotDb> factory)
{
    /// <summary>The comments on an issue or pull request, oldest first.</summary>
    public async Task<IReadOnlyList<LocalComment>> CommentsAsync(RepoRef repository, long number, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        List<LocalCommentRow> rows = await db.Set<LocalCommentRow>().AsNoTracking()
            .Where(c => c.RepositoryId == home.Id && c.Number == number && !c.Deleted).OrderBy(c => c.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(c => new LocalComment(c.Id, new ActorId(c.AuthorId, c.AuthorLogin, c.AuthorName), c.Body, c.CreatedAt, c.UpdatedAt))];
    }

    /// <summary>The reactions to a comment: who and what.</summary>
    public async Task<IReadOnlyList<(long Actor, string Content)>> ReactionsAsync(long commentId, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        List<LocalReactionRow> rows = await db.Set<LocalReactionRow>().AsNoTracking().Where(r => r.CommentId == commentId)
            .OrderBy(r => r.ActorId).ThenBy(r => r.Content).ToListAsync(cancellationToken);
        return [.. rows.Select(r => (r.ActorId, r.Content))];
    }

    /// <summary>The checks on a commit, by name.</summary>
    public async Task<IReadOnlyList<LocalCheck>> ChecksAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        List<LocalCheckRow> rows = await db.Set<LocalCheckRow>().AsNoTracking()
            .Where(c => c.RepositoryId == home.Id && c.Commit == commit.Value).OrderBy(c => c.Name).ToListAsync(cancellationToken);
        return [.. rows.Select(c => new LocalCheck(c.Name, c.Conclusion, c.Title, c.Summary))];
    }

    /// <summary>Issues and pull requests, newest first, at most <paramref name="count"/>.</summary>
    public async Task<IReadOnlyList<LocalIssue>> IssuesAsync(RepoRef repository, int count, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        List<LocalIssueRow> rows = await db.Set<LocalIssueRow>().AsNoTracking()
            .Where(i => i.RepositoryId == home.Id).OrderByDescending(i => i.Number).Take(count).ToListAsync(cancellationToken);
        return [.. rows.Select(i => new LocalIssue(i.Number, i.Title, i.Body, i.State, i.Draft, i.Labels, i.Assignees, i.Branch, i.BaseBranch))];
    }
}

/// <summary>A check as people see it.</summary>
internal sealed record LocalCheck(string Name, string Conclusion, string Title, string Summary);

/// <summary>An issue or pull request as people see it; <paramref name="Branch"/> is null for an issue.</summary>
internal sealed record LocalIssue(
    long Number, string Title, string Body, string State, bool Draft, IReadOnlyList<string> Labels, IReadOnlyList<long> Assignees, string? Branch, string? BaseBranch);
