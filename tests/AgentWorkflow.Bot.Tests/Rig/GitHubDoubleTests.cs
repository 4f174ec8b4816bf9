using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>The GitHub double does a whole run's calls as GitHub does.</summary>
public sealed class GitHubDoubleTests
{
    [Fact]
    public async Task A_Whole_Run_Of_Calls_Is_Served_And_Stands_In_The_Journal()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        string head = f.Head();
        await Expect(f, 201, "POST", "/issues/1/reactions", new JsonObject { ["content"] = "eyes" });
        await Expect(f, 200, "POST", "/issues/1/reactions", new JsonObject { ["content"] = "eyes" });
        JsonNode comment = await Expect(f, 201, "POST", "/issues/1/comments", new JsonObject { ["body"] = "Working" });
        await Expect(f, 200, "PATCH", $"/issues/comments/{comment["id"]}", new JsonObject { ["body"] = "Done" });
        await Expect(f, 201, "POST", "/git/refs", new JsonObject { ["ref"] = "refs/heads/agentworkflow/1-pets-abcdefgh", ["sha"] = head });
        JsonNode again = await Expect(f, 422, "POST", "/git/refs", new JsonObject { ["ref"] = "refs/heads/agentworkflow/1-pets-abcdefgh", ["sha"] = head });
        Assert.Equal("Reference already exists", again["message"]!.GetValue<string>());
        JsonNode committed = await f.AskAsync(Commit, Input("agentworkflow/1-pets-abcdefgh", head));
        string oid = committed["data"]!["c"]!["commit"]!["oid"]!.GetValue<string>();
        Assert.True(committed["data"]!["c"]!["commit"]!["signature"]!["isValid"]!.GetValue<bool>());
        JsonNode pull = await Expect(f, 201, "POST", "/pulls", new JsonObject { ["title"] = "Pets", ["head"] = "agentworkflow/1-pets-abcdefgh", ["base"] = "main", ["body"] = "Closes #1", ["draft"] = true });
        Assert.Equal(oid, pull["head"]!["sha"]!.GetValue<string>());
        JsonNode twice = await Expect(f, 422, "POST", "/pulls", new JsonObject { ["title"] = "Pets", ["head"] = "agentworkflow/1-pets-abcdefgh", ["base"] = "main" });
        Assert.Contains("already exists for octo:", twice["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        await Expect(f, 200, "POST", "/issues/2/labels", new JsonObject { ["labels"] = new JsonArray("agentworkflow") });
        await Expect(f, 201, "POST", "/issues/2/assignees", new JsonObject { ["assignees"] = new JsonArray("alice") });
        JsonNode check = await Expect(f, 201, "POST", "/check-runs", new JsonObject { ["name"] = "agentworkflow", ["head_sha"] = oid, ["status"] = "in_progress" });
        await Expect(f, 200, "PATCH", $"/check-runs/{check["id"]}", new JsonObject { ["conclusion"] = "success", ["output"] = new JsonObject { ["title"] = "Verified", ["summary"] = "All passed" } });

        f.GitHub.Journal.RequireNoViolations();
        Assert.Equal(
            [
                "assignee octo/pets #2: alice", "branch octo/pets agentworkflow/1-pets-KEY: tree HASH", "check octo/pets agentworkflow", "check-edit octo/pets agentworkflow", "comment octo/pets #1", "comment-edit octo/pets #1",
                "commit octo/pets agentworkflow/1-pets-KEY: tree HASH Generate pets", "label octo/pets #2: agentworkflow", "pull_request octo/pets agentworkflow/1-pets-KEY into main: draft Pets", "reaction octo/pets #1: eyes",
            ],
            f.GitHub.Journal.Lines(f.GitHub.BotLogin));
        Assert.Equal("hello\n", f.GitHub.Do(w => w.Repository("octo/pets").Git.Files(oid))["new.txt"]);
    }

    [Fact]
    public async Task A_Commit_On_A_Branch_That_Moved_Is_Stale_Data()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        string head = f.Head();
        f.GitHub.Do(w => w.Push("octo/pets", "alice", "main", new Dictionary<string, string?> { ["README.md"] = "# Other\n" }));
        JsonNode answer = await f.AskAsync(Commit, Input("main", head));
        Assert.Equal("STALE_DATA", answer["errors"]![0]!["type"]!.GetValue<string>());
        Assert.Null(answer["data"]!["c"]);
        Assert.Equal(0, f.GitHub.Journal.Count("commit", f.GitHub.BotLogin));
    }

    [Fact]
    public async Task One_Query_Reads_Everything_That_A_Run_Looks_Up()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.Comment("octo/pets", 1, "alice", "/generate"));
        JsonNode data = (await f.AskAsync(
            """
            query($owner: String!, $name: String!, $branch: String!) {
              repository(owner: $owner, name: $name) {
                databaseId isArchived
                defaultBranchRef { name target { oid ... on Commit { tree { oid entries { name type mode object { ... on Blob { text } } } } } } }
                workflows: object(expression: "HEAD:src") { ... on Tree { entries { name oid } } }
                issueOrPullRequest(number: 1) { __typename ...Talk }
                ref(qualifiedName: $branch) { target { oid } }
                pullRequests(headRefName: "x", states: [OPEN, CLOSED], first: 5) { nodes { number } }
              }
              viewer { login }
              rateLimit { remaining }
            }
            fragment Talk on Issue { title body comments(first: 10) { totalCount nodes { databaseId body author { login ... on User { databaseId } } } pageInfo { hasNextPage } } }
            """,
            new JsonObject { ["owner"] = "octo", ["name"] = "pets", ["branch"] = "refs/heads/none" }))["data"]!;
        JsonNode repository = data["repository"]!;
        Assert.Equal(f.Head(), repository["defaultBranchRef"]!["target"]!["oid"]!.GetValue<string>());
        Assert.Equal("# Pets\n", repository["defaultBranchRef"]!["target"]!["tree"]!["entries"]![0]!["object"]!["text"]!.GetValue<string>());
        Assert.Equal("a.txt", repository["workflows"]!["entries"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("/generate", repository["issueOrPullRequest"]!["comments"]!["nodes"]![0]!["body"]!.GetValue<string>());
        Assert.Equal("Issue", repository["issueOrPullRequest"]!["__typename"]!.GetValue<string>());
        Assert.Null(repository["ref"]);
        Assert.Equal("agentworkflow[bot]", data["viewer"]!["login"]!.GetValue<string>());
        f.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task The_Reading_Routes_Answer_In_The_Described_Shape()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w =>
        {
            w.Comment("octo/pets", 1, "alice", "hello");
            w.Push("octo/pets", "alice", "topic", new Dictionary<string, string?> { ["b.txt"] = "b\n" });
            w.AddReviewComment(w.OpenPull(w.Repository("octo/pets"), w.Person("alice"), "Topic", "", "topic", "main"), w.Person("alice"), "b.txt", 1, "why");
            w.Repository("octo/pets").Rules.Add(new("pull_request", "main"));
        });
        string head = f.Head();
        foreach (string path in new[]
        {
            "", "/languages", "/collaborators/alice/permission", "/branches", "/branches/main", "/rules/branches/main", "/contents/README.md", "/contents/src", "/issues?state=all&since=2020-01-01T00:00:00Z", "/issues/1", "/issues/1/comments", "/issues/comments",
            "/issues/2/labels", "/pulls?head=octo:topic&state=all", "/pulls/2", "/pulls/2/files", "/pulls/2/comments", "/git/ref/heads/main", $"/git/commits/{head}", $"/git/trees/{head}?recursive=1", $"/commits/{head}", "/commits", $"/commits/{head}/check-runs", $"/commits/{head}/status",
        })
        {
            await Expect(f, 200, "GET", path);
        }

        Assert.Equal(200, (await f.SendAsync("GET", "/installation/repositories")).Status);
        foreach (string path in new[] { "/app", "/app/installations", "/app/installations/1", "/app/hook/config", "/app/hook/deliveries", "/repos/octo/pets/installation", "/rate_limit", "/users/alice" })
        {
            Assert.Equal(200, (await f.SendAsync("GET", path, token: f.Jwt())).Status);
        }

        f.GitHub.Journal.RequireNoViolations();
    }

    internal const string Commit = "mutation($input: CreateCommitOnBranchInput!) { c: createCommitOnBranch(input: $input) { commit { oid tree { oid } signature { isValid state } } } }";

    internal static JsonObject Input(string branch, string head) => new()
    {
        ["input"] = new JsonObject
        {
            ["branch"] = new JsonObject { ["repositoryNameWithOwner"] = "octo/pets", ["branchName"] = branch },
            ["expectedHeadOid"] = head,
            ["message"] = new JsonObject { ["headline"] = "Generate pets", ["body"] = "AgentWorkflow-Run: x" },
            ["fileChanges"] = new JsonObject { ["additions"] = new JsonArray(new JsonObject { ["path"] = "new.txt", ["contents"] = "aGVsbG8K" }), ["deletions"] = new JsonArray(new JsonObject { ["path"] = "src/a.txt" }) },
        },
    };

    internal static async Task<JsonNode> Expect(DoubleFixture f, int status, string method, string path, JsonNode? body = null)
    {
        (int got, JsonNode? answer) = await f.SendAsync(method, DoubleFixture.Repo + path, body);
        Assert.True(got == status, $"{method} {path}: {got} {answer}");
        return answer!;
    }
}
