using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Rig.Contract;

namespace AgentWorkflow.Bot.Tests.Triggers;

/// <summary>GitLab's hooks as events: those that GitLab sent (P15), and each kind that means something to the bot. Programs are known by the names that only GitLab gives (P45).</summary>
public sealed class GitLabEventsTests
{
    private const string Project = "\"project\":{\"id\":7,\"path_with_namespace\":\"octo/zoo/pets\",\"default_branch\":\"main\"}";
    private const string Ada = "\"user\":{\"id\":9,\"username\":\"ada\",\"name\":\"Ada\"}";
    private static readonly TriggerPolicy s_policy = new();

    [Fact]
    public void Every_Payload_Gives_A_Decision_With_A_Reason_And_None_Starts_Anything()
    {
        string[] files = Files();
        Assert.SkipWhen(files.Length == 0, SharedData.Absent);
        List<string> others = [];
        foreach (string file in files)
        {
            using JsonDocument payload = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (string name in (string[])["note_hook", "confidential_note_hook", "issue_hook", "work_item_hook", "push_hook", "merge_request_hook", "pipeline_hook", "system_hook"])
            {
                TriggerEvent? told = GitLabEvents.TryRead(name, payload.RootElement);
                IEnumerable<Decision> decisions = told is null ? [] : told.Also.Append(told)
                    .Select(t => TriggerRules.Decide(t, new TriggerScene { Workflows = [], Permission = RepositoryPermission.Admin, Policy = s_policy }));
                others.AddRange(decisions.Where(d => d is not (Decision.Ignore { Reason.Length: > 0 } or Decision.Check { Then.Count: 0 })).Select(d => $"{Path.GetFileName(file)} as {name}: {d}"));
            }
        }

        Assert.Empty(others);
    }

    [Theory]
    [InlineData("go-scm__issue_comment_create.json", 1, false, CommentPlace.Issue)]
    [InlineData("go-playground__confidential-comment-event.json", 17, false, CommentPlace.Issue)]
    [InlineData("go-scm__merge_request_comment_subgroup.json", 1, true, CommentPlace.Issue)]
    [InlineData("go-scm__review_comment_create.json", 1, true, CommentPlace.Review)]
    public void A_Note_That_Was_Really_Sent_Is_A_Comment_And_A_Command_In_It_Counts(string file, long number, bool isMerge, CommentPlace place)
    {
        string? path = Files().SingleOrDefault(f => Path.GetFileName(f) == file);
        Assert.SkipWhen(path is null, SharedData.Absent);
        using JsonDocument payload = JsonDocument.Parse(File.ReadAllBytes(path!));

        TriggerEvent note = GitLabEvents.TryRead("note_hook", payload.RootElement)!;

        Assert.Equal(("created", isMerge ? ItemNumber.OfMergeRequest(number) : number, place), (note.Action, note.Issue, note.CommentPlace));
        Assert.NotNull(note.Repository);
        Assert.Equal("no command", Screening.Of(note, s_policy)?.Reason);
        Assert.Null(Screening.Of(note with { CommentBody = "/aw status" }, s_policy));
        Assert.Null(Screening.Of(note with { CommentBody = "/generate" }, s_policy));
    }

    [Fact]
    public void A_Subgroup_Is_Part_Of_The_Name()
    {
        TriggerEvent note = Note("\"note\":\"/generate\",\"action\":\"create\"");

        Assert.Equal(("octo/zoo", "pets", 7, "main", 9, "ada"), (note.Repository?.Owner, note.Repository?.Name, note.RepositoryId, note.DefaultBranch, note.Sender.Id, note.Sender.Login));
        Assert.True((s_policy with { Owners = ["octo"] }).Serves(note.Repository!));
        Assert.True((s_policy with { Owners = ["octo/zoo"] }).Serves(note.Repository!));
        Assert.False((s_policy with { Owners = ["octo/zo"] }).Serves(note.Repository!));
    }

    [Theory]
    [InlineData("\"action\":\"create\"", "created")]
    [InlineData("\"action\":\"update\"", "edited")]
    [InlineData("\"created_at\":\"2026-05-04 03:02:01 UTC\",\"updated_at\":\"2026-05-04 03:02:01 UTC\"", "created")]
    [InlineData("\"created_at\":\"2026-05-04 03:02:01 UTC\",\"updated_at\":\"2026-05-04 03:02:02 UTC\"", "edited")]
    [InlineData("\"action\":\"levitate\"", "edited")]
    public void Only_A_New_Note_Is_A_Command(string members, string action)
    {
        TriggerEvent note = Note("\"note\":\"/generate\"," + members);

        Assert.Equal(action, note.Action);
        Assert.Equal(action == "created", Screening.Of(note, s_policy) is null);
    }

    [Theory]
    [InlineData("\"note\":\"/generate\",\"action\":\"create\",\"system\":true", "Issue")]
    [InlineData("\"note\":\"/generate\",\"action\":\"create\"", "Commit")]
    [InlineData("\"note\":\"/generate\",\"action\":\"create\"", "Snippet")]
    [InlineData("\"note\":\"/generate\",\"action\":\"create\"", "Epic")]
    public void What_GitLab_Notes_Down_Itself_And_Notes_Elsewhere_Are_Nobodys_Business(string members, string on) => Assert.NotNull(Screening.Of(Note(members, on), s_policy));

    [Fact]
    public void A_Note_On_A_Work_Item_Is_One_On_Its_Issue()
    {
        TriggerEvent note = Read("note_hook", $$"""{ {{Ada}},{{Project}},"object_attributes":{"id":11,"note":"/generate","author_id":9,"noteable_type":"WorkItem","action":"create"},"work_item":{"iid":4} }""");

        Assert.Equal((4, null), (note.Issue, Screening.Of(note, s_policy)));
    }

    [Fact]
    public void Somebody_Elses_Note_Is_No_Command_Of_The_Sender() =>
        Assert.Equal("the sender is not the comment's author", Screening.Of(Note("\"note\":\"/generate\",\"action\":\"create\",\"author_id\":10"), s_policy)?.Reason);

    [Theory]
    [InlineData("issue_hook")]
    [InlineData("confidential_issue_hook")]
    [InlineData("work_item_hook")]
    [InlineData("confidential_work_item_hook")]
    public void Each_Label_That_Was_Put_On_Is_An_Event_Of_Its_Own(string name)
    {
        TriggerEvent told = Read(name, $$"""
            { {{Ada}},{{Project}},"object_attributes":{"iid":3,"action":"update","updated_at":"2026-05-04 03:02:01 UTC"},
              "changes":{"labels":{"previous":[{"title":"old"}],"current":[{"title":"old"},{"title":"generate"},{"title":"bug"}] } } }
            """);

        Assert.Equal(["generate", "bug"], told.Also.Prepend(told).Select(t => t.Label));
        Assert.All(told.Also.Prepend(told), t => Assert.Equal(("issues", "labeled", 3L, new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero)), (t.Name, t.Action, t.Issue, t.IssueChangedAt)));
    }

    [Theory]
    [InlineData("open", "labeled", "generate")]
    [InlineData("update", "edited", null)]
    [InlineData("close", "closed", null)]
    [InlineData("reopen", "reopened", null)]
    public void A_Label_Counts_When_It_Is_Put_On(string action, string read, string? label)
    {
        TriggerEvent told = Read("issue_hook", $$"""{ {{Ada}},{{Project}},"object_attributes":{"iid":3,"action":"{{action}}"},"labels":[{"title":"generate"}],"changes":{} }""");

        Assert.Equal((read, label), (told.Action, told.Label));
        Assert.Empty(told.Also);
    }

    [Theory]
    [InlineData("refs/heads/topic", "topic")]
    [InlineData("refs/tags/v1", null)]
    public void A_Push_Tells_Its_Branch_Its_Commits_And_Its_Paths(string reference, string? branch)
    {
        TriggerEvent told = Read("push_hook", Pushed($"\"ref\":\"{reference}\",\"total_commits_count\":2"));

        Assert.Equal((branch, null, new string('1', 40), true, "ada"), (told.Push?.Branch, told.Push?.Before, told.Push?.After?.Value, told.Push?.IsWhole, told.Sender.Login));
        Assert.Equal(["a", "b", "c"], told.Push!.Paths);
    }

    [Fact]
    public void Of_More_Than_Twenty_Commits_Not_All_Are_Told() => Assert.False(Read("push_hook", Pushed("\"ref\":\"refs/heads/main\",\"total_commits_count\":21")).Push?.IsWhole);

    [Theory]
    [InlineData("\"action\":\"open\"", "opened")]
    [InlineData("\"action\":\"reopen\"", "reopened")]
    [InlineData("\"action\":\"update\",\"oldrev\":\"2222222222222222222222222222222222222222\"", "synchronize")]
    [InlineData("\"action\":\"update\"", "edited")]
    [InlineData("\"action\":\"approved\"", "edited")]
    [InlineData("\"action\":\"merge\"", "closed")]
    public void A_Merge_Request_Tells_What_Became_Of_It(string members, string action)
    {
        TriggerEvent told = Merge(members, source: 7);

        Assert.Equal(("pull_request", action, ItemNumber.OfMergeRequest(5), false), (told.Name, told.Action, told.Issue, told.Pull?.IsFork));
        Assert.True(Merge(members, source: 8).Pull?.IsFork);
    }

    [Theory]
    [InlineData("ada", false)]
    [InlineData("project_bot", false)]
    [InlineData("my_project_12_bot", false)]
    [InlineData("ghost", true)]
    [InlineData("project_12_bot", true)]
    [InlineData("project_12_bot1", true)]
    [InlineData("project_12_bot_0d9c87e01c56", true)]
    [InlineData("group_7_bot_0d9c87e01c56", true)]
    [InlineData("service_account_group_7_0d9c87e01c56", true)]
    public void Programs_Are_Known_By_The_Names_That_Only_GitLab_Gives(string login, bool isBot)
    {
        TriggerEvent note = Read("note_hook", $$"""
            { "user":{"id":9,"username":"{{login}}"},{{Project}},"object_attributes":{"id":11,"note":"/generate","author_id":9,"noteable_type":"Issue","action":"create"},"issue":{"iid":3} }
            """);

        Assert.Equal(isBot, note.SenderIsBot);
        Assert.Equal(isBot, Screening.Of(note, s_policy) is not null);
        Assert.Null(Screening.Of(note, s_policy with { AllowedBots = new HashSet<long> { 9 } }));
    }

    private static TriggerEvent Note(string members, string on = "Issue")
    {
        string author = members.Contains("author_id", StringComparison.Ordinal) ? "" : "\"author_id\":9,";
        return Read("note_hook", $$"""{ {{Ada}},{{Project}},"object_attributes":{"id":11,{{author}}"noteable_type":"{{on}}",{{members}} },"issue":{"iid":3} }""");
    }

    private static TriggerEvent Merge(string members, long source) => Read("merge_request_hook", $$"""
        { {{Ada}},{{Project}},"object_attributes":{"iid":5,"source_project_id":{{source}},"target_project_id":7,"last_commit":{"id":"1111111111111111111111111111111111111111"},{{members}} } }
        """);

    private static string Pushed(string members) => $$"""
        { "user_id":9,"user_username":"ada","user_name":"Ada",{{Project}},{{members}},
          "before":"0000000000000000000000000000000000000000","after":"1111111111111111111111111111111111111111",
          "commits":[{"added":["a"],"modified":["b",3],"removed":[]},{"added":[],"modified":["b"],"removed":["c"]}] }
        """;

    private static TriggerEvent Read(string name, string json)
    {
        using JsonDocument payload = JsonDocument.Parse(json);
        return GitLabEvents.TryRead(name, payload.RootElement)!;
    }

    private static string[] Files() => SharedData.HasGitLab ? Directory.GetFiles(Path.Combine(SharedData.Folder!, "gitlab", "webhooks"), "*.json") : [];
}
