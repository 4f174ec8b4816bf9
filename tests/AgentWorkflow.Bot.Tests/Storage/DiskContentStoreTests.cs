using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class DiskContentStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_Was_Put_Can_Be_Read_By_Another_Instance()
    {
        byte[] content = Encoding.UTF8.GetBytes("hello");
        string sha256 = await new DiskContentStore(_folder.FullName).PutAsync(content, Cancel);
        var other = new DiskContentStore(_folder.FullName);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), sha256);
        Assert.True(other.Contains(sha256));
        await using Stream stream = other.OpenRead(sha256);
        using var reader = new StreamReader(stream);
        Assert.Equal("hello", await reader.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task The_Same_Content_Is_Stored_Once()
    {
        var store = new DiskContentStore(_folder.FullName);
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.PutAsync(content, Cancel)));

        Assert.Single(_folder.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_Write_That_Stopped_Half_Way_Is_Never_Served_And_Is_Swept()
    {
        byte[] content = Encoding.UTF8.GetBytes("whole");
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var store = new DiskContentStore(_folder.FullName);
        store.Sweep();
        string left = Path.Combine(_folder.CreateSubdirectory("incoming").FullName, $"{sha256}.1.1");
        await File.WriteAllTextAsync(left, "who", Cancel);

        Assert.False(store.Contains(sha256));
        Assert.Throws<FileNotFoundException>(() => store.OpenRead(sha256));
        store.Sweep();
        Assert.False(File.Exists(left));
        Assert.Equal(sha256, await store.PutAsync(content, Cancel));
        Assert.True(store.Contains(sha256));
    }

    [Fact]
    public async Task A_Place_With_Another_Length_Is_Written_Again()
    {
        var store = new DiskContentStore(_folder.FullName);
        byte[] content = Encoding.UTF8.GetBytes("whole");
        string sha256 = await store.PutAsync(content, Cancel);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, sha256[..2], sha256[2..]), "", Cancel);

        await store.PutAsync(content, Cancel);

        await using Stream stream = store.OpenRead(sha256);
        Assert.Equal(5, stream.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../etc/passwd")]
    [InlineData("ABCDEF")]
    public void What_Is_No_Digest_Is_Not_There(string text)
    {
        var store = new DiskContentStore(_folder.FullName);

        Assert.False(store.Contains(text));
        Assert.Throws<FileNotFoundException>(() => store.OpenRead(text));
    }

    [Fact]
    public async Task An_Empty_Content_Is_A_Content()
    {
        var store = new DiskContentStore(_folder.FullName);
        string sha256 = await store.PutAsync(ReadOnlyMemory<byte>.Empty, Cancel);

        await using Stream stream = store.OpenRead(sha256);
        Assert.Equal(0, stream.Length);
    }
}
