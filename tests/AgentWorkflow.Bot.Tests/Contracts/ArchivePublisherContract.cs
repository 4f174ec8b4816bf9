using System.Security.Cryptography;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Contracts;

public abstract class ArchivePublisherContract(IDatabaseFixture database)
{
    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Archive_Is_Named_After_Its_Tree_And_Written_Once()
    {
        PublishArchive effect = Effect("once", ("a.txt", "one"));

        Receipt first = await Publisher().PublishAsync(effect, Cancel);
        Receipt second = await Publisher().PublishAsync(effect, Cancel);

        Assert.Equal((EffectOutcome.Applied, EffectOutcome.Adopted), (first.Outcome, second.Outcome));
        Assert.Equal(first.Values, second.Values);
        Assert.Equal($"once-{first["tree"]![..7]}.zip", Path.GetFileName(first["path"]));
        byte[] bytes = await File.ReadAllBytesAsync(first["path"]!, Cancel);
        Assert.Equal((first["size"], first["sha256"]), ($"{bytes.Length}", Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    [Fact]
    public async Task An_Archive_That_Is_Gone_Is_Written_Again_With_The_Same_Bytes()
    {
        PublishArchive effect = Effect("again", ("a.txt", "one"));
        Receipt first = await Publisher().PublishAsync(effect, Cancel);
        File.Delete(first["path"]!);

        Receipt second = await Publisher().PublishAsync(effect, Cancel);

        Assert.Equal(EffectOutcome.Applied, second.Outcome);
        Assert.Equal(first.Values, second.Values);
        Assert.True(File.Exists(first["path"]));
    }

    [Fact]
    public async Task Eight_At_Once_Leave_One_Archive_And_No_Remains()
    {
        PublishArchive effect = Effect("eight", ("a.txt", "one"));

        Receipt[] receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Publisher().PublishAsync(effect, Cancel), Cancel)));

        Assert.Single(receipts.Select(r => r["sha256"]).Distinct());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(receipts[0]["path"])!, "eight-*"));
        await using BotDb db = await database.Factory.CreateDbContextAsync(Cancel);
        Assert.Equal(1, await db.Set<RepositoryExportRow>().CountAsync(e => e.FileName.StartsWith("eight-"), Cancel));
    }

    [Fact]
    public async Task Two_Root_Folders_Of_One_Tree_Are_Two_Archives()
    {
        PublishArchive effect = Effect("roots", ("a.txt", "one"));
        Receipt first = await Publisher().PublishAsync(effect, Cancel);

        Receipt second = await Publisher().PublishAsync(effect with { RootFolder = "other" }, Cancel);

        Assert.NotEqual(first["path"], second["path"]);
        Assert.NotEqual(first["sha256"], second["sha256"]);
    }

    [Theory]
    [InlineData("rar", "name", "root")]
    [InlineData("zip", "../name", "root")]
    [InlineData("zip", "a/b", "root")]
    [InlineData("zip", "name", "..")]
    [InlineData("zip", "name", "a/b")]
    public async Task What_Cannot_Be_A_Name_Is_Refused(string format, string name, string root)
    {
        PublishArchive effect = Effect("x", ("a.txt", "one")) with { Format = format, FileName = $"{name}.{format}", RootFolder = root };

        Receipt refused = await Publisher().PublishAsync(effect, Cancel);

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        Assert.NotNull(refused.Reason);
    }

    [Fact]
    public async Task A_Row_Tells_How_Far_It_Is_And_Why_It_Failed()
    {
        PublishArchive effect = Effect("told", ("a.txt", "one"));

        Receipt done = await Publisher().PublishAsync(effect, Cancel);

        RepositoryExportRow row = await RowAsync(Path.GetFileName(done["path"]!));
        Assert.Equal((ExportStatus.Succeeded, 100, null, done["sha256"]), (row.Status, row.Progress, row.Reason, row.Sha256));
        Assert.NotNull(row.FinishedAt);
    }

    [Fact]
    public async Task An_Export_That_Failed_Leaves_No_Archive_And_Can_Be_Asked_For_Again()
    {
        byte[] large = RandomNumberGenerator.GetBytes(20 << 20);
        WorkspaceTree tree = _contents.With(_contents.Tree(("a.txt", "one"), ("z.txt", "two")), "large.bin", large);
        PublishArchive effect = Effect("broken", ("a.txt", "one")) with { Tree = tree, Format = "tar", FileName = "broken.tar" };
        string name = $"broken-{(await Publisher().PublishAsync(effect, Cancel))["tree"]![..7]}.tar";
        File.Delete(Path.Combine(database.Options.DataDirectory, "exports", name));

        Receipt refused = await Publisher(_contents.Without(tree.Files[RepoPath.Parse("z.txt")].Sha256)).PublishAsync(effect, Cancel);

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        RepositoryExportRow row = await RowAsync(name);
        Assert.Equal((ExportStatus.Failed, 99), (row.Status, row.Progress));
        Assert.Contains(tree.Files[RepoPath.Parse("z.txt")].Sha256, row.Reason);
        Assert.Empty(Directory.GetFiles(Path.Combine(database.Options.DataDirectory, "exports"), "broken-*"));
        Assert.Equal(EffectOutcome.Applied, (await Publisher().PublishAsync(effect, Cancel)).Outcome);
        Assert.Null((await RowAsync(name)).Reason);
    }

    private async Task<RepositoryExportRow> RowAsync(string fileName)
    {
        await using BotDb db = await database.Factory.CreateDbContextAsync(Cancel);
        return await db.Set<RepositoryExportRow>().AsNoTracking().SingleAsync(e => e.FileName == fileName, Cancel);
    }

    private PublishArchive Effect(string name, params (string Path, string Text)[] files) =>
        new(new EffectKey("archive/zip"), _contents.Tree(files), "zip", "library", name + ".zip");

    private ArchivePublisher Publisher(MemoryContentStore? read = null) =>
        new(database.Factory, new DiskObjectStore(database.Options.DataDirectory, new SystemRandomSource()), _contents, new ArchiveWriter(read ?? _contents), new SystemRandomSource(), TimeProvider.System);
}

public sealed class SqliteArchivePublisherTests(SqliteDatabase database) : ArchivePublisherContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresArchivePublisherTests(PostgresDatabase database) : ArchivePublisherContract(database), IClassFixture<PostgresDatabase>;
