using System.Collections.Immutable;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Exports;

/// <summary>Keeps archives as the object <c>exports/NAME-TREE.FORMAT</c>, where TREE is the start of the git tree's id.</summary>
internal sealed class ArchivePublisher(
    IDbContextFactory<BotDb> factory, IObjectStore objects, IContentStore contents, ArchiveWriter writer, IRandomSource random, TimeProvider time) : IArchivePublisher
{
    /// <summary>How long a link holds.</summary>
    public static TimeSpan LinkLifetime { get; } = TimeSpan.FromMinutes(15);

    /// <summary>The folder of archives in the object store.</summary>
    public const string Folder = "exports";

    /// <summary>The object of a row.</summary>
    public static string ObjectOf(string fileName) => $"{Folder}/{fileName}";

    /// <inheritdoc/>
    public Task<Receipt> PublishAsync(PublishArchive effect, CancellationToken cancellationToken) => PublishAsync(effect, projectId: null, cancellationToken);

    /// <summary>The same for a project that is known.</summary>
    public async Task<Receipt> PublishAsync(PublishArchive effect, string? projectId, CancellationToken cancellationToken)
    {
        if (ArchiveNames.Refusal(effect) is { } refusal || ArchiveFormat.Find(effect.Format) is not { } format)
        {
            return Refused(effect, ArchiveNames.Refusal(effect) ?? "");
        }

        if (effect.Tree.Files.FirstOrDefault(f => !contents.Contains(f.Value.Sha256)).Key is { } gone)
        {
            return Refused(effect, $"the content of '{gone}' is not kept any more");
        }

        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        RepositoryExportRow row = await BeginAsync(db, effect, format, projectId, cancellationToken);
        if (row.Status is ExportStatus.Succeeded && (await objects.FindAsync(ObjectOf(row.FileName), cancellationToken))?.Size == row.Size)
        {
            return Of(effect, EffectOutcome.Adopted, Values(row));
        }

        try
        {
            await WriteAsync(row, effect, format, cancellationToken);
        }
        catch (IOException e)
        {
            // A content that is gone, a full disk, a store that does not answer: the same export may be asked for again.
            row.Reason = e.Message;
            await EndAsync(row, ExportStatus.Failed);
            return Refused(effect, e.Message.TrimEnd('.'));
        }

        row.Reason = null;
        await EndAsync(row, ExportStatus.Succeeded); // The archive is there: its row has to follow.
        return Of(effect, EffectOutcome.Applied, Values(row));
    }

    /// <summary>A link to download a published archive without a login; null where the store has none.</summary>
    public Task<Uri?> LinkAsync(Receipt receipt) => objects.LinkAsync(ObjectOf(Path.GetFileName(receipt["path"] ?? "")), LinkLifetime);

    /// <summary>Writes an archive to any file, whole or not at all.</summary>
    public async Task<ArchiveFacts> WriteAsync(PublishArchive effect, ArchiveFormat format, string path, CancellationToken cancellationToken)
    {
        ArchiveFacts? facts = null;
        await DiskObjectStore.WriteFileAsync(path, random, async (file, cancel) => facts = await writer.WriteAsync(effect.Tree, effect.RootFolder, format, file, cancel), cancellationToken);
        return facts ?? throw new InvalidOperationException("An archive was kept that was not written.");
    }

    private async Task WriteAsync(RepositoryExportRow row, PublishArchive effect, ArchiveFormat format, CancellationToken cancellationToken)
    {
        async Task Tell(int percent)
        {
            await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
            await db.Set<RepositoryExportRow>().Where(e => e.Id == row.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.Progress, percent), cancellationToken);
        }

        await objects.PutAsync(
            ObjectOf(row.FileName),
            async (file, cancel) =>
            {
                (row.Size, row.Sha256) = await writer.WriteAsync(effect.Tree, effect.RootFolder, format, file, cancel, Tell);
                CrashPoint.Here("written:archive");
            },
            cancellationToken);
        CrashPoint.Here("moved:archive");
    }

    /// <summary>The row of the archive, running; or as it is when it was written before.</summary>
    private async Task<RepositoryExportRow> BeginAsync(BotDb db, PublishArchive effect, ArchiveFormat format, string? projectId, CancellationToken cancellationToken)
    {
        RepositoryExportRow row = NewRow(effect, format, projectId);
        if (await SameNameAsync(db, row.FileName, cancellationToken) is { } other && (other.Tree != row.Tree || other.RootFolder != row.RootFolder))
        {
            // Another tree whose id starts alike, or another root folder: the full id and the folder tell them apart.
            row.FileName = $"{ArchiveNames.NameOf(effect, format)}-{row.Tree}-{effect.RootFolder}.{format}";
        }

        if (await SameNameAsync(db, row.FileName, cancellationToken) is { } known)
        {
            return known;
        }

        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return row;
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            // Somebody writes the same archive at the same time: the same bytes under the same name.
            return await SameNameAsync(db, row.FileName, cancellationToken) ?? throw new InvalidOperationException($"The export '{row.FileName}' was a duplicate of one that is not there.", exception);
        }
    }

    private static Task<RepositoryExportRow?> SameNameAsync(BotDb db, string fileName, CancellationToken cancellationToken) =>
        db.Set<RepositoryExportRow>().AsNoTracking().FirstOrDefaultAsync(e => e.FileName == fileName, cancellationToken);

    private RepositoryExportRow NewRow(PublishArchive effect, ArchiveFormat format, string? projectId)
    {
        CommitId tree = new GitObjects(contents, sink: null).Tree(effect.Tree);
        return new RepositoryExportRow
        {
            Id = random.NextBase32(26),
            ProjectId = projectId,
            Tree = tree.Value,
            RootFolder = effect.RootFolder,
            Format = format.Name,
            Status = ExportStatus.Running,
            Size = 0,
            Sha256 = "",
            FileName = $"{ArchiveNames.NameOf(effect, format)}-{tree.Short}.{format}",
            CreatedAt = time.GetUtcNow(),
        };
    }

    private async Task EndAsync(RepositoryExportRow row, ExportStatus status)
    {
        DateTimeOffset now = time.GetUtcNow();
        await using BotDb db = await factory.CreateDbContextAsync(CancellationToken.None);
        await db.Set<RepositoryExportRow>().Where(e => e.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(e => e.Status, status).SetProperty(e => e.Progress, e => status == ExportStatus.Succeeded ? 100 : e.Progress).SetProperty(e => e.Reason, row.Reason)
                .SetProperty(e => e.Size, row.Size).SetProperty(e => e.Sha256, row.Sha256).SetProperty(e => e.FinishedAt, (DateTimeOffset?)now),
            CancellationToken.None);
    }

    private IEnumerable<(string Name, string Value)> Values(RepositoryExportRow row) =>
        [("path", objects.AddressOf(ObjectOf(row.FileName))), ("sha256", row.Sha256), ("size", $"{row.Size}"), ("format", row.Format), ("tree", row.Tree)];

    private static Receipt Refused(PublishArchive effect, string reason) => Of(effect, EffectOutcome.Refused, []) with { Reason = reason };

    private static Receipt Of(PublishArchive effect, EffectOutcome outcome, IEnumerable<(string Name, string Value)> values) =>
        new(effect.Key, effect.Kind, outcome, values.ToImmutableSortedDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
}
