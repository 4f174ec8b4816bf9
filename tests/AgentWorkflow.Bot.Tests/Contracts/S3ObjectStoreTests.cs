using System.Globalization;
using System.Net;

using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>The suite against a server that gives up multipart uploads.</summary>
public sealed class FauxqsObjectStoreTests(S3Servers servers) : ObjectStoreContract
{
    [Fact]
    public async Task What_Arrives_Changed_Is_Refused_And_Not_Found()
    {
        IObjectStore store = await OpenAsync();

        foreach (int size in (int[])[3, 17 << 20])
        {
            ObjectStoreException refused = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(store, $"damaged/{size}.bin", new byte[size]));

            Assert.Equal("AW2580", refused.Code);
            Assert.Null(await store.FindAsync($"damaged/{size}.bin", Cancel));
        }

        Assert.Equal(0, await RemainsAsync());
    }

    [Fact]
    public async Task A_Connection_That_Breaks_In_The_Middle_Leaves_Nothing()
    {
        IObjectStore store = await OpenAsync();

        ObjectStoreException broken = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(store, "breaks.bin", new byte[17 << 20]));

        Assert.Equal("AW2579", broken.Code);
        Assert.Null(await store.FindAsync("breaks.bin", Cancel));
        Assert.Equal(0, await RemainsAsync());
    }

    private protected override async Task<IObjectStore> OpenAsync()
    {
        Assert.SkipWhen(S3Servers.Absence is not null, S3Servers.Absence ?? "");
        return new S3ObjectStore(await servers.OptionsAsync(S3Servers.Fauxqs, Cancel), TimeProvider.System);
    }

    private protected override async Task<int?> RemainsAsync()
    {
        using SocketsHttpHandler handler = new();
        using HttpClient asking = new(handler, disposeHandler: false);
        return int.Parse(await asking.GetStringAsync(new Uri((await servers.OptionsAsync(S3Servers.Fauxqs, Cancel)).Endpoint, "_uploads"), Cancel), CultureInfo.InvariantCulture);
    }
}

/// <summary>The suite against a server that checks signatures.</summary>
public sealed class S3rverObjectStoreTests(S3Servers servers) : ObjectStoreContract
{
    // Its second page of a list needs a cipher that today's OpenSSL does not have.
    private protected override int Many => 300;

    [Fact]
    public async Task A_Link_Needs_No_Key_And_Ends()
    {
        IObjectStore store = await OpenAsync();
        await PutAsync(store, "linked/a.bin", [1, 2, 3]);
        using SocketsHttpHandler handler = new();
        using HttpClient anybody = new(handler, disposeHandler: false);

        Uri link = await store.LinkAsync("linked/a.bin", TimeSpan.FromMinutes(5)) ?? throw new InvalidOperationException("S3 has links.");

        Assert.Equal([1, 2, 3], await anybody.GetByteArrayAsync(link, Cancel));
        Assert.DoesNotContain("SECRET", link.ToString(), StringComparison.OrdinalIgnoreCase);
        using HttpResponseMessage other = await anybody.GetAsync(new Uri(link.ToString().Replace("a.bin", "b.bin", StringComparison.Ordinal)), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
    }

    [Fact]
    public async Task A_Wrong_Key_Is_A_Sentence_That_Does_Not_Hold_It()
    {
        await OpenAsync();
        S3Options options = (await servers.OptionsAsync(S3Servers.S3rver, Cancel)) with { SecretKey = "the-secret-itself" };
        using S3ObjectStore store = new(options, TimeProvider.System);

        ObjectStoreException refused = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(store, "a.bin", new byte[3]));

        Assert.Equal("AW2577", refused.Code);
        Assert.Contains("Storage__S3__SecretKey", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret-itself", $"{refused} {options}", StringComparison.Ordinal);
        Assert.DoesNotContain("S3RVER", $"{refused.Message} {options}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Bucket_That_Is_Not_There_And_A_Server_That_Does_Not_Answer_Are_Told_Apart()
    {
        await OpenAsync();
        S3Options options = await servers.OptionsAsync(S3Servers.S3rver, Cancel);
        using S3ObjectStore noBucket = new(options with { Bucket = "nobody-made-it" }, TimeProvider.System);
        using S3ObjectStore noServer = new(options with { Endpoint = new Uri("http://127.0.0.1:1") }, TimeProvider.System);

        Assert.Equal("AW2576", (await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(noBucket, "a.bin", new byte[3]))).Code);
        ObjectStoreException silent = await Assert.ThrowsAsync<ObjectStoreException>(async () => await noServer.FindAsync("a.bin", Cancel));
        Assert.Equal("AW2579", silent.Code);
        Assert.DoesNotContain('\n', silent.Message);
    }

    private protected override async Task<IObjectStore> OpenAsync()
    {
        Assert.SkipWhen(S3Servers.Absence is not null, S3Servers.Absence ?? "");
        return new S3ObjectStore(await servers.OptionsAsync(S3Servers.S3rver, Cancel), TimeProvider.System);
    }

    private protected override Task<int?> RemainsAsync() => Task.FromResult<int?>(null); // It cannot give up an upload.
}
