using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Triggers;

namespace AgentWorkflow.Bot.Tests.Triggers;

/// <summary>Payloads as GitHub sent them: every one gives a decision, and none of them is a command to us.</summary>
public sealed class RealPayloadTests
{
    private static readonly TriggerPolicy s_policy = new() { OwnApp = 424_242 };

    [Fact]
    public void Every_Payload_Gives_A_Decision_With_A_Reason()
    {
        string[] files = Files();
        Assert.SkipWhen(files.Length == 0, "The folder shared/data/github is not beside this repository.");
        List<string> others = [];
        foreach (string file in files)
        {
            using JsonDocument payload = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (string name in NamesOf(file))
            {
                Decision decision = Decide(name, payload.RootElement);
                if (decision is Decision.Ignore { Reason.Length: > 0 })
                {
                    continue;
                }

                others.Add($"{name}: {decision.GetType().Name}");
            }
        }

        // What the forge took from us ends runs, and a fork's files are looked at; no text of a stranger starts anything.
        Assert.All(others, o => Assert.Matches("^(installation|installation_repositories|repository): Stop$|^(pull_request|push): Check$", o));
    }

    [Fact]
    public void A_Payload_That_Says_Generate_In_A_Real_Shape_Is_A_Command()
    {
        string[] files = [.. Files().Where(f => Path.GetDirectoryName(f) is { } folder && Path.GetFileName(folder) == "issue_comment" && Path.GetFileName(f).StartsWith("created", StringComparison.Ordinal))];
        Assert.SkipWhen(files.Length == 0, "The folder shared/data/github is not beside this repository.");
        foreach (string file in files)
        {
            using JsonDocument payload = JsonDocument.Parse(File.ReadAllBytes(file));
            TriggerEvent told = TriggerEvent.TryRead("issue_comment", payload.RootElement)!;
            TriggerEvent asked = told with { CommentBody = "/status" };

            Assert.NotNull(Screening.Of(told, s_policy));
            Assert.Equal(told.SenderIsBot || told.CommentAuthorId != told.Sender.Id, Screening.Of(asked, s_policy) is not null);
        }
    }

    [Fact]
    public void A_Push_Tells_Its_Branch_Its_Commits_And_Its_Paths()
    {
        TriggerEvent push = Read("push", """
            {"ref":"refs/heads/main","before":"0000000000000000000000000000000000000000","after":"1111111111111111111111111111111111111111","forced":false,"deleted":false,
             "commits":[{"added":["a"],"modified":["b",3],"removed":[]},{"added":[],"modified":["b"],"removed":["c"]},7],
             "repository":{"id":7,"full_name":"ada/books","default_branch":"main"},"sender":{"id":9,"login":"ada","type":"User"}}
            """);

        Assert.Equal(("main", null, "1111111111111111111111111111111111111111", true), (push.Push?.Branch, push.Push?.Before, push.Push?.After?.Value, push.Push?.IsWhole));
        Assert.Equal(["a", "b", "c"], push.Push!.Paths);
    }

    [Theory]
    [InlineData("\"forced\":true", false)]
    [InlineData("\"forced\":false", true)]
    public void Rewritten_History_Does_Not_Tell_All(string forced, bool isWhole) =>
        Assert.Equal(isWhole, Read("push", $$"""{"ref":"refs/heads/x","after":"1111111111111111111111111111111111111111",{{forced}},"sender":{"id":9} }""").Push?.IsWhole);

    [Theory]
    [InlineData("""{"type":"User","login":"ada"}""", "", false)]
    [InlineData("""{"type":"Bot","login":"ada"}""", "", true)]
    [InlineData("""{"type":"User","login":"helper[bot]"}""", "", true)]
    [InlineData("""{"type":"User","login":"HELPER[BOT]"}""", "", true)]
    [InlineData("""{"type":"User","login":"ghost"}""", "", true)]
    [InlineData("""{"type":"Organization","login":"ada"}""", "", true)]
    [InlineData("""{"type":"User","login":"ada"}""", ""","performed_via_github_app":{"id":5}""", true)]
    [InlineData("""{"type":"User","login":"ada"}""", ""","performed_via_github_app":{}""", true)]
    [InlineData("""{"type":"User","login":"ada"}""", ""","performed_via_github_app":null""", false)]
    public void A_Program_Is_No_Person_Whatever_It_Calls_Itself(string sender, string via, bool isBot)
    {
        string who = sender.Replace("{", "{\"id\":9,", StringComparison.Ordinal);
        TriggerEvent told = Read("issue_comment", $$"""
            {"action":"created","repository":{"id":7,"full_name":"ada/books"},"sender":{{who}},"issue":{"number":3},"comment":{"id":11,"body":"/generate","user":{"id":9}{{via}} } }
            """);

        Assert.Equal(isBot, told.SenderIsBot);
        Assert.Equal(isBot, Screening.Of(told, s_policy) is not null);

        // Listed by its number it counts, and is asked for its right like anybody.
        Assert.Null(Screening.Of(told, s_policy with { AllowedBots = new HashSet<long> { 9 } }));
    }

    [Fact]
    public void Our_Own_Echo_Never_Counts_Not_Even_Listed()
    {
        TriggerPolicy open = s_policy with { AllowedBots = new HashSet<long> { 1, 9 } };
        TriggerEvent told = Read("issue_comment", """
            {"action":"created","repository":{"id":7,"full_name":"ada/books"},"sender":{"id":9,"login":"aw[bot]","type":"Bot"},"issue":{"number":3},
             "comment":{"id":11,"body":"/generate","user":{"id":9},"performed_via_github_app":{"id":424242} } }
            """);

        Assert.Equal("it is our own echo", Screening.Of(told, open)?.Reason);
        Assert.Equal("it is our own echo", Screening.Of(told with { ViaApp = null, CommentBody = "/generate\n\n<!-- aw:abc:def -->" }, open)?.Reason);
        Assert.Null(Screening.Of(told with { ViaApp = null, CommentBody = "/generate\n\n> quoted <!-- aw:abc:def -->" }, open));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("ada", "", true)]
    [InlineData("ADA", "", true)]
    [InlineData("bob", "", false)]
    [InlineData("", "ada/books", true)]
    [InlineData("", "ada/*", true)]
    [InlineData("", "*/books", true)]
    [InlineData("", "ada/book", false)]
    [InlineData("", "ada/*.x", false)]
    [InlineData("bob", "ada/books", true)]
    public void Who_Is_Served_Is_Said_By_The_Operator(string owner, string pattern, bool served)
    {
        TriggerPolicy policy = new() { Owners = owner.Length == 0 ? [] : [owner], Repositories = pattern.Length == 0 ? [] : [pattern] };
        Assert.True(Engine.Identity.RepoRef.TryParse("ada/books", out Engine.Identity.RepoRef? repository));

        Assert.Equal(served, policy.Serves(repository));
    }

    [Theory]
    [InlineData("both", "/status", true)]
    [InlineData("both", "/aw status", true)]
    [InlineData("both", "/aw", true)]
    [InlineData("aw", "/status", false)]
    [InlineData("aw", "/aw status", true)]
    [InlineData("robo", "/robo status", true)]
    [InlineData("robo", "/robo", true)]
    [InlineData("robo", "/aw status", true)]
    [InlineData("robo", "/status", false)]
    [InlineData("robo", "/robostatus", false)]
    public void The_Operator_Says_Which_Word_Stands_First(string prefix, string body, bool isCommand) =>
        Assert.Equal(isCommand, CommandLine.TryRead(body, prefix) is not null);

    private static Decision Decide(string name, JsonElement payload)
    {
        if (TriggerEvent.TryRead(name, payload) is not { } told)
        {
            return new Decision.Ignore("nobody did it");
        }

        return TriggerRules.Decide(told, new TriggerScene { Workflows = [], Permission = RepositoryPermission.Admin, Policy = s_policy });
    }

    private static TriggerEvent Read(string name, string json)
    {
        using JsonDocument payload = JsonDocument.Parse(json);
        return TriggerEvent.TryRead(name, payload.RootElement)!;
    }

    private static string[] NamesOf(string file) => Path.GetFileName(Path.GetDirectoryName(file)) is { } folder && folder != "webhooks-other"
        ? [folder]
        : ["issue_comment", "issues", "push", "pull_request", "pull_request_review", "check_run", "check_suite", "installation", "status", "repository"];

    private static string[] Files()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string data = Path.Combine(at.FullName, "shared", "data", "github");
            if (Directory.Exists(data))
            {
                return [.. new[] { "webhooks", "webhooks-other" }.SelectMany(f => Directory.GetFiles(Path.Combine(data, f), "*.json", SearchOption.AllDirectories))];
            }
        }

        return [];
    }
}
