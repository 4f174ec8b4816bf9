using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.Webhooks;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>Webhooks: signed as GitHub signs, shaped as GitHub shapes, and kept for the deliveries API when the way is bad.</summary>
public sealed class DoubleWebhookTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_Signature_Is_The_Published_One()
    {
        Assert.Equal("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", Outbox.Sign("It's a Secret to Everybody", Encoding.UTF8.GetBytes("Hello, World!")));
    }

    [Fact]
    public async Task A_Comment_Arrives_Signed_Once_And_In_Order()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using DoubleFixture f = await DoubleFixture.StartAsync(new GitHubDoubleOptions { WebhookUrl = receiver.Url, WebhookSecret = "s" });
        f.GitHub.Do(w => w.Comment("octo/pets", 1, "alice", "/generate"));
        await f.GitHub.Webhooks.SettleAsync(Stop);
        Assert.Equal(["installation", "issues", "issue_comment"], receiver.Got.Select(g => g["X-GitHub-Event"]));
        HookReceiver.Hook last = receiver.Got.Last();
        string body = last.Body;
        Assert.Equal(("issue_comment", Outbox.Sign("s", Encoding.UTF8.GetBytes(body))), (last["X-GitHub-Event"], last["X-Hub-Signature-256"]));
        JsonNode payload = JsonNode.Parse(body)!;
        Assert.Equal(("created", "/generate", "alice", "octo/pets"), (payload["action"]!.GetValue<string>(), payload["comment"]!["body"]!.GetValue<string>(), payload["sender"]!["login"]!.GetValue<string>(), payload["repository"]!["full_name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_Way_Can_Double_Reorder_And_Lose()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using DoubleFixture f = await DoubleFixture.StartAsync(new GitHubDoubleOptions { WebhookUrl = receiver.Url });
        await f.GitHub.Webhooks.SettleAsync(Stop);
        receiver.Got.Clear();
        f.GitHub.Webhooks.Network = Network.Doubling;
        f.GitHub.Do(w => w.Comment("octo/pets", 1, "alice", "one"));
        await f.GitHub.Webhooks.SettleAsync(Stop);
        Assert.Equal(2, receiver.Got.Count);

        f.GitHub.Webhooks.Network = Network.Reordering;
        f.GitHub.Do(w => { w.Comment("octo/pets", 1, "alice", "two"); w.AddLabels(w.Repository("octo/pets").Find(1)!, w.Person("alice"), ["x"]); });
        await f.GitHub.Webhooks.ReleaseAsync(Stop);
        Assert.Equal(["issues", "issue_comment"], receiver.Got.Skip(2).Select(g => g["X-GitHub-Event"]));

        f.GitHub.Webhooks.Network = Network.Silent;
        f.GitHub.Do(w => w.Comment("octo/pets", 1, "alice", "three"));
        await f.GitHub.Webhooks.SettleAsync(Stop);
        Assert.Equal(4, receiver.Got.Count);
        JsonNode last = (await f.SendAsync("GET", "/app/hook/deliveries?per_page=1", token: f.Jwt())).Body![0]!;
        Assert.Equal(("issue_comment", 502), (last["event"]!.GetValue<string>(), last["status_code"]!.GetValue<int>()));

        f.GitHub.Webhooks.Network = Network.Good;
        Assert.Equal(202, (await f.SendAsync("POST", $"/app/hook/deliveries/{last["id"]}/attempts", token: f.Jwt())).Status);
        await f.GitHub.Webhooks.SettleAsync(Stop);
        JsonNode again = (await f.SendAsync("GET", "/app/hook/deliveries?per_page=1", token: f.Jwt())).Body![0]!;
        Assert.Equal((last["guid"]!.GetValue<string>(), true, "OK"), (again["guid"]!.GetValue<string>(), again["redelivery"]!.GetValue<bool>(), again["status"]!.GetValue<string>()));
        f.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Deliveries_Are_Paged_By_Cursor_And_Read_One_By_One()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        for (int i = 0; i < 250; i++)
        {
            f.GitHub.Webhooks.Send("ping", new JsonObject { ["n"] = i });
        }

        HashSet<long> seen = [];
        string? next = "/app/hook/deliveries?per_page=100";
        int pages = 0;
        while (next is not null)
        {
            using HttpResponseMessage page = await f.RawAsync("GET", next, token: f.Jwt());
            JsonArray items = JsonNode.Parse(await page.Content.ReadAsStringAsync(Stop))!.AsArray();
            Assert.All(items, i => Assert.True(seen.Add(i!["id"]!.GetValue<long>())));
            next = page.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1] : null;
            pages++;

            // A list that changes while it is read.
            f.GitHub.Webhooks.Send("ping", new JsonObject());
        }

        Assert.Equal((3, 252), (pages, seen.Count));
        JsonNode whole = (await f.SendAsync("GET", $"/app/hook/deliveries/{seen.Max()}", token: f.Jwt())).Body!;
        Assert.Equal(249, whole["request"]!["payload"]!["n"]!.GetValue<int>());
        Assert.Equal("ping", whole["request"]!["headers"]!["X-GitHub-Event"]!.GetValue<string>());
        f.GitHub.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData("issue_comment", "created", "issue_comment/created.1.json")]
    [InlineData("issues", "labeled", "issues/labeled.1.json")]
    [InlineData("push", null, "push/payload.1.json")]
    [InlineData("pull_request", "opened", "pull_request/opened.1.json")]
    [InlineData("pull_request_review_comment", "created", "pull_request_review_comment/created.1.json")]
    [InlineData("check_run", "rerequested", "check_run/rerequested.1.json")]
    [InlineData("installation", "created", "installation/created.1.json")]
    public async Task A_Payload_Has_The_Members_Of_The_Published_Example(string name, string? action, string example)
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        await GitHubDoubleTests.Expect(f, 201, "POST", "/check-runs", new JsonObject { ["name"] = "c", ["head_sha"] = f.Head() });
        f.GitHub.Do(w =>
        {
            w.Comment("octo/pets", 1, "alice", "hello");
            w.AddLabels(w.Repository("octo/pets").Find(1)!, w.Person("alice"), ["bug"]);
            w.Push("octo/pets", "alice", "topic", new Dictionary<string, string?> { ["b.txt"] = "b\n" });
            w.AddReviewComment(w.OpenPull(w.Repository("octo/pets"), w.Person("alice"), "Topic", "", "topic", "main"), w.Person("alice"), "b.txt", 1, "why");
            w.Rerequest("octo/pets", 80_000, "alice");
        });
        JsonNode ours = JsonNode.Parse(f.GitHub.Webhooks.Deliveries.Last(d => d.Event == name && d.Action == action).Body)!;
        JsonNode theirs = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AgentWorkflow.Rig.Contract.SharedData.Folder!, "github", "webhooks", example), Stop))!;
        Assert.Equal("", string.Join('\n', RecordedShape.Missing(theirs, ours, depth: 2).Where(m => !Optional.Contains(m.Split('.')[^1]))));
    }

    // Members that GitHub dropped, sends only for some owners, or that say nothing to a bot.
    private static readonly string[] Optional = ["draft", "organization", "requester", "check_suite", "milestone", "_links", "reactions", "timeline_url", "assignee", "installation", "position", "original_position", "start_line", "start_side", "original_line", "original_start_line", "pusher", "deployment", "single_file"];
}
