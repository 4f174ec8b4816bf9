using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>Runs over the API: pages, words, events.</summary>
public sealed class RunRoutesTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static readonly DateTimeOffset s_start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private static CancellationToken Cancel => ApiServer.Cancel;

    [Fact]
    public async Task Pages_Hold_Every_Run_Once_Also_Where_Others_Come_In_Between()
    {
        List<string> made = [];
        for (int i = 0; i < 25; i++)
        {
            // Five at a time have the same time: the id decides then.
            made.Add(await server.RunAsync("pages/one", $"pages-{i}", at: s_start + TimeSpan.FromMinutes(i / 5)));
        }

        List<string> seen = [];
        string? next = "";
        while (next is not null)
        {
            JsonNode page = (await server.SendAsync("GET", $"/api/v1/runs?repository=pages/*&limit=7{(next.Length == 0 ? "" : $"&after={next}")}")).Json!;
            seen.AddRange(page["items"]!.AsArray().Select(r => r!["id"]!.ToString()));
            next = page["next"]?.ToString();
            await server.RunAsync("pages/one", $"pages-new-{seen.Count}", at: s_start + TimeSpan.FromHours(1));
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal(made[20..].Order(StringComparer.Ordinal).Reverse(), seen[..5]);
    }

    [Fact]
    public async Task A_Page_Can_Be_Of_One_Status_And_One_Workflow()
    {
        string run = await server.RunAsync("filter/one", "filter-1");

        Assert.Equal([run], await IdsAsync("repository=filter/one&status=queued&workflow=w"));
        Assert.Empty(await IdsAsync("repository=filter/one&status=failed"));
        Assert.Empty(await IdsAsync("repository=filter/one&workflow=other"));
    }

    [Fact]
    public async Task A_Run_Is_Followed_Cancelled_And_Tried_Again()
    {
        string run = await server.RunAsync("follow/one", "follow-1");
        await DriveAsync(run);
        using HttpResponseMessage stream = await server.OpenAsync(ApiServer.Request("GET", $"/api/v1/runs/{run}/events", server.LocalToken));
        await using Stream body = await stream.Content.ReadAsStreamAsync(Cancel);
        await using IAsyncEnumerator<SseItem<string>> events = SseParser.Create(body).EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel);

        Assert.Equal(("step", "waiting"), await NextAsync(events, "step"));
        Assert.Equal(("run", "waiting"), await NextAsync(events, "run"));
        Assert.Equal("AW2630", (await server.SendAsync("POST", $"/api/v1/runs/{run}/retry")).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync("POST", $"/api/v1/runs/{run}/cancel", body: """{"reason":"enough"}""")).Status);
        await DriveAsync(run);

        Assert.Equal(("step", "cancelled"), await NextAsync(events, "step"));
        Assert.Equal(("run", "cancelled"), await NextAsync(events, "run"));
        string last = events.Current.EventId!;
        Assert.False(await events.MoveNextAsync());

        JsonNode details = (await server.SendAsync("GET", $"/api/v1/runs/{run}")).Json!;
        Assert.Equal(("cancelled", "enough"), (details["status"]!.ToString(), details["reason"]!.ToString()));
        Assert.Equal(HttpStatusCode.NoContent, await AgainAsync(run, last));
        Assert.Equal("AW2633", (await server.SendAsync("POST", $"/api/v1/runs/{run}/cancel", body: "{}")).Code);
        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync("POST", $"/api/v1/runs/{run}/retry")).Status);
        Assert.Equal("AW2632", (await server.SendAsync("POST", $"/api/v1/runs/{run}/approve", body: """{"hash":"x"}""")).Code);
    }

    [Fact]
    public async Task Who_Was_Away_Is_Told_What_Is_Different_And_Nothing_Twice()
    {
        string run = await server.RunAsync("away/one", "away-1", steps: "  - { id: first, uses: approval, if: '${{ false }}' }\n  - { id: ask, uses: approval, needs: [first] }\n  - { id: last, uses: approval }");
        await DriveAsync(run);
        List<SseItem<string>> before = await ReadAsync(run, lastEventId: null, most: 3);
        await server.SendAsync("POST", $"/api/v1/runs/{run}/cancel", body: "{}");
        await DriveAsync(run);

        // Cut off after each event it has: what comes is always the rest.
        List<SseItem<string>> whole = await ReadAsync(run, lastEventId: null, most: int.MaxValue);
        foreach (SseItem<string> cut in before)
        {
            List<SseItem<string>> rest = await ReadAsync(run, cut.EventId, most: int.MaxValue);
            Assert.Equal("cancelled", JsonNode.Parse(rest[^1].Data)!["status"]!.ToString());
            Assert.Equal(whole[^1].EventId, rest[^1].EventId);
            Assert.Equal(rest.Count, rest.Select(e => e.EventId).Distinct().Count());
        }

        Assert.Equal(whole.Count, (await ReadAsync(run, "no such id!", most: int.MaxValue)).Count);
    }

    [Fact]
    public async Task A_Stream_Ends_When_Its_Token_Is_Revoked()
    {
        string run = await server.RunAsync("revoked/one", "revoked-1");
        await DriveAsync(run);
        string token = await server.TokenAsync(Role.Viewer, "revoked/*");
        using HttpResponseMessage stream = await server.OpenAsync(ApiServer.Request("GET", $"/api/v1/runs/{run}/events", token));
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        await server.Get<ApiTokens>().RevokeAsync((await server.Get<ApiTokens>().FindAsync(token, Cancel)).Caller!.Id, "test", Cancel);

        // It would go on until the run is over, which it never is.
        string all = await stream.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("event: run", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Is_Approved_On_Another_Forge_Is_Not_Approved_Here()
    {
        string run = await server.RunAsync("forge/one", "forge-1", forge: "github");

        Assert.Equal("AW2631", (await server.SendAsync("POST", $"/api/v1/runs/{run}/approve", body: """{"hash":"x"}""")).Code);
    }

    [Fact]
    public async Task The_Person_Who_Asked_May_Not_Approve_Over_The_Api_Either()
    {
        string run = await server.RunAsync("approve/one", "approve-1");
        await DriveAsync(run);
        Assert.Equal(HttpStatusCode.Accepted, (await server.SendAsync("POST", $"/api/v1/runs/{run}/approve", body: """{"hash":"0123"}""")).Status);
        await DriveAsync(run);

        JsonNode step = (await server.SendAsync("GET", $"/api/v1/runs/{run}")).Json!["steps"]![0]!;
        Assert.Equal("waiting", step["status"]!.ToString());
    }

    private async Task<IEnumerable<string>> IdsAsync(string query) =>
        (await server.SendAsync("GET", $"/api/v1/runs?{query}")).Json!["items"]!.AsArray().Select(r => r!["id"]!.ToString());

    private async Task DriveAsync(string run) => await server.Get<RunDriver>().DriveAsync(run, NoObserver.Instance, retry: false, Cancel);

    private async Task<HttpStatusCode> AgainAsync(string run, string lastEventId)
    {
        HttpRequestMessage request = ApiServer.Request("GET", $"/api/v1/runs/{run}/events", server.LocalToken);
        request.Headers.Add("Last-Event-ID", lastEventId);
        return (await server.SendAsync(request)).Status;
    }

    private async Task<List<SseItem<string>>> ReadAsync(string run, string? lastEventId, int most)
    {
        HttpRequestMessage request = ApiServer.Request("GET", $"/api/v1/runs/{run}/events", server.LocalToken);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        using HttpResponseMessage stream = await server.OpenAsync(request);
        List<SseItem<string>> events = [];
        await foreach (SseItem<string> item in SseParser.Create(await stream.Content.ReadAsStreamAsync(Cancel)).EnumerateAsync(Cancel))
        {
            events.Add(item);
            if (events.Count >= most)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>The next event of that kind; the others in between are pings and moves that are of no interest here.</summary>
    private static async Task<(string Kind, string Status)> NextAsync(IAsyncEnumerator<SseItem<string>> events, string kind)
    {
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.EventType != kind);

        JsonNode data = JsonNode.Parse(events.Current.Data)!;
        return (kind, (kind == "step" ? data["step"]! : data)["status"]!.ToString());
    }
}
