using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Pull requests: at most one open a branch, never reopened when a person closed it.</summary>
internal sealed class LocalPullRequestEffects(IDbContextFactory<BotDb> factory, LocalRepositories repositories, PullRequestPage page, TimeProvider time)
{
    /// <summary>Opens one, or brings the open one of ours up to date.</summary>
    public async Task<Receipt> OpenAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        CommitId head = HeadOf(repository, effect);
        LocalIssueRow? row = await LocalForgeReader.LatestAsync(db, home.Id, effect.Branch.Value, cancellationToken);
        if (row is not null && (row.State != "open" || row.AuthorId != LocalForge.Bot.Id || Says(row, effect, owner)))
        {
            throw new ForgeException(ForgeFault.Conflict, $"The branch '{effect.Branch}' of {repository} has pull request #{row.Number} already ({row.State}).");
        }

        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (row is null)
            {
                row = New(home.Id, await LocalRepositories.NextNumberAsync(db, home.Id, cancellationToken), effect);
                db.Add(row);
            }

            Write(row, effect, owner, head);
            await db.SaveChangesAsync(cancellationToken);
            CrashPoint.Here("uncommitted:pull_request");
            await transaction.CommitAsync(cancellationToken);
            CrashPoint.Here("committed:pull_request");
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            throw new ForgeException(ForgeFault.Conflict, $"Somebody else opened a pull request for '{effect.Branch}' at the same time.", exception);
        }

        await page.WriteAsync(repository, row, CancellationToken.None); // It is open: the page follows whatever happens to the caller.
        return Receipts.Applied(effect, Values(repository, row));
    }

    /// <summary>Ours is an open one with this run's marker that says what the effect says; planned when ours has to be brought up to date.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalIssueRow? row = await LocalForgeReader.LatestAsync(db, home.Id, effect.Branch.Value, cancellationToken);
        if (row is null)
        {
            using BareRepository git = repositories.Open(repository);
            return git.Head(effect.Branch.Value) is null ? Receipts.Refused(effect, $"the branch '{effect.Branch}' is not there any more") : null;
        }

        if (row.State != "open")
        {
            string deed = row.State == "merged" ? "merged" : "closed";
            return Receipts.Refused(effect, $"pull request #{row.Number} was {deed} by a person and stays so", Values(repository, row));
        }

        if (row.AuthorId != LocalForge.Bot.Id)
        {
            return Receipts.Refused(effect, $"pull request #{row.Number} of this branch is somebody else's", Values(repository, row));
        }

        if (!Says(row, effect, owner))
        {
            return Receipts.Stale(effect, Values(repository, row));
        }

        await page.WriteAsync(repository, row, cancellationToken); // Whoever opened it may have died before.
        return Receipts.Adopted(effect, Values(repository, row));
    }

    private CommitId HeadOf(RepoRef repository, OpenPullRequest effect)
    {
        using BareRepository git = repositories.Open(repository);
        CommitId? head = git.Head(effect.Branch.Value);
        return git.Head(effect.Base) is null ? throw new ForgeException(ForgeFault.NotFound, $"{repository} has no branch '{effect.Base}' to merge into.")
            : head ?? throw new ForgeException(ForgeFault.Conflict, $"{repository} has no branch '{effect.Branch}' any more.");
    }

    private LocalIssueRow New(long repositoryId, long number, OpenPullRequest effect) => new()
    {
        RepositoryId = repositoryId,
        Number = number,
        Title = effect.Title,
        Body = effect.Body,
        State = "open",
        AuthorId = LocalForge.Bot.Id,
        AuthorLogin = LocalForge.Bot.Login,
        AuthorName = LocalForge.Bot.Name,
        Branch = effect.Branch.Value,
        OpenBranch = effect.Branch.Value,
        CreatedAt = time.GetUtcNow(),
        UpdatedAt = time.GetUtcNow(),
    };

    private void Write(LocalIssueRow row, OpenPullRequest effect, EffectOwner owner, CommitId head)
    {
        row.Title = effect.Title;
        row.Body = Marked(effect, owner);
        row.BaseBranch = effect.Base;
        row.Draft = effect.Draft;
        row.Marker = owner.Marker;
        row.Head = head.Value;
        row.UpdatedAt = time.GetUtcNow();

        // People may have added labels and assignees of their own; those stay.
        row.Labels = [.. row.Labels.Union(effect.Labels, StringComparer.Ordinal)];
        row.Assignees = [.. row.Assignees.Union(effect.Assignees.Select(a => a.Id))];
    }

    private static bool Says(LocalIssueRow row, OpenPullRequest effect, EffectOwner owner) =>
        row.Marker == owner.Marker
        && row.Title == effect.Title
        && row.Body == Marked(effect, owner)
        && row.BaseBranch == effect.Base
        && row.Draft == effect.Draft;

    private static string Marked(OpenPullRequest effect, EffectOwner owner) =>
        MarkedText.Of(effect.Body, owner.Marker);

    private IEnumerable<(string Name, string Value)> Values(RepoRef repository, LocalIssueRow row) =>
        [
            ("number", $"{row.Number}"),
            ("url", LocalForgeReader.UrlOf(repository.ToString(), row.Number)),
            ("branch", row.Branch ?? ""),
            ("commit", row.Head ?? ""),
            ("path", repositories.PageOf(repository, row.Number)),
        ];
}
