using System.Collections.Immutable;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Exports;

/// <summary>Keeps archives as <c>DataDirectory/exports/NAME-TREE.FORMAT</c>, where TREE is the start of the git tree's id.</summary>
internal sealed class ArchivePublisher(
    IDbContextFactory<BotDb> factory, StorageOptions options, IContentStore contents, ArchiveWriter writer, IRandomSource random, TimeProvider time) : IArchivePublisher
{
    private const int Attempts = 5;

    /// <inheritdoc/>
    public Task<Receipt> PublishAsync(PublishArchive effect, CancellationToken cancellationToken) => PublishAsync(effect, projectId: null, cancellationToken);

    /// <summary>The same for a project that is known.</summary>
    public async Task<Receipt> PublishAsync(PublishArchive effect, string? projectId, CancellationToken cancellationToken)
    {
        ArchiveFormat? format = ArchiveFormat.Find(effect.Format);
        if (format is null)
        {
            return Of(effect, EffectOutcome.Refused, []) with { Reason = $"there is no archive format '{effect.Format}'; there are {string.Join(", ", ArchiveFormat.All)}" };
        }

        string name = effect.FileName.EndsWith("." + format, StringComparison.Ordinal) ? effect.FileName[..^(format.Name.Length + 1)] : effect.FileName;
        if ((Refusal(name) ?? Refusal(effect.RootFolder)) is { } refusal)
        {
            return Of(effect, EffectOutcome.Refused, []) with { Reason = refusal };
        }

        CommitId tree = new GitObjects(contents, sink: null).Tree(effect.Tree);
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        RepositoryExportRow row = await RowAsync(db, effect, name, format, tree, projectId, cancellationToken);
        string path = Path.Combine(options.DataDirectory, "exports", row.FileName);
        if (db.Entry(row).State is EntityState.Unchanged && new FileInfo(path) is { Exists: true } file && file.Length == row.Size)
        {
            return Of(effect, EffectOutcome.Adopted, Values(row, path));
        }

        ArchiveFacts facts = await WriteAsync(effect, format, path, cancellationToken);
        row.Size = facts.Size;
        row.Sha256 = facts.Sha256;
        try
        {
            await db.SaveChangesAsync(CancellationToken.None); // The file is there: its row has to follow.
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            // Somebody wrote the same archive at the same time: the same bytes under the same name.
        }

        return Of(effect, EffectOutcome.Applied, Values(row, path));
    }

    /// <summary>Writes an archive to any file: beside it first, then under its name, so that no half archive is ever seen.</summary>
    public async Task<ArchiveFacts> WriteAsync(PublishArchive effect, ArchiveFormat format, string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        await using FileStream file = Begin(path);
        try
        {
            ArchiveFacts facts = await writer.WriteAsync(effect.Tree, effect.RootFolder, format, file, cancellationToken);
            Sync(file);

            // Moved while it is held: let go of first, it would look like the remains of a writer that died.
            CrashPoint.Here("written:archive");
            File.Move(file.Name, path, overwrite: true);
            CrashPoint.Here("moved:archive");
            return facts;
        }
        finally
        {
            File.Delete(file.Name);
        }
    }

    /// <summary>
    /// An unfinished archive that nobody else deletes. A file is made and then locked, and in between another writer may take it
    /// for remains: so only one that is still there once it is locked counts.
    /// </summary>
    private FileStream Begin(string path)
    {
        DeleteLeftovers(path);
        for (int attempt = 1; ; attempt++)
        {
            string unfinished = $"{path}.{random.NextBase32(8)}.tmp";
            try
            {
                FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 128 * 1024, useAsync: false);
                if (File.Exists(unfinished))
                {
                    return file;
                }

                file.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Taken for remains at this very moment; a disk that is full says so again.
            }
        }
    }

    /// <summary>Deletes what writers of this archive left that died; one that is at work holds its file.</summary>
    private static void DeleteLeftovers(string path)
    {
        foreach (string leftover in Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", $"{Path.GetFileName(path)}.*.tmp"))
        {
            try
            {
                // Not FileOptions.DeleteOnClose: that deletes the file also where the lock was refused.
                using FileStream held = new(leftover, FileMode.Open, FileAccess.Write, FileShare.None);
                File.Delete(leftover);
            }
            catch (IOException)
            {
                // Somebody is writing it, or it is gone already.
            }
        }
    }

    private static void Sync(FileStream file) => file.Flush(flushToDisk: true);

    private async Task<RepositoryExportRow> RowAsync(
        BotDb db, PublishArchive effect, string name, ArchiveFormat format, CommitId tree, string? projectId, CancellationToken cancellationToken)
    {
        string fileName = $"{name}-{tree.Short}.{format}";
        RepositoryExportRow? known = await db.Set<RepositoryExportRow>().FirstOrDefaultAsync(e => e.FileName == fileName, cancellationToken);
        if (known is not null && (known.Tree != tree.Value || known.RootFolder != effect.RootFolder))
        {
            // Another tree whose id starts alike, or another root folder: the full id and the folder tell them apart.
            fileName = $"{name}-{tree}-{effect.RootFolder}.{format}";
            known = await db.Set<RepositoryExportRow>().FirstOrDefaultAsync(e => e.FileName == fileName, cancellationToken);
        }

        if (known is not null)
        {
            return known;
        }

        RepositoryExportRow row = new()
        {
            Id = random.NextBase32(26),
            ProjectId = projectId,
            Tree = tree.Value,
            RootFolder = effect.RootFolder,
            Format = format.Name,
            Status = "succeeded",
            Size = 0,
            Sha256 = "",
            FileName = fileName,
            CreatedAt = time.GetUtcNow(),
        };
        db.Add(row);
        return row;
    }

    private static string? Refusal(string part) =>
        !RepoPath.TryParse(part, out _, out string? rule) ? $"'{part}' cannot be the name of an archive: {rule}"
        : part.Contains('/') ? $"'{part}' cannot be the name of an archive: it is a path"
        : null;

    private static IEnumerable<(string Name, string Value)> Values(RepositoryExportRow row, string path) =>
        [("path", path), ("sha256", row.Sha256), ("size", $"{row.Size}"), ("format", row.Format), ("tree", row.Tree)];

    private static Receipt Of(PublishArchive effect, EffectOutcome outcome, IEnumerable<(string Name, string Value)> values) =>
        new(effect.Key, effect.Kind, outcome, values.ToImmutableSortedDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
}
