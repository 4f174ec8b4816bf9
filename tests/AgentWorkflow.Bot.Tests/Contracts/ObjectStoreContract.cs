using System.Security.Cryptography;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>What every store of objects promises (P29 for what it holds: whole or not at all).</summary>
public abstract class ObjectStoreContract
{
    private const int MiB = 1 << 20;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected abstract Task<IObjectStore> OpenAsync();

    /// <summary>More than a server lists at once.</summary>
    private protected virtual int Many => 1005;

    /// <summary>The number of unfinished things that the store holds; null where it cannot be asked.</summary>
    private protected abstract Task<int?> RemainsAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((8 * MiB) - 1)]
    [InlineData(8 * MiB)]
    [InlineData((8 * MiB) + 1)]
    [InlineData(21 * MiB)]
    public async Task The_Same_Bytes_Come_Back(int size)
    {
        IObjectStore store = await OpenAsync();
        byte[] content = RandomNumberGenerator.GetBytes(size);

        await PutAsync(store, $"bytes/{size}.bin", content);

        Assert.Equal(size, (await store.FindAsync($"bytes/{size}.bin", Cancel))?.Size);
        Assert.Equal(Digest(content), Digest(await ReadAsync(store, $"bytes/{size}.bin")));
        Assert.Equal(0, await RemainsAsync() ?? 0);
    }

    [Fact]
    public async Task A_New_One_Replaces_The_Old_When_It_Is_Whole()
    {
        IObjectStore store = await OpenAsync();
        await PutAsync(store, "replaced.bin", [1, 2, 3]);

        await store.PutAsync(
            "replaced.bin",
            async (target, cancel) =>
            {
                await target.WriteAsync(RandomNumberGenerator.GetBytes(9 * MiB), cancel);
                Assert.Equal([1, 2, 3], await ReadAsync(store, "replaced.bin"));
            },
            Cancel);

        Assert.Equal(9 * MiB, (await store.FindAsync("replaced.bin", Cancel))?.Size);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20 * MiB)]
    public async Task What_Was_Cut_Off_Leaves_Nothing(int written)
    {
        IObjectStore store = await OpenAsync();
        await PutAsync(store, $"cut/{written}-kept.bin", [1, 2, 3]);

        foreach (string name in (string[])[$"cut/{written}.bin", $"cut/{written}-kept.bin"])
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => store.PutAsync(
                name,
                async (target, cancel) =>
                {
                    await target.WriteAsync(new byte[written], cancel);
                    throw new InvalidDataException("The source broke.");
                },
                Cancel));
        }

        Assert.Null(await store.FindAsync($"cut/{written}.bin", Cancel));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenReadAsync($"cut/{written}.bin", 0, Cancel));
        Assert.Equal([1, 2, 3], await ReadAsync(store, $"cut/{written}-kept.bin"));
        Assert.Equal($"cut/{written}-kept.bin", Assert.Single(await NamesAsync(store, "cut"), n => n.Contains($"/{written}", StringComparison.Ordinal)));
        Assert.Equal(0, await RemainsAsync() ?? 0);
    }

    [Fact]
    public async Task A_Cancelled_Write_Leaves_Nothing()
    {
        IObjectStore store = await OpenAsync();
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(
            "cancelled.bin",
            async (target, cancel) =>
            {
                await target.WriteAsync(new byte[9 * MiB], cancel);
                await stop.CancelAsync();
                await target.WriteAsync(new byte[9 * MiB], cancel);
            },
            stop.Token));

        Assert.Null(await store.FindAsync("cancelled.bin", Cancel));
        Assert.Equal(0, await RemainsAsync() ?? 0);
    }

    [Fact]
    public async Task It_Is_Read_From_Any_Byte_On()
    {
        IObjectStore store = await OpenAsync();
        byte[] content = RandomNumberGenerator.GetBytes(9 * MiB);
        await PutAsync(store, "range.bin", content);

        foreach (int offset in (int[])[1, MiB, (8 * MiB) + 5, content.Length - 1, content.Length])
        {
            Assert.Equal(Digest(content.AsSpan(offset)), Digest(await ReadAsync(store, "range.bin", offset)));
        }
    }

    [Fact]
    public async Task What_Is_Deleted_Is_Gone_And_Can_Be_Deleted_Again()
    {
        IObjectStore store = await OpenAsync();
        await PutAsync(store, "gone/a.bin", [1]);

        await store.DeleteAsync("gone/a.bin", Cancel);
        await store.DeleteAsync("gone/a.bin", Cancel);
        await store.DeleteAsync("gone/never/was.bin", Cancel);

        Assert.Null(await store.FindAsync("gone/a.bin", Cancel));
        Assert.Empty(await NamesAsync(store, "gone"));
        Assert.Empty(await NamesAsync(store, "never-was"));
    }

    [Fact]
    public async Task A_Folder_Lists_What_Is_Below_It_And_Nothing_Else()
    {
        IObjectStore store = await OpenAsync();
        string[] names = [.. Enumerable.Range(0, Many).Select(i => $"many/{i % 7}/{i}.txt")];
        await Parallel.ForEachAsync(names.Append("many2/0.txt"), Cancel, async (name, _) => await PutAsync(store, name, [1, 2]));

        List<StoredObject> found = await store.ListAsync("many", Cancel).ToListAsync(Cancel);

        Assert.Equal(names.Order(StringComparer.Ordinal), found.Select(o => o.Name).Order(StringComparer.Ordinal));
        Assert.All(found, o => Assert.Equal(2, o.Size));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Assert.All(found, o => Assert.InRange(o.WrittenAt, now.AddHours(-1), now.AddMinutes(1)));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task What_Cannot_Be_A_Name_Is_None(string name)
    {
        IObjectStore store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(store, name, [1]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.FindAsync(name, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.OpenReadAsync(name, 0, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeleteAsync(name, Cancel));
        Assert.Throws<ArgumentException>(() => store.AddressOf(name));
    }

    [Fact]
    public async Task A_Gibibyte_Passes_Through_A_Few_Parts_Of_Memory()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AGENTWORKFLOW_FULL") == "1", "takes a gibibyte of disk; set AGENTWORKFLOW_FULL=1");
        IObjectStore store = await OpenAsync();
        byte[] piece = RandomNumberGenerator.GetBytes(MiB);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        await store.PutAsync(
            "gibibyte.bin",
            async (target, cancel) =>
            {
                for (int i = 0; i < 1024; i++)
                {
                    piece[0] = (byte)i;
                    sent.AppendData(piece);
                    await target.WriteAsync(piece, cancel);
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: i % 64 == 0) - before);
                }
            },
            Cancel);

        Assert.Equal(1L << 30, (await store.FindAsync("gibibyte.bin", Cancel))?.Size);
        await using (Stream stored = await store.OpenReadAsync("gibibyte.bin", 0, Cancel))
        {
            Assert.Equal(sent.GetHashAndReset(), await SHA256.HashDataAsync(stored, Cancel));
        }

        await store.DeleteAsync("gibibyte.bin", Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{store.GetType().Name}: at most {most >> 20} MiB over the start");
        Assert.InRange(most, 0, 128L * MiB);
    }

    private protected static Task PutAsync(IObjectStore store, string name, byte[] content) =>
        store.PutAsync(name, async (target, cancel) => await target.WriteAsync(content, cancel), Cancel);

    private protected static async Task<byte[]> ReadAsync(IObjectStore store, string name, long offset = 0)
    {
        await using Stream stored = await store.OpenReadAsync(name, offset, Cancel);
        using MemoryStream held = new();
        await stored.CopyToAsync(held, Cancel);
        return held.ToArray();
    }

    private static async Task<string[]> NamesAsync(IObjectStore store, string folder) =>
        [.. (await store.ListAsync(folder, Cancel).ToListAsync(Cancel)).Select(o => o.Name)];

    private static string Digest(ReadOnlySpan<byte> content) => $"{content.Length} {Convert.ToHexStringLower(SHA256.HashData(content))}";
}

public sealed class DiskObjectStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_Has_No_Links() => Assert.Null(await (await OpenAsync()).LinkAsync("a.bin", TimeSpan.FromMinutes(1)));

    private protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new DiskObjectStore(_folder.Path, new SystemRandomSource()));

    private protected override Task<int?> RemainsAsync() => Task.FromResult<int?>(Directory.GetFiles(_folder.Path, "*.tmp", SearchOption.AllDirectories).Length);
}
