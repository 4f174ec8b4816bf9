using System.Net;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>What goes wrong on GitLab: rights, tokens, limits, lost replies; what quick actions do; and git itself.</summary>
public sealed class GitLabFaultTests
{
    private const string Path = GitLabDoubleFixture.Path;
    private const string Project = GitLabDoubleFixture.Project;
    private static readonly JsonObject Hello = new() { ["body"] = "hello" };

    [Fact]
    public async Task Tokens_Are_Refused_With_Their_Reason()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        (string reader, string stranger) = f.GitLab.Do(w => (w.GiveToken(w.Bot, ["read_api"]).Value, w.GiveToken(w.Person("mallory"), ["api"]).Value));
        (int status, JsonNode? body) = await f.SendAsync("POST", $"{Project}/issues/1/notes", Hello.DeepClone(), reader);
        Assert.Equal((403, "insufficient_scope", "api"), (status, body!["error"]!.ToString(), body["scope"]!.ToString()));
        Assert.Equal(200, (await f.SendAsync("GET", Project, token: reader)).Status);
        Assert.Equal((404, 404, 401), ((await f.SendAsync("GET", Project, token: stranger)).Status, (await f.SendAsync("GET", Project, token: "")).Status, (await f.SendAsync("GET", Project, token: "glpat-none")).Status));
        JsonNode self = (await f.SendAsync("GET", "/personal_access_tokens/self", token: reader)).Body!;
        Assert.Equal("read_api", self["scopes"]![0]!.ToString());
        f.GitLab.Do(w => w.Tokens[reader].ExpiresAt = DateOnly.FromDateTime(DateTime.UnixEpoch));
        (status, body) = await f.SendAsync("GET", Project, token: reader);
        Assert.Equal((401, "invalid_token"), (status, body!["error"]!.ToString()));
        f.GitLab.Do(w => w.Token.Revoked = true);
        Assert.Equal(401, (await f.SendAsync("GET", Project)).Status);
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Roles_Come_From_Groups_Above_And_End_With_A_Block()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        (long alice, long bob, long token) = f.GitLab.Do(w => (w.Person("alice").Id, w.Person("bob").Id, w.GiveProjectToken(Path, 40, "api").User.Id));
        Assert.Equal(30, (await f.SendAsync("GET", $"{Project}/members/all/{alice}")).Body!["access_level"]!.GetValue<int>());
        Assert.Equal((404, 404), ((await f.SendAsync("GET", $"{Project}/members/{alice}")).Status, (await f.SendAsync("GET", $"{Project}/members/all/{bob}")).Status));
        Assert.True((await f.SendAsync("GET", $"/users/{token}")).Body!["bot"]!.GetValue<bool>());
        f.GitLab.Do(w => { w.Block("alice"); w.Grant(Path, "alice", 40); });
        JsonNode member = (await f.SendAsync("GET", $"{Project}/members/all/{alice}")).Body!;
        Assert.Equal(("blocked", 40), (member["state"]!.ToString(), member["access_level"]!.GetValue<int>()));
        f.GitLab.Do(w => w.Grant(Path, f.GitLab.BotUsername, 10));
        Assert.Equal((403, 403, 201), ((await f.SendAsync("GET", $"{Project}/repository/tree")).Status, (await f.SendAsync("POST", $"{Project}/repository/branches", new JsonObject { ["branch"] = "b", ["ref"] = "main" })).Status, (await f.SendAsync("POST", $"{Project}/issues/1/notes", Hello.DeepClone())).Status));
        f.GitLab.Do(w => w.OpenIssue(Path, "alice", "Secret", "", confidential: true));
        Assert.Equal(404, (await f.SendAsync("GET", $"{Project}/issues/2")).Status);
        f.GitLab.Do(w => w.Grant(Path, f.GitLab.BotUsername, 15));
        Assert.Equal(200, (await f.SendAsync("GET", $"{Project}/issues/2")).Status);
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Faults_Have_The_Same_Names_As_On_GitHub()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        f.GitLab.Faults.Add(Fault.DropReply("comment"));
        await Assert.ThrowsAsync<HttpRequestException>(() => f.SendAsync("POST", $"{Project}/issues/1/notes", Hello.DeepClone()));
        Assert.Equal(1, f.GitLab.Journal.Count("comment", f.GitLab.BotUsername));
        f.GitLab.Faults.Add(Fault.Answer("comment", 503, "Service Unavailable"));
        Assert.Equal(503, (await f.SendAsync("POST", $"{Project}/issues/1/notes", Hello.DeepClone())).Status);
        f.GitLab.Faults.Add(Fault.Stale("comment", reads: 1));
        Assert.Equal(201, (await f.SendAsync("POST", $"{Project}/issues/1/notes", Hello.DeepClone())).Status);
        Assert.Single((await f.SendAsync("GET", $"{Project}/issues/1/notes")).Body!.AsArray());
        Assert.Equal(2, (await f.SendAsync("GET", $"{Project}/issues/1/notes")).Body!.AsArray().Count);
        f.GitLab.Faults.Add(Fault.Before("branch", (GitLabWorld w) => w.Push(Path, "alice", "main", new Dictionary<string, string?> { ["z.txt"] = "z" })));
        string head = f.Head();
        (int status, JsonNode? branch) = await f.SendAsync("POST", $"{Project}/repository/branches", new JsonObject { ["branch"] = "b", ["ref"] = "main" });
        Assert.Equal((201, false), (status, branch!["commit"]!["id"]!.ToString() == head));
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Limit_Says_When_To_Come_Again_And_Who_Does_Not_Wait_Is_Noted()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        f.GitLab.Faults.Add(Fault.PrimaryLimit("GET /api/v4/projects/{id}", TimeSpan.FromMinutes(1)));
        using HttpResponseMessage limited = await f.RawAsync("GET", Project);
        Assert.Equal((HttpStatusCode.TooManyRequests, "0"), (limited.StatusCode, limited.Headers.GetValues("RateLimit-Remaining").Single()));
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 55, 61);
        Assert.Equal("Retry later\n", await limited.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using HttpResponseMessage tooEarly = await f.RawAsync("GET", Project);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooEarly.StatusCode);
        Assert.Contains("before it may", f.GitLab.Journal.Violations.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/close", "", "quick-action:/close")]
    [InlineData("Thanks.\n/label ~bug\nBye.", "Thanks.\nBye.", "quick-action:/label ~bug")]
    [InlineData("/approve\n\n/merge", "", "quick-action:/approve|quick-action:/merge")]
    [InlineData("Hi @alice and @all.", "Hi @alice and @all.", "mention:@alice|mention:@all")]
    [InlineData("`@alice` \\@alice a@b.c <!-- @alice -->", "`@alice` \\@alice a@b.c <!-- @alice -->", "")]
    [InlineData("```\n/close\n```\n> /close\n /close\n/aw approve\n/generate", "```\n/close\n```\n> /close\n /close\n/aw approve\n/generate", "")]
    [InlineData("Use /close here\n~~~\n@alice\n~~~", "Use /close here\n~~~\n@alice\n~~~", "")]
    public async Task Quick_Actions_Are_Done_And_Taken_Out_And_Mentions_Are_Told(string body, string left, string effects)
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        f.GitLab.Do(w => w.LabelOf(w.Project(Path), "bug"));
        (int status, JsonNode? note) = await f.SendAsync("POST", $"{Project}/issues/1/notes", new JsonObject { ["body"] = body });
        Assert.Equal(left.Length == 0 ? 202 : 201, status);
        Assert.Equal(left.Length == 0 ? null : left, note!["body"]?.ToString());
        Assert.Equal(effects, string.Join('|', f.GitLab.Journal.Effects.Where(e => e.Kind is "quick-action" or "mention").Select(e => $"{e.Kind}:{e.Text}")));
        Assert.Equal((body == "/close", body.Contains("~bug", StringComparison.Ordinal)), f.GitLab.Do(w => (w.Issue(Path, 1).State == "closed", w.Issue(Path, 1).Labels.Contains("bug"))));
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Git_Clones_And_Pushes_And_Is_Kept_From_Protected_Branches()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        string folder = Directory.CreateTempSubdirectory("agentworkflow-rig-").FullName;
        try
        {
            string url = f.GitLab.Url.Replace("http://", $"http://oauth2:{f.GitLab.Token}@", StringComparison.Ordinal) + $"/{Path}.git";
            Assert.Equal(0, await DoubleGitTests.GitAsync(folder, "clone", "-q", url, "clone"));
            string clone = System.IO.Path.Combine(folder, "clone");
            Assert.Equal(0, await DoubleGitTests.GitAsync(clone, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-q", "--allow-empty", "-m", "C"));
            Assert.NotEqual(0, await DoubleGitTests.GitAsync(clone, "push", "-q", "origin", "HEAD:refs/heads/main"));
            Assert.Equal(0, await DoubleGitTests.GitAsync(clone, "push", "-q", "origin", "HEAD:refs/heads/topic"));
            Assert.Contains($"branch {Path} topic: tree HASH", f.GitLab.Journal.Lines(f.GitLab.BotUsername));
            Assert.NotEqual(0, await DoubleGitTests.GitAsync(folder, "clone", "-q", url.Replace(f.GitLab.Token, "wrong", StringComparison.Ordinal), "other"));
            (int status, JsonNode? made) = await f.SendAsync("POST", "/projects", new JsonObject { ["name"] = "fresh", ["topics"] = new JsonArray("a") });
            Assert.Equal(201, status);
            Assert.Equal(0, await DoubleGitTests.GitAsync(clone, "push", "-q", $"{url.Replace(Path, made!["path_with_namespace"]!.ToString(), StringComparison.Ordinal)}", "HEAD:refs/heads/main"));
            Assert.Equal("main", (await f.SendAsync("GET", $"/projects/{made["id"]}")).Body!["default_branch"]!.ToString());
            f.GitLab.Journal.RequireNoViolations();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Scripts_Act_And_Read_By_Verbs()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        string rig = f.GitLab.Url + "/_rig/";
        Assert.Equal(200, (await f.SendAsync("POST", rig + "repositories", new JsonObject { ["repository"] = "octo/dogs", ["files"] = new JsonObject { ["a.txt"] = "a" } })).Status);
        Assert.Equal(1, (await f.SendAsync("POST", rig + "issues", new JsonObject { ["repository"] = "octo/dogs", ["by"] = "alice", ["title"] = "Dogs" })).Body!["number"]!.GetValue<int>());
        await f.SendAsync("POST", rig + "faults", new JsonObject { ["operation"] = "comment", ["kind"] = "Before", ["then"] = new JsonArray(new JsonObject { ["verb"] = "comments", ["repository"] = "octo/dogs", ["number"] = 1, ["by"] = "alice", ["body"] = "first" }) });
        await f.SendAsync("POST", "/projects/octo%2Fdogs/issues/1/notes", Hello.DeepClone());
        Assert.Equal(["first", "hello"], f.GitLab.Do(w => w.Issue("octo/dogs", 1).Notes.Select(n => n.Body)));
        Assert.Contains("octo/dogs #1 issue opened by alice: Dogs [] @ []", (await f.SendAsync("GET", rig + "state")).Body!.AsArray().Select(l => l!.ToString()));
        using StringWriter said = new();
        Assert.Equal(2, await RigCommand.RunAsync(["gitlab", "--colour", "red"], said, TestContext.Current.CancellationToken));
        Assert.Contains("usage", said.ToString(), StringComparison.Ordinal);
    }
}
