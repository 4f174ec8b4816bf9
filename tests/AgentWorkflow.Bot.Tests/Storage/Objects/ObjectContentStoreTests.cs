using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;

namespace AgentWorkflow.Bot.Tests.Storage.Objects;

/// <summary>Two replicas on one store of objects.</summary>
public sealed class ObjectContentStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_One_Replica_Put_Another_Reads_And_Keeps_A_Copy_Of()
    {
        byte[] large = RandomNumberGenerator.GetBytes(3 << 20);
        IReadOnlyList<string> digests = await Replica("a").PutAllAsync([Encoding.UTF8.GetBytes("small"), large, Array.Empty<byte>()], Cancel);

        Assert.All(digests, d => Assert.True(Replica("b").Contains(d)));
        Assert.Equal(large, Read(Replica("b"), digests[1]));
        await Objects.DeleteAsync(ObjectContentStore.ObjectOf(digests[1]), Cancel);
        Assert.Equal(large, Read(Replica("b"), digests[1]));
        Assert.False(Replica("c").Contains(digests[1]));
    }

    [Fact]
    public async Task What_Is_Gone_From_The_Store_Is_Put_Again_Though_A_Copy_Is_Here()
    {
        string digest = await Replica("a").PutAsync(Encoding.UTF8.GetBytes("text"), Cancel);
        await Objects.DeleteAsync(ObjectContentStore.ObjectOf(digest), Cancel);

        await Replica("a").PutAsync(Encoding.UTF8.GetBytes("text"), Cancel);

        Assert.Equal("text", Encoding.UTF8.GetString(Read(Replica("b"), digest)));
    }

    [Fact]
    public async Task What_Came_Back_Changed_Is_Not_Handed_On()
    {
        string digest = await Replica("a").PutAsync(Encoding.UTF8.GetBytes("text"), Cancel);
        await Objects.PutAsync(ObjectContentStore.ObjectOf(digest), async (target, cancel) => await target.WriteAsync(Encoding.UTF8.GetBytes("test"), cancel), Cancel);

        ObjectStoreException refused = Assert.Throws<ObjectStoreException>(() => Replica("b").OpenRead(digest));

        Assert.Equal("AW2581", refused.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_Is_Not_Stored_Is_Not_There(string digest)
    {
        Assert.False(Replica("a").Contains(digest));
        Assert.Throws<FileNotFoundException>(() => Replica("a").OpenRead(digest));
    }

    private DiskObjectStore Objects => new(Path.Combine(_folder.Path, "store"), new SystemRandomSource());

    private ObjectContentStore Replica(string name) => new(Objects, new DiskContentStore(Path.Combine(_folder.Path, name)), TimeProvider.System);

    private static byte[] Read(ObjectContentStore store, string digest)
    {
        using Stream stored = store.OpenRead(digest);
        using MemoryStream held = new();
        stored.CopyTo(held);
        return held.ToArray();
    }
}
