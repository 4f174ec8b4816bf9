using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab;
using AgentWorkflow.Rig.GitLab.Rest;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>The GitLab double's REST interface: what a run needs, held against GitLab's description, and what GitLab refuses.</summary>
public sealed class GitLabDoubleTests
{
    private const string Project = GitLabDoubleFixture.Project;

    [Fact]
    public void Every_Operation_That_Is_Served_Is_Described()
    {
        Assert.SkipUnless(SharedData.HasGitLab, SharedData.Absent);
        ApiContract contract = GitLabDouble.Contract();
        HashSet<string> described = [.. contract.Names];
        string[] served = [.. Routes.Enter(new(contract, new(TimeProvider.System), Refusal.Error, null)).Names];
        Assert.True(served.Length > 80, $"{served.Length}");
        Assert.DoesNotContain(served, s => !described.Contains(s));
    }

    [Fact]
    public async Task A_Run_From_Note_To_Merge_Request_Goes_Without_A_Violation()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        long note = f.GitLab.Do(w => w.Comment(GitLabDoubleFixture.Path, 1, "alice", "/generate"))!.Id;
        long alice = f.GitLab.Do(w => w.Person("alice").Id);
        Assert.Equal(30, (await OkAsync(f, "GET", $"{Project}/members/all/{alice}"))["access_level"]!.GetValue<int>());
        Assert.False((await OkAsync(f, "GET", $"/users/{alice}"))["bot"]!.GetValue<bool>());
        Assert.Equal("octo/zoo/pets", (await OkAsync(f, "GET", Project))["path_with_namespace"]!.ToString());
        Assert.Equal(f.Head(), (await OkAsync(f, "GET", $"{Project}/repository/branches/main"))["commit"]!["id"]!.ToString());
        Assert.Equal("/generate", (await OkAsync(f, "GET", $"{Project}/issues/1/notes/{note}"))["body"]!.ToString());
        await OkAsync(f, "POST", $"{Project}/issues/1/notes/{note}/award_emoji", new JsonObject { ["name"] = "eyes" }, 201);
        JsonNode mine = await OkAsync(f, "POST", $"{Project}/issues/1/notes", new JsonObject { ["body"] = "At work." }, 201);
        await OkAsync(f, "PUT", $"{Project}/issues/1/notes/{mine["id"]}", new JsonObject { ["body"] = "Done." });
        JsonNode commit = await OkAsync(f, "POST", $"{Project}/repository/commits", Commit("bot/x", f.Head(), Create("b/c.txt", "c"), Create("go.sh", "#!/bin/sh\n"), new JsonObject { ["action"] = "chmod", ["file_path"] = "go.sh", ["execute_filemode"] = true }), 201);
        Assert.Equal(f.Head(), commit["parent_ids"]![0]!.ToString());
        await OkAsync(f, "POST", $"{Project}/statuses/{commit["id"]}", new JsonObject { ["state"] = "success", ["name"] = "agentworkflow", ["ref"] = "bot/x" }, 201);
        JsonNode merge = await OkAsync(f, "POST", $"{Project}/merge_requests", new JsonObject { ["source_branch"] = "bot/x", ["target_branch"] = "main", ["title"] = "Draft: Pets", ["labels"] = "bot,pets", ["description"] = "Closes #1" }, 201);
        Assert.Equal((true, "bot"), (merge["draft"]!.GetValue<bool>(), merge["labels"]![0]!.ToString()));
        Assert.Single((await OkAsync(f, "GET", $"{Project}/merge_requests?source_branch=bot%2Fx&state=opened")).AsArray());
        f.GitLab.Journal.RequireNoViolations();
        Assert.Equal(["branch octo/zoo/pets bot/x: tree HASH", "comment octo/zoo/pets #1", "comment-edit octo/zoo/pets #1", "label octo/zoo/pets !1: bot", "label octo/zoo/pets !1: pets", "pull_request octo/zoo/pets bot/x into main: Draft: Pets", "reaction octo/zoo/pets #1: eyes", "status octo/zoo/pets agentworkflow: success"], f.GitLab.Journal.Lines(f.GitLab.BotUsername));
        f.GitLab.Do(w => w.Accept(w.Merge(GitLabDoubleFixture.Path, 1), w.Person("alice")));
        Assert.Equal("closed", f.GitLab.Do(w => w.Issue(GitLabDoubleFixture.Path, 1).State));
        Assert.Contains(await TreeAsync(f), e => e is { Path: "go.sh", Mode: "100755" });
    }

    [Fact]
    public async Task What_The_Description_Does_Not_Allow_Is_A_Violation()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        foreach ((string method, string path, JsonObject? body) in new (string, string, JsonObject?)[]
        {
            ("GET", $"{Project}/nothing", null),
            ("GET", $"{Project}/issues?colour=red", null),
            ("POST", $"{Project}/issues/1/notes", new JsonObject { ["text"] = "x" }),
            ("POST", $"{Project}/repository/commits", new JsonObject { ["branch"] = "x", ["commit_message"] = "m", ["actions"] = new JsonArray(new JsonObject { ["action"] = "paint", ["file_path"] = "x" }) }),
        })
        {
            Assert.Equal(599, (await f.SendAsync(method, path, body)).Status);
        }

        Assert.Equal(4, f.GitLab.Journal.Violations.Count);
        Assert.Throws<InvalidOperationException>(f.GitLab.Journal.RequireNoViolations);
    }

    [Fact]
    public async Task Commits_Are_Refused_As_GitLab_Refuses_Them()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        string head = f.Head();
        await RefusedAsync(f, 403, "You are not allowed to push into this branch", CommitOn("main", Create("x", "x")));
        await RefusedAsync(f, 400, "You can only create or edit files when you are on a branch", CommitOn("new", Create("x", "x")));
        await RefusedAsync(f, 400, "A file with this name already exists", Commit("new", head, Create("README.md", "x")));
        await RefusedAsync(f, 400, "A file with this name doesn't exist", Commit("new", head, new JsonObject { ["action"] = "delete", ["file_path"] = "none" }));
        await RefusedAsync(f, 400, "Path cannot include directory traversal", Commit("new", head, Create("../x", "x")));
        Assert.Equal(201, (await f.SendAsync("POST", $"{Project}/repository/commits", Commit("new", head, Create("x", "x")))).Status);
        await RefusedAsync(f, 400, "A branch called 'new' already exists", Commit("new", head, Create("y", "y")));
        await RefusedAsync(f, 400, "The file has changed since you started editing it", CommitOn("new", new JsonObject { ["action"] = "update", ["file_path"] = "x", ["content"] = "z", ["last_commit_id"] = head }));
        string last = f.Head("new");
        Assert.Equal(201, (await f.SendAsync("POST", $"{Project}/repository/commits", CommitOn("new", new JsonObject { ["action"] = "update", ["file_path"] = "x", ["content"] = "eg==", ["encoding"] = "base64", ["last_commit_id"] = last }))).Status);
        Assert.Equal("z", f.GitLab.Do(w => w.Project(GitLabDoubleFixture.Path).Git.Files(w.Project(GitLabDoubleFixture.Path).Git.Head("new")!)["x"]));
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task The_Same_Twice_Is_Refused_With_The_Words_Of_GitLab()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        await f.SendAsync("POST", $"{Project}/repository/branches", new JsonObject { ["branch"] = "b", ["ref"] = "main" });
        (int status, JsonNode? body) = await f.SendAsync("POST", $"{Project}/repository/branches", new JsonObject { ["branch"] = "b", ["ref"] = "main" });
        Assert.Equal((400, "Branch already exists"), (status, body!["message"]!.ToString()));
        JsonObject merge = new() { ["source_branch"] = "b", ["target_branch"] = "main", ["title"] = "T" };
        Assert.Equal(201, (await f.SendAsync("POST", $"{Project}/merge_requests", merge.DeepClone())).Status);
        (status, body) = await f.SendAsync("POST", $"{Project}/merge_requests", merge);
        Assert.Equal((409, "Another open merge request already exists for this source branch: !1"), (status, body!["message"]![0]!.ToString()));
        await f.SendAsync("POST", $"{Project}/issues/1/award_emoji", new JsonObject { ["name"] = "eyes" });
        Assert.Equal(404, (await f.SendAsync("POST", $"{Project}/issues/1/award_emoji", new JsonObject { ["name"] = "eyes" })).Status);
        Assert.Equal(201, (await f.SendAsync("POST", $"{Project}/labels", new JsonObject { ["name"] = "l", ["color"] = "#fff" })).Status);
        Assert.Equal(409, (await f.SendAsync("POST", $"{Project}/labels", new JsonObject { ["name"] = "l", ["color"] = "#fff" })).Status);
    }

    [Fact]
    public async Task Trees_And_Files_And_Archives_Are_Those_Of_Git()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        Assert.Equal(["README.md", "run.sh", "src", "src/a.txt"], (await TreeAsync(f)).Select(e => e.Path).Order(StringComparer.Ordinal));
        using HttpResponseMessage first = await f.RawAsync("GET", $"{Project}/repository/tree?recursive=true&per_page=3&pagination=keyset");
        string next = first.Headers.GetValues("Link").Single().Split('<', '>')[1];
        Assert.Single((await f.SendAsync("GET", next)).Body!.AsArray());
        using HttpResponseMessage raw = await f.RawAsync("GET", $"{Project}/repository/files/src%2Fa.txt/raw?ref=main");
        Assert.Equal("a\n", await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using HttpResponseMessage archive = await f.RawAsync("GET", $"{Project}/repository/archive.tar.gz?sha={f.Head()}");
        byte[] bytes = await archive.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0x1f, 0x8b], bytes[..2]);
        using HttpResponseMessage absent = await f.RawAsync("GET", $"{Project}/repository/files/none/raw?ref=main");
        Assert.Equal(404, (int)absent.StatusCode);
        f.GitLab.Journal.RequireNoViolations();
    }

    private static JsonObject Create(string path, string content) => new() { ["action"] = "create", ["file_path"] = path, ["content"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(content)), ["encoding"] = "base64" };

    private static JsonObject Commit(string branch, string start, params JsonObject[] actions)
    {
        JsonObject body = CommitOn(branch, actions);
        body["start_sha"] = start;
        return body;
    }

    private static JsonObject CommitOn(string branch, params JsonObject[] actions) => new() { ["branch"] = branch, ["commit_message"] = "Change", ["actions"] = new JsonArray([.. actions]), ["stats"] = false };

    private static async Task RefusedAsync(GitLabDoubleFixture f, int status, string words, JsonObject commit)
    {
        (int answered, JsonNode? body) = await f.SendAsync("POST", $"{Project}/repository/commits", commit);
        Assert.Equal(status, answered);
        Assert.Contains(words, body!["message"]!.ToString(), StringComparison.Ordinal);
    }

    private static async Task<List<(string Path, string Mode)>> TreeAsync(GitLabDoubleFixture f) =>
        [.. (await OkAsync(f, "GET", $"{Project}/repository/tree?recursive=true&per_page=100")).AsArray().Select(e => (e!["path"]!.ToString(), e["mode"]!.ToString()))];

    private static async Task<JsonNode> OkAsync(GitLabDoubleFixture f, string method, string path, JsonObject? body = null, int expected = 200)
    {
        (int status, JsonNode? answer) = await f.SendAsync(method, path, body);
        Assert.True(status == expected, $"{method} {path}: {status} {answer} {string.Join('\n', f.GitLab.Journal.Violations)}");
        return answer!;
    }
}
