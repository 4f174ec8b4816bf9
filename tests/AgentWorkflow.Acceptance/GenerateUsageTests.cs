using System.Text.Json.Nodes;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

public sealed class GenerateUsageTests
{
    private static readonly string[] Tiny = ["generate", "pets.md", "--input", "stack=python-api"];

    [Fact]
    public async Task Out_Takes_An_Empty_Folder_And_Refuses_Another()
    {
        using BotProgram bot = WithPets();

        JsonObject result = (await bot.RunAsync([.. Tiny, "--json", "--out", "target"])).Require(0).Json;
        string target = Path.Combine(bot.Here, "target");

        Assert.Equal(
            result["files"]!.AsArray().Select(f => $"{f!["path"]} {f["sha256"]}").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Select(f => $"{Path.GetRelativePath(target, f)} {Tool.Sha256(f)}").Order(StringComparer.Ordinal));
        Ended again = (await bot.RunAsync([.. Tiny, "--out", "target"])).Require(1);
        Assert.Contains("not empty", again.ErrorLine, StringComparison.Ordinal);
        Assert.Single(Books.Runs(bot));
    }

    [Fact]
    public async Task A_Dry_Run_Plans_Everything_And_Keeps_Nothing()
    {
        using BotProgram bot = WithPets();

        JsonObject result = (await bot.RunAsync([.. Tiny, "--json", "--dry-run"])).Require(0).Json;

        Assert.All(result["effects"]!.AsArray(), e => Assert.Equal("planned", $"{e!["outcome"]}"));
        Assert.Contains(result["effects"]!.AsArray(), e => $"{e!["kind"]}" == "pull_request");
        Assert.False(Directory.Exists(bot.Data), "the data directory was made");
        Assert.Equal(["pets.md"], Directory.EnumerateFileSystemEntries(bot.Here).Select(Path.GetFileName));
        Assert.False(Path.Exists($"{result["repository"]!["path"]}"), "the repository was kept");
    }

    [Fact]
    public async Task An_Idea_May_Be_Text_Or_Standard_Input()
    {
        using BotProgram bot = new();

        JsonObject text = (await bot.RunAsync("generate", "--idea", Ideas.Tiny, "--json", "--input", "stack=python-api")).Require(0).Json;
        JsonObject input = (await bot.RunAsync(["generate", "-", "--json", "--input", "stack=python-api"], input: Ideas.Tiny)).Require(0).Json;

        Assert.Equal($"{text["pullRequest"]!["tree"]}", $"{input["pullRequest"]!["tree"]}");
    }

    [Theory]
    [InlineData("AW2026", "generate", "pets.md", "--input", "colour=red")]
    [InlineData("AW2026", "generate", "pets.md", "--input", "stack=cobol")]
    [InlineData("AW2024", "generate", "pets.md", "--workflow", "gnerate")]
    [InlineData("AW2556", "generate", "pets.md", "--workflow", "nowhere.yml")]
    [InlineData("AW2519", "generate", "pets.md", "--workflow", "broken.yml")]
    [InlineData("AW2505", "generate", "nowhere.md")]
    [InlineData("AW2503", "generate", "--retry", "nosuchrun")]
    [InlineData("empty", "generate", "empty.md")]
    [InlineData("empty", "generate", "-")]
    [InlineData("not a text", "generate", "binary.md")]
    [InlineData("larger than", "generate", "large.md")]
    public async Task What_Cannot_Be_Done_Is_One_Line_And_Leaves_No_Repository(string says, params string[] arguments)
    {
        using BotProgram bot = WithPets();
        bot.Write("empty.md", "");
        bot.Write("broken.yml", "name: broken\nsteps: 7\n");
        bot.Write("large.md", string.Concat(Enumerable.Repeat("Words and words.\n", 300_000)));
        await File.WriteAllBytesAsync(Path.Combine(bot.Here, "binary.md"), [.. Enumerable.Range(0, 70_000).Select(i => (byte)(i * 7919 >> 3))], TestContext.Current.CancellationToken);

        Ended ended = (await bot.RunAsync(arguments)).Require(1);

        Assert.Contains(says, ended.ErrorLine, StringComparison.Ordinal);
        Assert.Equal("", ended.Output);
        Assert.Empty(Directory.Exists(Path.Combine(bot.Data, "repositories")) ? Directory.EnumerateDirectories(Path.Combine(bot.Data, "repositories"), "*.git", SearchOption.AllDirectories) : []);
        Assert.Empty(Books.Runs(bot));
    }

    [Theory]
    [InlineData("generate")]
    [InlineData("generate", "pets.md", "--idea", "x")]
    [InlineData("generate", "pets.md", "--input", "stack")]
    [InlineData("generate", "pets.md", "--sandbox", "sand")]
    [InlineData("generate", "pets.md", "--agent", "oracle")]
    [InlineData("generate", "pets.md", "--nonsense")]
    [InlineData("nonsense")]
    public async Task Wrong_Usage_Is_Exit_Code_2_And_One_Line(params string[] arguments)
    {
        using BotProgram bot = WithPets();

        Ended ended = (await bot.RunAsync(arguments)).Require(2);

        Assert.StartsWith("agentworkflow: ", ended.ErrorLine, StringComparison.Ordinal);
        Assert.False(Directory.Exists(bot.Data), "the data directory was made");
    }

    [Fact]
    public async Task Without_A_Sandbox_By_Choice_The_Pull_Request_Is_A_Draft_Until_A_Retry_Verifies_It()
    {
        using BotProgram bot = WithPets();

        Ended draft = (await bot.RunAsync([.. Tiny, "--json", "--sandbox", "none"])).Require(1);
        JsonObject before = draft.Json;
        Ended retried = (await bot.RunAsync("generate", "--retry", $"{before["run"]!["id"]}"[..8], "--json")).Require(0);
        JsonObject after = retried.Json;

        ResultShape.Check(before);
        Assert.True(before["pullRequest"]!["draft"]!.GetValue<bool>());
        Assert.Equal("skipped", $"{before["verification"]!["status"]}");
        Assert.Contains("AW2101", $"{before["verification"]!["reason"]}", StringComparison.Ordinal);
        Assert.False(after["pullRequest"]!["draft"]!.GetValue<bool>());
        Assert.Equal($"{before["pullRequest"]!["number"]}", $"{after["pullRequest"]!["number"]}");
        Assert.Equal($"{before["run"]!["id"]}", $"{after["run"]!["id"]}");
        string outside = await Books.OutsideAsync(bot);
        Assert.Single(outside.Split('\n'), l => l.StartsWith("branch agentworkflow/", StringComparison.Ordinal) && l.Contains(", 1 commit,", StringComparison.Ordinal));
        Assert.Single(outside.Split('\n'), l => l.StartsWith("pull request ", StringComparison.Ordinal));
        Assert.Single(outside.Split('\n'), l => l.StartsWith("comment of ours on #1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_That_Fail_Make_A_Draft_That_Says_So()
    {
        using BotProgram bot = WithPets();
        bot.Write("failing.yml", Workflows.Of("broken-tests", "python3, -c, 'raise SystemExit(3)'"));

        Ended ended = (await bot.RunAsync("generate", "pets.md", "--json", "--workflow", "failing.yml")).Require(1);

        JsonObject result = ended.Json;
        ResultShape.Check(result);
        Assert.Equal("broken-tests", $"{result["run"]!["workflow"]}");
        Assert.Equal("failed", $"{result["verification"]!["status"]}");
        Assert.Contains("exit code 3", $"{result["verification"]!["reason"]}", StringComparison.Ordinal);
        Assert.True(result["pullRequest"]!["draft"]!.GetValue<bool>());
        Ended plain = (await bot.RunAsync("generate", "--retry", $"{result["run"]!["id"]}")).Require(1);
        Assert.Contains("is a draft", plain.Output, StringComparison.Ordinal);
        Assert.Contains("generate --retry", plain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Run_That_Waits_For_An_Approval_Ends_With_1_And_Says_How_To_Go_On()
    {
        using BotProgram bot = WithPets();
        bot.Write("ask.yml", Workflows.Of("ask-first", "python3, --version", approval: true));

        Ended ended = (await bot.RunAsync("generate", "pets.md", "--json", "--workflow", "ask.yml")).Require(1);
        Ended plain = (await bot.RunAsync("generate", "--retry", $"{ended.Json["run"]!["id"]}")).Require(1);

        ResultShape.Check(ended.Json);
        Assert.Equal("waiting", $"{ended.Json["run"]!["status"]}");
        Assert.Null(ended.Json["pullRequest"]);
        Assert.Contains("approve ", plain.Output, StringComparison.Ordinal);
    }

    private static BotProgram WithPets()
    {
        BotProgram bot = new();
        bot.Write("pets.md", Ideas.Tiny);
        return bot;
    }
}
