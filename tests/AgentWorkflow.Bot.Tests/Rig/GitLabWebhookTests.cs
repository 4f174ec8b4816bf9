using System.Security.Cryptography;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab;
using AgentWorkflow.Rig.GitLab.Webhooks;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Webhooks;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>GitLab's webhooks: signed and shaped as GitLab does it, given up after failures, listed and sent again.</summary>
public sealed class GitLabWebhookTests
{
    private const string Path = GitLabDoubleFixture.Path;
    private static readonly string Signing = "whsec_" + Convert.ToBase64String(SHA256.HashData("a key"u8));

    // Members that GitLab dropped, sends only for some projects, or that say nothing to a bot.
    private static readonly string[] Optional = ["assignee", "branch_name", "deleted_at", "position", "source_pipeline", "total_commits_count", "st_diff", "commits", "builds", "variables", "merge_params", "homepage", "milestone_id", "avatar_url"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_Signature_Is_The_Published_One()
    {
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", HookOutbox.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"));
    }

    [Fact]
    public async Task A_Note_Arrives_Once_With_Token_And_Signature()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync(new GitLabDoubleOptions { WebhookUrl = receiver.Url, WebhookSecret = "s", SigningToken = Signing });
        f.GitLab.Do(w => w.Comment(Path, 1, "alice", "/generate"));
        await f.GitLab.Webhooks.SettleAsync(Stop);
        Assert.Equal(["Issue Hook", "Note Hook"], receiver.Got.Select(g => g["X-Gitlab-Event"]));
        HookReceiver.Hook note = receiver.Got.Last();
        Assert.Equal(("s", f.GitLab.Url, note["Idempotency-Key"]), (note["X-Gitlab-Token"], note["X-Gitlab-Instance"], note["webhook-id"]));
        Assert.Equal(HookOutbox.Sign(Signing, note["webhook-id"], note["webhook-timestamp"], note.Body), note["webhook-signature"]);
        JsonNode payload = JsonNode.Parse(note.Body)!;
        Assert.Equal(("note", "/generate", "alice", Path, 1), (payload["object_kind"]!.ToString(), payload["object_attributes"]!["note"]!.ToString(), payload["user"]!["username"]!.ToString(), payload["project"]!["path_with_namespace"]!.ToString(), payload["issue"]!["iid"]!.GetValue<int>()));
    }

    [Fact]
    public async Task What_Is_Confidential_Goes_To_The_Hooks_That_Ask_For_It()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        f.GitLab.Do(w =>
        {
            w.AddHook(w.Project(Path), "http://127.0.0.1:9/", null, null, "note_events", "issues_events");
            w.AddHook(w.Project(Path), "http://127.0.0.1:9/", null, null, "confidential_note_events", "confidential_issues_events");
            w.OpenIssue(Path, "alice", "Secret", "", confidential: true);
            w.Comment(Path, 2, "alice", "psst");
            w.Comment(Path, 1, "alice", "hello");
        });
        Assert.Equal(["Confidential Issue Hook", "Confidential Note Hook", "Note Hook"], f.GitLab.Webhooks.Deliveries.Select(d => d.Event));
    }

    [Fact]
    public async Task A_Hook_That_Fails_Four_Times_Is_Off_For_A_Time_And_A_Test_Mends_It()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync(new GitLabDoubleOptions { WebhookUrl = receiver.Url, Time = time });
        f.GitLab.Do(w => w.Grant(Path, f.GitLab.BotUsername, 40));
        receiver.Answers = 500;
        for (int i = 0; i < 5; i++)
        {
            f.GitLab.Do(w => w.Comment(Path, 1, "alice", "hello"));
            await f.GitLab.Webhooks.SettleAsync(Stop);
        }

        // The issue itself was the first that arrived; it was fine or not, the fourth failure is the last that is sent.
        int sent = receiver.Got.Count;
        Hook hook = f.GitLab.Do(w => w.Project(Path).Hooks[0]);
        JsonNode shown = (await f.SendAsync("GET", $"{GitLabDoubleFixture.Project}/hooks/{hook.Id}")).Body!;
        Assert.Equal("temporarily_disabled", shown["alert_status"]!.ToString());
        Assert.Equal(hook.DisabledUntil, time.GetUtcNow().AddMinutes(1));
        f.GitLab.Do(w => w.Comment(Path, 1, "alice", "unheard"));
        await f.GitLab.Webhooks.SettleAsync(Stop);
        Assert.Equal(sent, receiver.Got.Count);
        time.Advance(TimeSpan.FromSeconds(61));
        f.GitLab.Do(w => w.Comment(Path, 1, "alice", "a fifth"));
        await f.GitLab.Webhooks.SettleAsync(Stop);
        Assert.Equal((sent + 1, time.GetUtcNow().AddMinutes(2)), (receiver.Got.Count, hook.DisabledUntil));
        receiver.Answers = 200;
        Assert.Equal(201, (await f.SendAsync("POST", $"{GitLabDoubleFixture.Project}/hooks/{hook.Id}/test/note_events")).Status);
        await f.GitLab.Webhooks.SettleAsync(Stop);
        shown = (await f.SendAsync("GET", $"{GitLabDoubleFixture.Project}/hooks/{hook.Id}")).Body!;
        Assert.Equal("executable", shown["alert_status"]!.ToString());
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public void Forty_Failures_In_A_Row_Switch_A_Hook_Off_For_Good()
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        Hook hook = new() { Id = 1, Uuid = "u", Url = "http://localhost", CreatedAt = now };
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < 40; i++)
        {
            Assert.NotEqual("disabled", hook.Status(now));
            hook.Answered(500, now);
            longest = hook.DisabledUntil - now is { } wait && wait > longest ? wait : longest;
            now = hook.DisabledUntil > now ? hook.DisabledUntil.Value.AddSeconds(1) : now;
        }

        Assert.Equal(("disabled", TimeSpan.FromDays(1)), (hook.Status(now.AddYears(1)), longest));
        hook.Answered(204, now);
        Assert.Equal("executable", hook.Status(now));
    }

    [Fact]
    public async Task What_Was_Lost_Stands_In_The_History_And_Is_Sent_Again_With_Its_Key()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync(new GitLabDoubleOptions { WebhookUrl = receiver.Url, WebhookSecret = "top secret" });
        await f.GitLab.Webhooks.SettleAsync(Stop);
        f.GitLab.Do(w => w.Grant(Path, f.GitLab.BotUsername, 40));
        f.GitLab.Webhooks.Network = Network.Silent;
        f.GitLab.Do(w => w.Comment(Path, 1, "alice", "lost"));
        long hook = f.GitLab.Do(w => w.Project(Path).Hooks[0].Id);
        (int status, JsonNode? events) = await f.SendAsync("GET", $"{GitLabDoubleFixture.Project}/hooks/{hook}/events?per_page=20");
        Assert.Equal((200, "note_hooks", "internal error"), (status, events![0]!["trigger"]!.ToString(), events[0]!["response_status"]!.ToString()));
        Assert.DoesNotContain("top secret", events.ToJsonString(), StringComparison.Ordinal);
        f.GitLab.Webhooks.Network = Network.Good;
        Assert.Equal(201, (await f.SendAsync("POST", $"{GitLabDoubleFixture.Project}/hooks/{hook}/events/{events[0]!["id"]}/resend")).Status);
        await f.GitLab.Webhooks.SettleAsync(Stop);
        Assert.Equal(events[0]!["request_headers"]!["Idempotency-Key"]!.ToString(), receiver.Got.Last()["Idempotency-Key"]);
        f.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Maintainer_Makes_A_Hook_And_Its_Secrets_Are_Not_Told()
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync();
        JsonObject hook = new() { ["url"] = "http://127.0.0.1:9/api", ["note_events"] = true, ["push_events"] = false, ["token"] = "old secret", ["signing_token"] = Signing };
        Assert.Equal(403, (await f.SendAsync("POST", $"{GitLabDoubleFixture.Project}/hooks", hook.DeepClone())).Status);
        f.GitLab.Do(w => w.Grant(Path, f.GitLab.BotUsername, 40));
        (int status, JsonNode? made) = await f.SendAsync("POST", $"{GitLabDoubleFixture.Project}/hooks", hook.DeepClone());
        Assert.Equal((201, true, false, true), (status, made!["note_events"]!.GetValue<bool>(), made["push_events"]!.GetValue<bool>(), made["signing_token_present"]!.GetValue<bool>()));
        Assert.DoesNotContain("old secret", made.ToJsonString(), StringComparison.Ordinal);
        hook["signing_token"] = "whsec_short";
        Assert.Equal(422, (await f.SendAsync("PUT", $"{GitLabDoubleFixture.Project}/hooks/{made["id"]}", hook)).Status);
        f.GitLab.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData("issue_hooks", "go-scm__issue_create.json")]
    [InlineData("note_hooks!issue", "go-scm__issue_comment_create.json")]
    [InlineData("confidential_note_hooks", "go-playground__confidential-comment-event.json")]
    [InlineData("note_hooks!merge_request", "go-scm__merge_request_comment_subgroup.json")]
    [InlineData("note_hooks!line", "go-scm__review_comment_create.json")]
    [InlineData("merge_request_hooks", "woodpecker__HookPullRequestEdited.json")]
    [InlineData("push_hooks", "go-gitlab__push.json")]
    [InlineData("pipeline_hooks", "go-scm__pipeline_hook.json")]
    public async Task A_Payload_Has_The_Members_Of_The_Recorded_One(string trigger, string recorded)
    {
        await using GitLabDoubleFixture f = await GitLabDoubleFixture.StartAsync(new GitLabDoubleOptions { WebhookUrl = "http://127.0.0.1:9/" });
        f.GitLab.Webhooks.Network = Network.Silent;
        f.GitLab.Do(w =>
        {
            w.OpenIssue(Path, "alice", "Open", "text", labels: ["bug"]);
            w.Comment(Path, 1, "alice", "hello");
            w.OpenIssue(Path, "alice", "Secret", "", confidential: true);
            w.Comment(Path, 3, "alice", "psst");
            w.Push(Path, "alice", "topic", new Dictionary<string, string?> { ["b.txt"] = "b\n" });
            MergeRequest merge = w.OpenMerge(w.Project(Path), w.Person("alice"), "Topic", "", "topic", "main");
            w.Assign(merge, w.Person("alice"), [w.Person("alice")]);
            w.CommentMerge(Path, 1, "alice", "hello");
            w.CommentMerge(Path, 1, "alice", "why?", new DiffLine("b.txt", 1, merge.Sha, merge.Sha, merge.Sha));
            w.AddLabels(merge, w.Person("alice"), ["bug"]);
            w.Edit(merge, w.Person("alice"), "Another title", "Another text");
            w.RunPipeline(Path, "topic", "success", "alice");
        });
        JsonNode ours = f.GitLab.Webhooks.Deliveries.Where(d => d.Trigger == trigger.Split('!')[0]).Select(d => JsonNode.Parse(d.Body)!)
            .Last(b => trigger.Split('!') is not [_, var of] || (b[of == "line" ? "merge_request" : of] is not null && (of == "line") == (b["object_attributes"]!["type"]?.ToString() == "DiffNote")));
        JsonNode theirs = JsonNode.Parse(await File.ReadAllTextAsync(System.IO.Path.Combine(SharedData.Folder!, "gitlab", "webhooks", recorded), Stop))!;
        Assert.Equal("", string.Join('\n', RecordedShape.Missing(theirs, ours, depth: 2).Where(m => !Optional.Contains(m.Split('.')[^1].Split(' ')[0]))));
    }
}
