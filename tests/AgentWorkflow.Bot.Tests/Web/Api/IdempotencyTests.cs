using System.Net;

using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Bot.Web.Api;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>A request that names a key is done once, however often it is sent.</summary>
public sealed class IdempotencyTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Start = "/api/v1/workflows/generate/runs";

    private static CancellationToken Cancel => ApiServer.Cancel;

    [Fact]
    public async Task A_Repeat_Is_Answered_As_The_First_And_Does_Nothing()
    {
        const string Idea = """{"idea":"# A shop for one\n\nAs a buyer I want to pay."}""";
        ApiAnswer first = await SendAsync("POST", Start, Idea, "start");
        ApiAnswer second = await SendAsync("POST", Start, Idea, "start");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, second.Status));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        await using BotDb db = await server.Get<IDbContextFactory<BotDb>>().CreateDbContextAsync(Cancel);
        Assert.Equal(1, await db.Set<RunRow>().CountAsync(r => r.Repository.StartsWith("ideas/a-shop-for-one"), Cancel));
    }

    [Fact]
    public async Task Twenty_At_Once_Make_One()
    {
        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync("POST", Start, """{"idea":"# A shop for all\n\nAs a buyer I want to pay."}""", "at-once")));

        Assert.Single(answers.Where(a => a.Status == HttpStatusCode.Created).Select(a => a.Text).Distinct());
        Assert.All(answers, a => Assert.True(a.Status == HttpStatusCode.Created || a.Code == "AW2618", a.Text));
    }

    [Fact]
    public async Task Another_Request_With_The_Key_Is_Refused_And_A_Refused_One_Leaves_It_Free()
    {
        string run = await server.RunAsync("keys/one", "keys-1");
        string path = $"/api/v1/runs/{run}/cancel";

        Assert.Equal("AW2626", (await SendAsync("POST", path, $$"""{"reason":"{{new string('x', 501)}}"}""", "k")).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("POST", path, """{"reason":"a"}""", "k")).Status);
        Assert.Equal("AW2617", (await SendAsync("POST", path, """{"reason":"b"}""", "k")).Code);
    }

    [Theory]
    [InlineData("a b", 1)]
    [InlineData("k", 101)]
    public async Task A_Key_Is_A_Short_Plain_Text(string key, int times) =>
        Assert.Equal("AW2616", (await SendAsync("POST", Start, "{}", string.Concat(Enumerable.Repeat(key, times)))).Code);

    [Fact]
    public async Task A_Token_Is_Shown_Once_Also_Where_It_Is_Asked_For_Again()
    {
        const string Wanted = """{"name":"once","role":"viewer","repository":"*"}""";
        ApiAnswer first = await SendAsync("POST", "/api/v1/tokens", Wanted, "token");
        ApiAnswer second = await SendAsync("POST", "/api/v1/tokens", Wanted, "token");
        await using BotDb db = await server.Get<IDbContextFactory<BotDb>>().CreateDbContextAsync(Cancel);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict, "AW2619"), (first.Status, second.Status, second.Code));
        Assert.All(await db.Set<IdempotencyRow>().Where(r => r.Key == "token").ToListAsync(Cancel), r => Assert.Null(r.Body));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/api/v1/runs", first.Json!["token"]!.ToString())).Status);
    }

    [Fact]
    public async Task A_Request_Whose_Process_Died_Is_Not_Done_Again_Silently()
    {
        const string Body = """{"name":"lost","role":"viewer","repository":"*"}""";
        string token = await server.TokenAsync(Role.Admin);
        string caller = (await server.Get<ApiTokens>().FindAsync(token, Cancel)).Caller!.Id;
        HttpRequestMessage probe = ApiServer.Request("POST", "/api/v1/tokens", token, Body);
        probe.Headers.Add(Idempotency.Header, "lost");
        await server.SendAsync(probe);
        await using BotDb db = await server.Get<IDbContextFactory<BotDb>>().CreateDbContextAsync(Cancel);
        await db.Set<IdempotencyRow>().Where(r => r.Caller == caller).ExecuteUpdateAsync(s => s.SetProperty(r => r.Status, (int?)null), Cancel);
        HttpRequestMessage again = ApiServer.Request("POST", "/api/v1/tokens", token, Body);
        again.Headers.Add(Idempotency.Header, "lost");

        Assert.Equal("AW2618", (await server.SendAsync(again)).Code);
    }

    private Task<ApiAnswer> SendAsync(string method, string path, string body, string key)
    {
        HttpRequestMessage request = ApiServer.Request(method, path, server.LocalToken, body);
        request.Headers.TryAddWithoutValidation(Idempotency.Header, key);
        return server.SendAsync(request);
    }
}
