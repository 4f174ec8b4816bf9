using System.Security.Cryptography;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;

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

    private PublishArchive Effect(string name, params (string Path, string Text)[] files) =>
        new(new EffectKey("archive/zip"), _contents.Tree(files), "zip", "library", name + ".zip");

    private ArchivePublisher Publisher() =>
        new(database.Factory, database.Options, _contents, new ArchiveWriter(_contents), new SystemRandomSource(), TimeProvider.System);
}

public sealed class SqliteArchivePublisherTests(SqliteDatabase database) : ArchivePublisherContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresArchivePublisherTests(PostgresDatabase database) : ArchivePublisherContract(database), IClassFixture<PostgresDatabase>;
