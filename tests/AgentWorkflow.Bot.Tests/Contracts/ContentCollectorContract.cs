using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>P100 for contents: what is needed or new stays, whatever happens at the same time.</summary>
public abstract class ContentCollectorContract : IDisposable
{
    private static readonly TimeSpan s_old = TimeSpan.FromDays(2);

    private protected TemporaryFolder Folder { get; } = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected static DateTimeOffset Yesterday => TimeProvider.System.GetUtcNow().AddDays(-1);

    private protected abstract IContentStore Open();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_Is_Old_And_Not_Needed_Goes()
    {
        IContentStore store = Open();
        string needed = await store.PutAsync(Encoding.UTF8.GetBytes("needed"), Cancel);
        string free = await store.PutAsync(Encoding.UTF8.GetBytes("free"), Cancel);
        IReadOnlyList<string> pack = await store.PutAllAsync([Encoding.UTF8.GetBytes("p1"), Encoding.UTF8.GetBytes("p2")], Cancel);
        IReadOnlyList<string> freePack = await store.PutAllAsync([Encoding.UTF8.GetBytes("q1"), Encoding.UTF8.GetBytes("q2")], Cancel);
        Age();
        string young = await store.PutAsync(Encoding.UTF8.GetBytes("young"), Cancel);

        StoredAmount removed = await ((IContentCollector)Open()).CollectAsync(d => d == needed || d == pack[0] || d == pack[1], Yesterday, Cancel);

        Assert.Equal(3, removed.Count);
        Assert.All((string[])[needed, .. pack, young], d => Assert.True(Open().Contains(d)));
        Assert.All((string[])[free, .. freePack], d => Assert.False(Open().Contains(d)));
        Assert.Equal(4, (await ((IContentCollector)Open()).MeasureAsync(Cancel)).Count);
        Assert.Equal(free, await store.PutAsync(Encoding.UTF8.GetBytes("free"), Cancel));
        Assert.True(store.Contains(free));
    }

    [Fact]
    public async Task What_Is_Put_Again_Is_New()
    {
        byte[][] contents = [.. Enumerable.Range(0, 4).Select(i => Encoding.UTF8.GetBytes($"again {i}"))];
        IReadOnlyList<string> digests = await Open().PutAllAsync([contents[0], contents[1]], Cancel);
        string single = await Open().PutAsync(contents[2], Cancel);
        Age();

        await Open().PutAllAsync([contents[0], contents[2]], Cancel);
        await ((IContentCollector)Open()).CollectAsync(_ => false, Yesterday, Cancel);

        Assert.True(Open().Contains(digests[0]));
        Assert.True(Open().Contains(single));
    }

    private protected void Age()
    {
        foreach (string file in Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, (TimeProvider.System.GetUtcNow() - s_old).UtcDateTime);
        }
    }
}

public sealed class DiskContentCollectorTests : ContentCollectorContract
{
    [Fact]
    public async Task What_A_Dead_Process_Had_Taken_Away_Is_Given_Back()
    {
        DiskContentStore store = new(Folder.Path);
        string single = await store.PutAsync(Encoding.UTF8.GetBytes("single"), Cancel);
        IReadOnlyList<string> pack = await store.PutAllAsync([Encoding.UTF8.GetBytes("p1"), Encoding.UTF8.GetBytes("p2")], TestContext.Current.CancellationToken);
        string file = Directory.GetFiles(Path.Combine(Folder.Path, "packs")).Single();
        File.Move(file, Path.Combine(Folder.Path, "incoming", $"taken.packs.{Path.GetFileName(file)}"));
        File.Move(Path.Combine(Folder.Path, single[..2], single[2..]), Path.Combine(Folder.Path, "incoming", $"taken.{single[..2]}.{single[2..]}"));

        await new DiskContentStore(Folder.Path).CollectAsync(d => d == single || d == pack[0], TimeProvider.System.GetUtcNow().AddDays(1), TestContext.Current.CancellationToken);

        Assert.All((string[])[single, .. pack], d => Assert.True(new DiskContentStore(Folder.Path).Contains(d)));
    }

    [Fact]
    public async Task What_Is_Put_While_Others_Are_Removed_Is_There()
    {
        IContentStore store = Open();
        byte[][] contents = [.. Enumerable.Range(0, 40).Select(_ => RandomNumberGenerator.GetBytes(200))];
        for (int round = 0; round < 5; round++)
        {
            foreach (byte[] content in contents)
            {
                await store.PutAsync(content, Cancel);
            }

            Age();
            Task<StoredAmount> collecting = Task.Run(() => ((IContentCollector)Open()).CollectAsync(_ => false, Yesterday, Cancel), Cancel);
            foreach (byte[] content in contents.Reverse())
            {
                await store.PutAsync(content, Cancel);
            }

            await collecting;
            Assert.All(contents, c => Assert.True(store.Contains(Convert.ToHexStringLower(SHA256.HashData(c)))));
        }
    }

    private protected override IContentStore Open() => new DiskContentStore(Folder.Path);
}

public sealed class ObjectContentCollectorTests : ContentCollectorContract
{
    private protected override IContentStore Open() => new ObjectContentStore(
        new DiskObjectStore(Path.Combine(Folder.Path, "store"), new SystemRandomSource()), new DiskContentStore(Path.Combine(Folder.Path, "cache")), TimeProvider.System);
}
