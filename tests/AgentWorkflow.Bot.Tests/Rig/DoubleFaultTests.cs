using System.Net;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>The double's faults: what is played, and that the journal tells the truth about it.</summary>
public sealed class DoubleFaultTests
{
    private const string Comments = DoubleFixture.Repo + "/issues/1/comments";
    private static readonly JsonObject Hello = new() { ["body"] = "hello" };

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_Dropped_Reply_Leaves_The_Work_Done(int times)
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Faults.Add(Fault.DropReply("comment", times));
        for (int i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => f.SendAsync("POST", Comments, Hello.DeepClone()));
        }

        Assert.Equal(201, (await f.SendAsync("POST", Comments, Hello.DeepClone())).Status);
        Assert.Equal(times + 1, f.GitHub.Journal.Count("comment", f.GitHub.BotLogin));
        Assert.Equal(times, f.GitHub.Journal.Requests.Count(r => r is { Status: 0, Fault: "DropReply" }));
    }

    [Fact]
    public async Task A_Dropped_Request_Does_Nothing()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Faults.Add(Fault.DropRequest("comment"));
        await Assert.ThrowsAsync<HttpRequestException>(() => f.SendAsync("POST", Comments, Hello.DeepClone()));
        Assert.Equal(0, f.GitHub.Journal.Count("comment", f.GitHub.BotLogin));
    }

    [Fact]
    public async Task A_Lost_Commit_Is_There_And_A_Repeat_Is_Stale()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        string head = f.Head();
        f.GitHub.Faults.Add(Fault.DropReply("commit"));
        await Assert.ThrowsAsync<HttpRequestException>(() => f.AskAsync(GitHubDoubleTests.Commit, GitHubDoubleTests.Input("main", head)));
        JsonNode again = await f.AskAsync(GitHubDoubleTests.Commit, GitHubDoubleTests.Input("main", head));
        Assert.Equal("STALE_DATA", again["errors"]![0]!["type"]!.GetValue<string>());
        Assert.Equal(1, f.GitHub.Journal.Count("commit", f.GitHub.BotLogin));
    }

    [Fact]
    public async Task An_Answer_Replaces_The_Work_As_Often_As_Said_And_After_What_Is_Skipped()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Faults.Add(Fault.Answer("POST /repos/{owner}/{repo}/issues/*", 503, "Service unavailable", times: 2) with { Skip = 1 });
        List<int> got = [];
        for (int i = 0; i < 4; i++)
        {
            got.Add((await f.SendAsync("POST", Comments, Hello.DeepClone())).Status);
        }

        Assert.Equal([201, 503, 503, 201], got);
        Assert.Equal(2, f.GitHub.Journal.Count("comment", f.GitHub.BotLogin));
    }

    [Fact]
    public async Task A_Stale_Read_Does_Not_See_The_Write_Yet()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Faults.Add(Fault.Stale("comment", reads: 2));
        f.GitHub.Faults.Add(Fault.Stale("branch", reads: 1));
        await f.SendAsync("POST", Comments, Hello.DeepClone());
        await f.SendAsync("POST", DoubleFixture.Repo + "/git/refs", new JsonObject { ["ref"] = "refs/heads/x", ["sha"] = f.Head() });
        List<int> counts = [];
        for (int i = 0; i < 3; i++)
        {
            counts.Add((await f.SendAsync("GET", Comments)).Body!.AsArray().Count);
        }

        Assert.Equal([0, 0, 1], counts);
        Assert.Equal(404, (await f.SendAsync("GET", DoubleFixture.Repo + "/git/ref/heads/x")).Status);
        Assert.Equal(200, (await f.SendAsync("GET", DoubleFixture.Repo + "/git/ref/heads/x")).Status);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Forbidden)]
    [InlineData(false, HttpStatusCode.Forbidden)]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    public async Task A_Request_Inside_A_Forbidden_Time_Is_A_Violation(bool primary, HttpStatusCode status)
    {
        FakeClock clock = new();
        await using DoubleFixture f = await DoubleFixture.StartAsync(new() { Time = clock });
        f.GitHub.Faults.Add(primary ? Fault.PrimaryLimit("comment", TimeSpan.FromSeconds(5)) : Fault.SecondaryLimit("comment", TimeSpan.FromSeconds(5), (int)status));
        using HttpResponseMessage limited = await f.RawAsync("POST", Comments, Hello.DeepClone());
        Assert.Equal(status, limited.StatusCode);
        long wait = primary ? long.Parse(limited.Headers.GetValues("X-RateLimit-Reset").Single()) - clock.GetUtcNow().ToUnixTimeSeconds() : (long)limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(wait, 5, 6);
        Assert.Equal(primary, limited.Headers.GetValues("X-RateLimit-Remaining").Single() == "0");

        clock.Advance(TimeSpan.FromSeconds(wait - 1.5));
        Assert.Equal(403, (await f.SendAsync("GET", Comments)).Status);
        Assert.Contains("before it may", Assert.Single(f.GitHub.Journal.Violations), StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal(200, (await f.SendAsync("GET", Comments)).Status);
        Assert.Single(f.GitHub.Journal.Violations);
    }

    [Fact]
    public async Task The_Hourly_Points_End_And_Come_Back()
    {
        FakeClock clock = new();
        await using DoubleFixture f = await DoubleFixture.StartAsync(new() { Time = clock });
        f.GitHub.Limits.PerHour = 2;
        List<int> got = [(await f.SendAsync("GET", Comments)).Status, (await f.SendAsync("GET", Comments)).Status, (await f.SendAsync("GET", Comments)).Status];
        Assert.Equal([200, 200, 403], got);
        clock.Advance(TimeSpan.FromMinutes(61));
        f.Token = await f.MakeTokenAsync();
        Assert.Equal(200, (await f.SendAsync("GET", Comments)).Status);
    }

    [Fact]
    public async Task People_Act_Between_Two_Calls()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        string head = f.Head();
        f.GitHub.Faults.Add(Fault.Before("commit", (GitHubWorld w) => w.Push("octo/pets", "alice", "main", new Dictionary<string, string?> { ["z.txt"] = "z" })));
        f.GitHub.Faults.Add(Fault.After("comment", (GitHubWorld w) => w.Suspend("octo")));
        Assert.Equal("STALE_DATA", (await f.AskAsync(GitHubDoubleTests.Commit, GitHubDoubleTests.Input("main", head)))["errors"]![0]!["type"]!.GetValue<string>());
        Assert.Equal(201, (await f.SendAsync("POST", Comments, Hello.DeepClone())).Status);
        (int status, JsonNode? answer) = await f.SendAsync("GET", Comments);
        Assert.Equal((403, "This installation has been suspended"), (status, answer!["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_Answer_That_Has_Not_Changed_Is_304_And_Free()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        using HttpResponseMessage first = await f.RawAsync("GET", Comments);
        using HttpResponseMessage second = await f.RawAsync("GET", Comments, tag: first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using HttpResponseMessage third = await f.RawAsync("GET", Comments);
        Assert.Equal(int.Parse(first.Headers.GetValues("X-RateLimit-Remaining").Single()) - 1, int.Parse(third.Headers.GetValues("X-RateLimit-Remaining").Single()));
        f.GitHub.Do(w => w.Comment("octo/pets", 1, "alice", "new"));
        using HttpResponseMessage fourth = await f.RawAsync("GET", Comments, tag: first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, fourth.StatusCode);
    }

    [Fact]
    public async Task A_Branch_That_A_Ruleset_Forbids_And_Drafts_That_The_Plan_Lacks_Are_Refused()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w =>
        {
            w.Repository("octo/pets").AllowsDrafts = false;
            w.Repository("octo/pets").Rules.Add(new("creation", "agentworkflow/*"));
            w.Push("octo/pets", "alice", "topic", new Dictionary<string, string?> { ["b.txt"] = "b\n" });
        });
        JsonNode refused = await GitHubDoubleTests.Expect(f, 422, "POST", "/git/refs", new JsonObject { ["ref"] = "refs/heads/agentworkflow/1-x", ["sha"] = f.Head() });
        Assert.Contains("creations being restricted", refused["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await GitHubDoubleTests.Expect(f, 422, "POST", "/pulls", new JsonObject { ["title"] = "T", ["head"] = "topic", ["base"] = "main", ["draft"] = true });
        await GitHubDoubleTests.Expect(f, 201, "POST", "/pulls", new JsonObject { ["title"] = "T", ["head"] = "topic", ["base"] = "main" });
        f.GitHub.Journal.RequireNoViolations();
    }

    private sealed class FakeClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 11, 23, 12, 0, 0, 250, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
