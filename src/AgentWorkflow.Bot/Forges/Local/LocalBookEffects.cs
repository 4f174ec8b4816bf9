using System.Text.Json;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Comments, reactions and checks: rows whose unique keys are the effects' natural keys.</summary>
internal sealed class LocalBookEffects(IDbContextFactory<BotDb> factory, TimeProvider time)
{
    /// <summary>Creates the comment of that marker, or edits it in place.</summary>
    public async Task<Receipt> PutAsync(RepoRef repository, PutComment effect, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        if (!await db.Set<LocalIssueRow>().AnyAsync(i => i.RepositoryId == home.Id && i.Number == effect.Number, cancellationToken))
        {
            throw new ForgeException(ForgeFault.NotFound, $"{repository} has no issue or pull request #{effect.Number}.");
        }

        LocalCommentRow? row = await CommentAsync(db, home.Id, effect, cancellationToken);
        if (row is { Deleted: true })
        {
            throw new ForgeException(ForgeFault.Conflict, $"The comment on #{effect.Number} of {repository} was deleted by a person.");
        }

        if (row is null)
        {
            row = LocalPeople.NewComment(home.Id, effect.Number, LocalForge.Bot, Marked(effect), time.GetUtcNow());
            row.Marker = effect.Marker;
            db.Add(row);
        }

        row.Body = Marked(effect);
        row.UpdatedAt = time.GetUtcNow();
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            throw new ForgeException(ForgeFault.Conflict, $"The comment on #{effect.Number} of {repository} was written by somebody else at the same time.", exception);
        }

        return Receipts.Applied(effect, Values(home, row));
    }

    /// <summary>Ours is the comment of that marker by our account; planned when it has to be edited.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, PutComment effect, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalCommentRow? row = await CommentAsync(db, home.Id, effect, cancellationToken);
        return row is null ? null
            : row.Deleted ? Receipts.Refused(effect, $"the comment on #{effect.Number} was deleted by a person and stays so")
            : row.Body == Marked(effect) ? Receipts.Adopted(effect, Values(home, row))
            : Receipts.Stale(effect, Values(home, row));
    }

    /// <summary>Adds a reaction; one that is there already stays as it is.</summary>
    public async Task<Receipt> ReactAsync(RepoRef repository, AddReaction effect, CancellationToken cancellationToken)
    {
        if (effect.Place != CommentPlace.Issue)
        {
            return Receipts.Refused(effect, "the Local forge has reactions to comments alone");
        }

        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        await RequireCommentAsync(db, repository, effect, cancellationToken);
        db.Add(new LocalReactionRow { CommentId = effect.CommentId, ActorId = LocalForge.Bot.Id, Content = effect.Content });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            // A repeat returns the reaction that exists, as on every forge.
        }

        return Receipts.Applied(effect, ("commentId", $"{effect.CommentId}"));
    }

    /// <summary>Ours is a reaction of our account.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, AddReaction effect, CancellationToken cancellationToken)
    {
        if (effect.Place != CommentPlace.Issue)
        {
            return null;
        }

        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        await RequireCommentAsync(db, repository, effect, cancellationToken);
        bool there = await db.Set<LocalReactionRow>().AnyAsync(
            r => r.CommentId == effect.CommentId && r.ActorId == LocalForge.Bot.Id && r.Content == effect.Content, cancellationToken);
        return there ? Receipts.Adopted(effect, ("commentId", $"{effect.CommentId}")) : null;
    }

    /// <summary>Takes a label off; one that is off stays off.</summary>
    public async Task<Receipt> RemoveAsync(RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await LabelledAsync(db, repository, effect, cancellationToken) is { } row)
        {
            row.Labels = [.. row.Labels.Where(l => l != effect.Label)];
            row.UpdatedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellationToken);
        }

        return Receipts.Applied(effect, ("number", $"{effect.Number}"));
    }

    /// <summary>Done is a label that is off.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        return await LabelledAsync(db, repository, effect, cancellationToken) is null ? Receipts.Adopted(effect, ("number", $"{effect.Number}")) : null;
    }

    /// <summary>Sets the check of that name on a commit; a repeat is an update.</summary>
    public async Task<Receipt> SetAsync(RepoRef repository, SetCheck effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalCheckRow? row = await CheckAsync(db, home.Id, effect, cancellationToken);
        LocalCheckRow said = Row(home.Id, effect, owner);
        if (row is null)
        {
            db.Add(said);
        }
        else
        {
            db.Entry(row).CurrentValues.SetValues(said);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            throw new ForgeException(ForgeFault.Conflict, $"The check '{effect.Name}' on {effect.Commit.Short} was set by somebody else at the same time.", exception);
        }

        return Receipts.Applied(effect, ("commit", effect.Commit.Value));
    }

    /// <summary>Ours is a check of this run that says what the effect says.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, SetCheck effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalCheckRow said = Row(home.Id, effect, owner);
        bool there = await CheckAsync(db, home.Id, effect, cancellationToken) is { } row
            && (row.RunKey, row.Conclusion, row.Title, row.Summary, row.Annotations) == (said.RunKey, said.Conclusion, said.Title, said.Summary, said.Annotations);
        return there ? Receipts.Adopted(effect, ("commit", effect.Commit.Value)) : null;
    }

    private static Task<LocalCommentRow?> CommentAsync(BotDb db, long repositoryId, PutComment effect, CancellationToken cancellationToken) =>
        db.Set<LocalCommentRow>().FirstOrDefaultAsync(c => c.RepositoryId == repositoryId && c.Number == effect.Number && c.Marker == effect.Marker, cancellationToken);

    private static async Task<LocalIssueRow?> LabelledAsync(BotDb db, RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalIssueRow? row = await db.Set<LocalIssueRow>().FirstOrDefaultAsync(i => i.RepositoryId == home.Id && i.Number == effect.Number, cancellationToken);
        return row?.Labels.Contains(effect.Label) is true ? row : null;
    }

    private static Task<LocalCheckRow?> CheckAsync(BotDb db, long repositoryId, SetCheck effect, CancellationToken cancellationToken) =>
        db.Set<LocalCheckRow>().FirstOrDefaultAsync(c => c.RepositoryId == repositoryId && c.Commit == effect.Commit.Value && c.Name == effect.Name, cancellationToken);

    private static async Task RequireCommentAsync(BotDb db, RepoRef repository, AddReaction effect, CancellationToken cancellationToken)
    {
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        if (!await db.Set<LocalCommentRow>().AnyAsync(c => c.Id == effect.CommentId && c.RepositoryId == home.Id && !c.Deleted, cancellationToken))
        {
            throw new ForgeException(ForgeFault.NotFound, $"{repository} has no comment {effect.CommentId}.");
        }
    }

    private LocalCheckRow Row(long repositoryId, SetCheck effect, EffectOwner owner) => new()
    {
        RepositoryId = repositoryId,
        Commit = effect.Commit.Value,
        Name = effect.Name,
        Conclusion = effect.Conclusion switch { CheckConclusion.Success => "success", CheckConclusion.Failure => "failure", _ => "neutral" },
        Title = effect.Title,
        Summary = effect.Summary,
        Annotations = JsonSerializer.Serialize(effect.Annotations.Select(a => new { path = a.Path.Value, a.StartLine, a.EndLine, a.Level, a.Title, a.Message }), JsonSerializerOptions.Web),
        RunKey = owner.RunKey,
        UpdatedAt = time.GetUtcNow(),
    };

    // The marker also stands in the text, hidden, as on forges that keep nothing else.
    private static string Marked(PutComment effect) => MarkedText.Of(effect.Body, effect.Marker);

    private static IEnumerable<(string Name, string Value)> Values(LocalRepositoryRow home, LocalCommentRow row) =>
        [("commentId", $"{row.Id}"), ("number", $"{row.Number}"), ("url", $"{LocalForgeReader.UrlOf(home.FullName, row.Number)}-{row.Id}")];
}
