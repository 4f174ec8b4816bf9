using System.Globalization;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>What people do on the Local forge: the command line, the pages and tests act through this, and each deed is told like a webhook.</summary>
internal sealed partial class LocalPeople(
    IDbContextFactory<BotDb> factory, LocalRepositories repositories, LocalEvents events, PullRequestPage page, TimeProvider time)
{
    /// <summary>Opens an issue.</summary>
    public async Task<IssueFacts> CreateIssueAsync(
        RepoRef repository, ActorId author, string title, string body, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        LocalIssueRow row = new()
        {
            RepositoryId = home.Id,
            Number = await LocalRepositories.NextNumberAsync(db, home.Id, cancellationToken),
            Title = title,
            Body = body,
            State = "open",
            AuthorId = author.Id,
            AuthorLogin = author.Login,
            AuthorName = author.Name,
            Labels = [.. labels],
            CreatedAt = time.GetUtcNow(),
            UpdatedAt = time.GetUtcNow(),
        };
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await events.TellIssueAsync(db, home, row, "opened", author, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new IssueFacts(row.Number, title, body, LocalForgeReader.UrlOf(home.FullName, row.Number), author, IsPullRequest: false);
    }

    /// <summary>Comments on an issue or pull request.</summary>
    public async Task<LocalComment> CommentAsync(RepoRef repository, ActorId author, long number, string body, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        LocalIssueRow issue = await RequireIssueAsync(db, home, number, cancellationToken);
        LocalCommentRow row = NewComment(home.Id, number, author, body, time.GetUtcNow());
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await events.TellCommentAsync(db, home, issue, row, author, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new LocalComment(row.Id, author, body, row.CreatedAt, row.UpdatedAt);
    }

    /// <summary>Deletes a comment; ours is then not written again.</summary>
    public async Task DeleteCommentAsync(RepoRef repository, long commentId, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        await db.Set<LocalCommentRow>().Where(c => c.RepositoryId == home.Id && c.Id == commentId)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Deleted, valueExpression: true), cancellationToken);
    }

    /// <summary>Puts labels on an issue or pull request, or takes them off.</summary>
    public async Task LabelAsync(RepoRef repository, ActorId actor, long number, string label, bool add, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        LocalIssueRow row = await RequireIssueAsync(db, home, number, cancellationToken);
        if (row.Labels.Contains(label) == add)
        {
            return;
        }

        row.Labels = add ? [.. row.Labels, label] : [.. row.Labels.Where(l => l != label)];
        row.UpdatedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancellationToken);
        await events.TellLabelAsync(db, home, row, label, add, actor, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Closes an issue or pull request without merging it.</summary>
    public async Task CloseAsync(RepoRef repository, ActorId actor, long number, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        await EndAsync(db, repository, home, await RequireIssueAsync(db, home, number, cancellationToken), "closed", actor, cancellationToken);
    }

    /// <summary>Merges a pull request: the base moves forward where it can, else a merge commit joins both; issues it closes are closed.</summary>
    /// <returns>The base branch's new head.</returns>
    /// <exception cref="ForgeException">It is not open, conflicts, or the base moved at the same moment.</exception>
    public async Task<CommitId> MergeAsync(RepoRef repository, ActorId actor, long number, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalIssueRow row = await RequireIssueAsync(db, home, number, cancellationToken);
        if (row is not { State: "open", Branch: { } branch, BaseBranch: { } into })
        {
            throw new ForgeException(ForgeFault.Conflict, $"#{number} of {repository} is no open pull request.");
        }

        CommitId? merged;
        CommitId? target;
        using (BareRepository git = repositories.Open(repository))
        {
            CommitId? head = git.Head(branch);
            target = git.Head(into);
            merged = head is null || target is null ? null
                : git.IsAncestor(target, head) ? head
                : git.Merge(target, head, new CommitIdentity(actor.Name ?? actor.Login, $"{actor.Login}@local.invalid"), time.GetUtcNow(), $"Merge pull request #{number} from {branch}\n");
        }

        if (merged is null || !await repositories.TryMoveAsync(repositories.PathOf(repository), into, target, merged, cancellationToken))
        {
            throw new ForgeException(ForgeFault.Conflict, $"Pull request #{number} of {repository} cannot be merged: it conflicts with '{into}', or a branch is gone.");
        }

        // The merge has happened; its record follows whatever happens to the caller.
        await EndAsync(db, repository, home, row, "merged", actor, CancellationToken.None);
        foreach (Match closes in ClosingWords().Matches(row.Body))
        {
            long issue = long.Parse(closes.Groups["issue"].ValueSpan, CultureInfo.InvariantCulture);
            if (await FindIssueAsync(db, home, issue, CancellationToken.None) is { State: "open", Branch: null } closed)
            {
                await EndAsync(db, repository, home, closed, "closed", actor, CancellationToken.None);
            }
        }

        return merged;
    }

    /// <summary>Gives a person a right on a repository.</summary>
    public async Task GrantAsync(RepoRef repository, ActorId actor, RepositoryPermission permission, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalAccessRow? row = await db.Set<LocalAccessRow>().FirstOrDefaultAsync(a => a.RepositoryId == home.Id && a.ActorId == actor.Id, cancellationToken);
        if (row is null)
        {
            db.Add(new LocalAccessRow { RepositoryId = home.Id, ActorId = actor.Id, Permission = permission });
        }
        else
        {
            row.Permission = permission;
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A comment's row, for people's and for ours.</summary>
    internal static LocalCommentRow NewComment(long repositoryId, long number, ActorId author, string body, DateTimeOffset now) => new()
    {
        RepositoryId = repositoryId,
        Number = number,
        Body = body,
        AuthorId = author.Id,
        AuthorLogin = author.Login,
        AuthorName = author.Name,
        CreatedAt = now,
        UpdatedAt = now,
    };

    private async Task EndAsync(
        BotDb db, RepoRef repository, LocalRepositoryRow home, LocalIssueRow row, string state, ActorId actor, CancellationToken cancellationToken)
    {
        if (row.State != "open")
        {
            return;
        }

        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            if (row.Branch is not null)
            {
                using BareRepository git = repositories.Open(repository);
                row.Head = git.Head(row.Branch)?.Value ?? row.Head;
            }

            row.State = state;
            row.OpenBranch = null;
            row.UpdatedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellationToken);
            await events.TellIssueAsync(db, home, row, "closed", actor, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        if (row.Branch is not null)
        {
            await page.WriteAsync(repository, row, CancellationToken.None);
        }
    }

    private static Task<LocalIssueRow?> FindIssueAsync(BotDb db, LocalRepositoryRow home, long number, CancellationToken cancellationToken) =>
        db.Set<LocalIssueRow>().FirstOrDefaultAsync(i => i.RepositoryId == home.Id && i.Number == number, cancellationToken);

    private static async Task<LocalIssueRow> RequireIssueAsync(BotDb db, LocalRepositoryRow home, long number, CancellationToken cancellationToken) =>
        await FindIssueAsync(db, home, number, cancellationToken)
            ?? throw new ForgeException(ForgeFault.NotFound, $"{home.FullName} has no issue or pull request #{number}.");

    [GeneratedRegex(@"\bcloses #(?<issue>\d{1,9})\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ClosingWords();
}

/// <summary>A comment as people see it.</summary>
internal sealed record LocalComment(long Id, ActorId Author, string Body, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
