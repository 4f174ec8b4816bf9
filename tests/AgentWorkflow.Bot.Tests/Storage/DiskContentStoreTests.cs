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

    [Fact]
    public async Task Contents_That_Come_Together_Become_One_File_And_Come_Back_Each()
    {
        ReadOnlyMemory<byte>[] contents = [.. Enumerable.Range(0, 3000).Select(i => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"content {i % 2000}"))), default];
        IReadOnlyList<string> digests = await new DiskContentStore(_folder.FullName).PutAllAsync(contents, Cancel);

        Assert.Single(_folder.GetFiles("*", SearchOption.AllDirectories));
        var other = new DiskContentStore(_folder.FullName);
        for (int i = 0; i < contents.Length; i++)
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(contents[i].Span)), digests[i]);
            Assert.True(other.Contains(digests[i]));
            await using Stream stream = other.OpenRead(digests[i]);
            byte[] read = new byte[contents[i].Length + 1];
            Assert.Equal(contents[i].Length, await stream.ReadAsync(read, Cancel));
            Assert.True(contents[i].Span.SequenceEqual(read.AsSpan(0, contents[i].Length)));
        }
    }

    [Fact]
    public async Task What_Is_Packed_Is_Not_Stored_Again()
    {
        ReadOnlyMemory<byte>[] contents = [.. Enumerable.Range(0, 10).Select(_ => new ReadOnlyMemory<byte>(RandomNumberGenerator.GetBytes(100)))];
        await new DiskContentStore(_folder.FullName).PutAllAsync(contents, Cancel);
        IContentStore other = new DiskContentStore(_folder.FullName);
        await other.PutAllAsync(contents, Cancel);
        await other.PutAsync(contents[3], Cancel);

        Assert.Single(_folder.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Another_Instance_Finds_What_Was_Packed_After_It_Looked()
    {
        var store = new DiskContentStore(_folder.FullName);
        Assert.False(store.Contains(new string('0', 64)));
        IReadOnlyList<string> digests = await new DiskContentStore(_folder.FullName).PutAllAsync([new byte[] { 1 }, new byte[] { 2 }, new byte[] { 3 }], Cancel);

        await using Stream stream = store.OpenRead(digests[1]);
        Assert.Equal(2, stream.ReadByte());
        Assert.True(store.Contains(digests[2]));
    }

    [Fact]
    public async Task A_Large_Content_Among_Small_Ones_Is_A_File_Of_Its_Own()
    {
        byte[] large = RandomNumberGenerator.GetBytes(ContentPacks.LargestContent + 1);
        var store = new DiskContentStore(_folder.FullName);
        IReadOnlyList<string> digests = await store.PutAllAsync([new byte[] { 1 }, large, new byte[] { 2 }], Cancel);

        Assert.Equal(2, _folder.GetFiles("*", SearchOption.AllDirectories).Length);
        await using Stream stream = store.OpenRead(digests[1]);
        Assert.Equal(large.Length, stream.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(89)]
    public async Task A_Pack_That_Was_Cut_Holds_Nothing_And_Is_Written_Again(int length)
    {
        ReadOnlyMemory<byte>[] contents = [new byte[] { 1, 2, 3 }, new byte[] { 4, 5, 6 }];
        IReadOnlyList<string> digests = await new DiskContentStore(_folder.FullName).PutAllAsync(contents, Cancel);
        FileInfo pack = Assert.Single(_folder.GetFiles("*.pack", SearchOption.AllDirectories));
        await using (FileStream cut = pack.OpenWrite())
        {
            cut.SetLength(length);
        }

        var store = new DiskContentStore(_folder.FullName);
        Assert.False(store.Contains(digests[0]));
        Assert.Throws<FileNotFoundException>(() => store.OpenRead(digests[1]));

        Assert.Equal(digests, await store.PutAllAsync(contents, Cancel));
        await using Stream stream = new DiskContentStore(_folder.FullName).OpenRead(digests[1]);
        Assert.Equal(4, stream.ReadByte());
    }
}
