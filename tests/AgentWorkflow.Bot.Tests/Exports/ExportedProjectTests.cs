using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Exports;

/// <summary>From a stored project through a store to unpacked files: the same files, and the same bytes the second time (P74: what is written could be read in again).</summary>
public sealed class ExportedProjectTests(SqliteDatabase database, S3Servers servers) : IClassFixture<SqliteDatabase>, IDisposable
{
    private readonly IDatabaseFixture _database = database;
    private readonly MemoryContentStore _contents = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<string, string> StoresAndFormats => new(["disk", S3Servers.Fauxqs, S3Servers.S3rver], ["zip", "tar", "tar.gz"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(StoresAndFormats))]
    public async Task Unpacked_Files_Are_Those_Of_The_Rows_And_Twice_Gives_The_Same_Bytes(string kind, string format)
    {
        IObjectStore store = await OpenAsync(kind);
        GeneratedProject project = await SaveAsync($"ideas/{kind}-{format.Replace('.', '-')}");
        PublishArchive effect = new(new EffectKey("export"), project.Files, format, "library", $"{kind}.{format}");

        Receipt first = await Publisher(store).PublishAsync(effect, project.Id, Cancel);
        byte[] archive = await ReadAsync(store, first);
        await store.DeleteAsync(NameOf(first), Cancel);
        Receipt second = await Publisher(store).PublishAsync(effect, project.Id, Cancel);

        Assert.Equal((EffectOutcome.Applied, EffectOutcome.Applied), (first.Outcome, second.Outcome));
        Assert.Equal((first["sha256"], first["size"]), (Convert.ToHexStringLower(SHA256.HashData(archive)), $"{archive.Length}"));
        Assert.Equal(archive, await ReadAsync(store, second));
        await using BotDb db = await _database.Factory.CreateDbContextAsync(Cancel);
        List<ProjectFileRow> rows = await db.Set<ProjectFileRow>().AsNoTracking().Where(f => f.ProjectId == project.Id).ToListAsync(Cancel);
        Assert.Equal(
            rows.Select(r => ($"library/{r.Path}", r.Size, r.Sha256, r.Executable)).Order(),
            Unpack(format, archive).Select(f => (f.Path, (long)f.Content.Length, Convert.ToHexStringLower(SHA256.HashData(f.Content)), f.MayRun)).Order());
    }

    private async Task<IObjectStore> OpenAsync(string kind)
    {
        Assert.SkipWhen(kind != "disk" && S3Servers.Absence is not null, S3Servers.Absence ?? "");
        return kind == "disk" ? new DiskObjectStore(_folder.Path, new SystemRandomSource()) : new S3ObjectStore(await servers.OptionsAsync(kind, Cancel), TimeProvider.System);
    }

    private Task<GeneratedProject> SaveAsync(string repository)
    {
        Assert.True(RepoRef.TryParse(repository, out RepoRef? repo));
        byte[] large = new byte[9 << 20];
        new Random(1).NextBytes(large);
        return new ProjectStore(_database.Factory, new SystemRandomSource(), TimeProvider.System).SaveAsync(
            repository, "local", repo, "An idea", tree: null, _contents.With(_contents.Tree(("README.md", "text"), ("build.sh*", "#!/bin/sh"), ("docs/größe.md", "ü"), ("empty", "")), "large.bin", large), Cancel);
    }

    private ArchivePublisher Publisher(IObjectStore store) =>
        new(_database.Factory, store, _contents, new ArchiveWriter(_contents), new SystemRandomSource(), TimeProvider.System);

    private static string NameOf(Receipt receipt) => ArchivePublisher.ObjectOf(receipt["path"]!.Split('/')[^1]);

    private static async Task<byte[]> ReadAsync(IObjectStore store, Receipt receipt)
    {
        await using Stream stored = await store.OpenReadAsync(NameOf(receipt), 0, Cancel);
        using MemoryStream held = new();
        await stored.CopyToAsync(held, Cancel);
        return held.ToArray();
    }

    private static IEnumerable<(string Path, byte[] Content, bool MayRun)> Unpack(string format, byte[] archive)
    {
        using MemoryStream packed = new(archive);
        if (format == "zip")
        {
            using ZipArchive zip = new(packed);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                yield return (entry.FullName, Held(entry.Open()), ((entry.ExternalAttributes >> 16) & 0b001_001_001) != 0);
            }

            yield break;
        }

        using Stream plain = format == "tar" ? packed : new GZipStream(packed, CompressionMode.Decompress);
        using TarReader tar = new(plain);
        while (tar.GetNextEntry() is { } entry)
        {
            yield return (entry.Name, entry.DataStream is { } data ? Held(data) : [], entry.Mode.HasFlag(UnixFileMode.UserExecute));
        }
    }

    private static byte[] Held(Stream content)
    {
        using MemoryStream held = new();
        content.CopyTo(held);
        return held.ToArray();
    }
}
