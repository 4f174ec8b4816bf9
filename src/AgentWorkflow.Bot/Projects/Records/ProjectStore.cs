using System.Collections.Immutable;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Projects.Records;

/// <summary>Keeps what runs generated.</summary>
internal sealed class ProjectStore(IDbContextFactory<BotDb> factory, IRandomSource random, TimeProvider time)
{
    /// <summary>Records the project of a run, once: a repeat returns what the first call stored.</summary>
    public async Task<GeneratedProject> SaveAsync(
        string runId, string forge, RepoRef repository, string title, CommitId? tree, WorkspaceTree files, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await ReadAsync(db, p => p.RunId == runId, cancellationToken) is { } known)
        {
            return known;
        }

        string id = random.NextBase32(26);
        ProjectRow row = new()
        {
            Id = id,
            RunId = runId,
            Forge = forge,
            Repository = repository.ToString(),
            Title = title,
            Tree = tree?.Value,
            CreatedAt = time.GetUtcNow(),
        };
        row.Files.AddRange(files.Files.Select(f => new ProjectFileRow
        {
            ProjectId = id,
            Path = f.Key.Value,
            Sha256 = f.Value.Sha256,
            Size = f.Value.Size,
            Executable = f.Value.Executable,
        }));
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            // Another process drove the same run and was faster; its record is as good as ours.
            db.ChangeTracker.Clear();
            return await ReadAsync(db, p => p.RunId == runId, cancellationToken)
                ?? throw new InvalidOperationException($"The project of run {runId} was refused as a duplicate but is not there.", exception);
        }

        return Of(row);
    }

    /// <summary>The project of that id, or the newest one of <c>OWNER/NAME</c>; null when there is none.</summary>
    public async Task<GeneratedProject?> FindAsync(string idOrRepository, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        return idOrRepository.Contains('/')
            ? await ReadAsync(db, p => p.Repository == idOrRepository, cancellationToken)
            : await ReadAsync(db, p => p.Id == idOrRepository, cancellationToken);
    }

    /// <summary>The project of a run, or null.</summary>
    public async Task<GeneratedProject?> FindByRunAsync(string runId, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(db, p => p.RunId == runId, cancellationToken);
    }

    private static async Task<GeneratedProject?> ReadAsync(
        BotDb db, System.Linq.Expressions.Expression<Func<ProjectRow, bool>> which, CancellationToken cancellationToken) =>
        await db.Set<ProjectRow>().AsNoTracking().Include(p => p.Files).Where(which).OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id)
            .FirstOrDefaultAsync(cancellationToken) is { } row ? Of(row) : null;

    private static GeneratedProject Of(ProjectRow row) => new(
        row.Id,
        row.RunId,
        row.Forge,
        RepoRef.TryParse(row.Repository, out RepoRef? repository) ? repository : throw new FormatException($"'{row.Repository}' in table Projects is no repository."),
        row.Title,
        row.Tree is null ? null : CommitId.Parse(row.Tree),
        row.CreatedAt,
        new WorkspaceTree(row.Files.ToImmutableSortedDictionary(f => RepoPath.Parse(f.Path), f => new FileEntry(f.Sha256, f.Size, f.Executable))));
}
