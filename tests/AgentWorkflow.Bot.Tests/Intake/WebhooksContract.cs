using System.Net;
using System.Net.Sockets;
using System.Text;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>
/// What holds for the deliveries of every forge: answers follow the commit (P2), copies do nothing (P4), secrets rotate (P8), no
/// secret closes the door (P10), and odd bodies are harmless (P11).
/// </summary>
public abstract class WebhooksContract
{
    private protected const string Body = """{"action":"created","comment":{"id":1,"body":"hello"}}""";

    private protected abstract WebhookDialect Dialect { get; }

    private protected Task<WebhookServer> StartAsync(string? secret = WebhookServer.Secret, IDeliveryTable? table = null) => WebhookServer.StartAsync(secret, table, dialect: Dialect);

    [Fact]
    public async Task A_Delivery_Is_Stored_And_A_Copy_Is_Known()
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal((HttpStatusCode.Accepted, "stored\n"), await server.SendAsync(server.Request(Body, id: "d-1")));
        Assert.Equal((HttpStatusCode.OK, "known already\n"), await server.SendAsync(server.Request(Body, id: "d-1")));
        Assert.Equal(1, server.Rows());
    }

    [Fact]
    public async Task What_Deliver_Makes_Proves_Itself()
    {
        await using WebhookServer server = await StartAsync();
        byte[] body = Encoding.UTF8.GetBytes(Body);
        HttpRequestMessage request = new(HttpMethod.Post, server.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        Assert.Null(server.Sender.Prove(request, Dialect.Event, "d-1", body));

        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(request)).Status);
        Assert.Equal(HttpStatusCode.OK, await server.PostAsync(Body, id: "d-1"));
        server.Rotate(null, null);
        using HttpRequestMessage another = new();
        Assert.StartsWith("AW25", server.Sender.Prove(another, Dialect.Event, "d-2", body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_In_Parallel_Are_Stored_Once()
    {
        await using WebhookServer server = await StartAsync();

        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => server.PostAsync(Body, id: $"d-{i % 200}")));

        Assert.Equal((200, 1800), (answers.Count(a => a is HttpStatusCode.Accepted), answers.Count(a => a is HttpStatusCode.OK)));
        Assert.Equal(200, server.Rows());
    }

    [Fact]
    public async Task No_Success_Is_Sent_Before_The_Commit()
    {
        using GatedTable table = new();
        await using WebhookServer server = await StartAsync(table: table);

        Task<HttpStatusCode> answer = server.PostAsync(Body);
        await table.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        // An answer that does not wait for the commit would be here long before these.
        for (int i = 0; i < 50; i++)
        {
            await server.Client.GetStringAsync(new Uri(server.Address, "/healthz"), TestContext.Current.CancellationToken);
        }

        bool isEarly = answer.IsCompleted;
        table.Go.Set();

        Assert.Equal(HttpStatusCode.Accepted, await answer);
        Assert.False(isEarly);
    }

    [Fact]
    public async Task What_Cannot_Be_Committed_Is_Answered_With_503_And_Its_Reason()
    {
        using GatedTable table = new() { Failure = new StorageException("AW2520", "The disk is full.") };
        table.Go.Set();
        await using WebhookServer server = await StartAsync(table: table);

        (HttpStatusCode status, string text) = await server.SendAsync(server.Request(Body));
        using HttpResponseMessage ready = await server.Client.GetAsync(new Uri(server.Address, "/readyz"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"AW2520\"", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Without_A_Secret_Nothing_Is_Taken_And_The_Setting_Is_Named(string? secret)
    {
        await using WebhookServer server = await StartAsync(secret);
        server.Rotate(secret, WebhookServer.Secret);

        foreach (string key in (string[])[WebhookServer.Secret, "", "  "])
        {
            (HttpStatusCode status, string text) = await server.SendAsync(server.Request(Body, secret: key));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains(Dialect.Setting.Replace(":", "__", StringComparison.Ordinal), text, StringComparison.Ordinal);
        }

        Assert.Equal(0, server.Rows());
    }

    [Fact]
    public async Task Secrets_Are_Changed_Twice_Under_Load_And_Nothing_Is_Refused()
    {
        await using WebhookServer server = await StartAsync("one");
        string signing = "one";
        List<Task<HttpStatusCode>> answers = [];
        for (int i = 0; i < 2000; i++)
        {
            // The bot learns the new secret first, then the forge signs with it.
            string next = i < 1000 ? "two" : "three";
            if (i is 500 or 1500)
            {
                server.Rotate(next, signing);
            }
            else if (i is 600 or 1600)
            {
                signing = next;
            }

            answers.Add(server.PostAsync(Body, secret: signing));
            if (answers.Count % 50 == 0)
            {
                await Task.WhenAll(answers);
            }
        }

        Assert.All(await Task.WhenAll(answers), a => Assert.Equal(HttpStatusCode.Accepted, a));
        server.Rotate("three", null);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.PostAsync(Body, secret: "two"));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.PostAsync(Body, secret: "one"));
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body, secret: "three"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Body_Of_25_MB_Is_Taken_And_One_Byte_More_Is_Not(bool chunked)
    {
        await using WebhookServer server = await StartAsync();
        byte[] largest = new byte[PackedBody.MostBytes + 1];
        largest.AsSpan().Fill((byte)' ');
        HttpRequestMessage over = server.Request(largest);
        over.Headers.TransferEncodingChunked = chunked;
        HttpRequestMessage fits = server.Request(largest[..^1]);
        fits.Headers.TransferEncodingChunked = chunked;

        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(fits)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusOfLargeAsync(server, over));
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));
        Assert.Equal(2, server.Rows());
    }

    [Fact]
    public async Task A_Compressed_Body_Is_Refused()
    {
        await using WebhookServer server = await StartAsync();
        HttpRequestMessage request = server.Request(Body);
        request.Content!.Headers.ContentEncoding.Add("gzip");
        HttpRequestMessage identity = server.Request(Body);
        identity.Content!.Headers.ContentEncoding.Add("identity");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await server.SendAsync(request)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(identity)).Status);
    }

    public static TheoryData<string> OddBodies => [.. (string[])
    [
        "", "{", "nonsense", "[]", "\"text\"", "\u0000", "\ufeff{\"action\":\"created\"}", "{\"action\":\"created\",\"action\":\"deleted\"}",
        "{\"action\":\"\\ud800\"}", "{\"\\udc00\":1}", string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200), new string('[', 100_000),
        "{\"action\":1}", "{\"action\":null}", "payload=%7B%22action%22%3A%22created%22%7D", "{\"action\":\"created\",\"x\":1e999999}",
    ]];

    [Theory]
    [MemberData(nameof(OddBodies))]
    public async Task An_Odd_Body_That_Is_Signed_Is_Stored(string body)
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(body));
        Assert.Equal(1, server.Rows());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData("application/jsonp")]
    [InlineData(null)]
    public async Task Another_Content_Type_Is_Stored_And_Waits_For_Nobody(string? type)
    {
        await using WebhookServer server = await StartAsync();
        HttpRequestMessage request = server.Request(Body);
        request.Content!.Headers.ContentType = null;
        if (type is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Those_Who_Send_Slowly_Hold_Up_No_Other()
    {
        await using WebhookServer server = await StartAsync();
        List<TcpClient> slow = [];
        string headers = string.Concat(Dialect.Headers([], Dialect.Event, "slow", Dialect.SecretOf(WebhookServer.Secret) ?? "").Select(h => $"{h.Header}: {h.Value}\r\n"));
        for (int i = 0; i < 200; i++)
        {
            TcpClient client = new();
            await client.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
            string head = $"POST {Dialect.Route} HTTP/1.1\r\nHost: x\r\nContent-Length: 26214400\r\n{headers}\r\n{{";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
            slow.Add(client);
        }

        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));
        slow.ForEach(c => c.Dispose());
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));
    }

    private static async Task<HttpStatusCode> StatusOfLargeAsync(WebhookServer server, HttpRequestMessage request)
    {
        using (request)
        {
            // The server answers and closes while the body is still being sent; asking first keeps the answer from being lost.
            request.Headers.ExpectContinue = request.Headers.TransferEncodingChunked is not true;
            try
            {
                using HttpResponseMessage answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
                return answer.StatusCode;
            }
            catch (HttpRequestException e) when (e.InnerException is IOException)
            {
                return HttpStatusCode.RequestEntityTooLarge;
            }
        }
    }

    private sealed class GatedTable : IDeliveryTable
    {
        public ManualResetEventSlim Go { get; } = new();

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StorageException? Failure { get; init; }

        public bool[] Apply(IReadOnlyList<DeliveryChange> changes)
        {
            Reached.TrySetResult();
            Go.Wait();
            return Failure is { } failure ? throw failure : [.. changes.Select(_ => true)];
        }

        public void Dispose() => Go.Dispose();
    }
}
