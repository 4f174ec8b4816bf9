using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Sandbox;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Execution;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>What happens in a repository that holds a project already: real commands in the real sandbox, on the Local forge.</summary>
public sealed class ExistingRepositoryScenarios(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Idea = "# Pets\n\n## Entities\n\n### Pet\n\n- name: text, required\n";
    private const string Package = """{ "private": true, "scripts": { "test": "node --test" } }""";
    private const string Adds = "const test = require('node:test');\ntest('adds', () => { require('node:assert').equal(1 + 1, 2); });\n";
    private const string Fails = "test('is red', () => { throw new Error('as always'); });\n";
    private static readonly (string, string)[] s_node = [("README.md", "# Shop\n"), ("package.json", Package), ("test/shop.test.js", Adds), ("src/shop.js", "")];

    [Fact]
    public async Task A_Service_Is_Added_To_A_Monorepo_And_All_Of_It_Is_Tested()
    {
        Seen seen = await RunAsync([.. s_node, ("web/package.json", Package), ("web/test/web.test.js", Adds), ("services/lending/README.md", "# Ours\n")], "/generate stack=python-api directory=services/lending");

        Assert.Equal((RunStatus.Succeeded, "passed", true, false), (seen.View.State.Status, seen.Text("verification"), seen.Flag("verified"), seen.Flag("draft")));
        Assert.Equal(["", "web", "services/lending"], seen.Commands.Select(c => $"{c["directory"]}"));
        Assert.Contains("the repository holds Node.js in the root", seen.Body, StringComparison.Ordinal);
        Assert.Contains("It passes its own commands: ", seen.Body, StringComparison.Ordinal);
        Assert.Contains("`python3 -B -W error -m tests` in `services/lending`", seen.Body, StringComparison.Ordinal);
        Assert.Contains("`services/lending/README.md` was there already and is left as it was.", seen.Body, StringComparison.Ordinal);
        Assert.Contains("services-lending.yml", seen.Body, StringComparison.Ordinal);
        Assert.Equal("success", seen.Check.Conclusion);
        Assert.Contains("The base commit's own commands pass.", seen.Check.Summary, StringComparison.Ordinal);
        string[] written = [.. seen.View.State.Steps.SelectMany(s => s.Outputs?["files"] as JsonArray ?? []).Select(f => $"{f}")];
        Assert.All(written.Where(f => f is not (".gitlab-ci.yml" or ".github/workflows/services-lending.yml")), f => Assert.StartsWith("services/lending/", f, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Red_Base_Is_Reported_And_Is_Not_Ours()
    {
        Seen seen = await RunAsync([.. s_node, ("test/old.test.js", "const test = require('node:test');\n" + Fails)], "/generate stack=python-api directory=services/pets");

        Assert.Equal(("failed", false, false), (seen.Text("verification"), seen.Flag("verified"), seen.Flag("draft")));
        Assert.StartsWith("the base commit is red itself: 1 of ", seen.Text("reason"), StringComparison.Ordinal);
        Assert.Contains("**It is red itself**", seen.Body, StringComparison.Ordinal);
        Assert.Contains("`is red`", seen.Body, StringComparison.Ordinal);
        Assert.Contains("that is not from this change", seen.Body, StringComparison.Ordinal);
        Assert.Equal("neutral", seen.Check.Conclusion);
        Assert.Contains("red before this run: ", seen.Comment, StringComparison.Ordinal);
        Assert.Contains("**Done**: #2, not verified: the base commit is red itself", seen.Comment, StringComparison.Ordinal);
        JsonObject record = RecordOf(seen);
        Assert.Equal(("failed", "failed"), ($"{record["result"]}", $"{record["base"]!["result"]}"));
    }

    [Theory]
    [InlineData("test/old.test.js", Adds + Fails, "1 of ", "tests fail that did not fail on the base commit", "is red", "draft")]
    [InlineData("test/shop.test.js", "", "1 tests of the base commit are not run any more: adds", "tests that do not run any more: 1 `adds`", "adds", "draft")]
    [InlineData("test/shop.test.js", "const test = require('node:test');\ntest('adds', { skip: true }, () => {});\n", "1 tests were newly skipped: adds", "tests skipped now that ran before: 1 `adds`", "adds", "draft")]
    public async Task What_Was_Green_And_Is_Worse_Now_Is_Named(string path, string text, string reason, string said, string name, string draft)
    {
        string workflow = $$"""
            on: { manual: true }
            permissions: { contents: write, pull-requests: write, issues: write, checks: write }
            steps:
              - { id: before, uses: command, with: { on: base } }
              - { id: change, uses: file_generation, with: { files: { {{path}}: {{System.Text.Json.JsonSerializer.Serialize(text.Length == 0 ? "// nothing\n" : text)}} } } }
              - { id: after, uses: command, with: { again: before } }
              - { id: publish, uses: pull_request }
            """;
        Seen seen = await RunAsync([.. s_node, ("test/more.test.js", Adds.Replace("adds", "adds more", StringComparison.Ordinal)), (".agentworkflow/workflows/w.yml", workflow)], "/generate w");

        Assert.Equal(("failed", draft == "draft"), (seen.Text("verification"), seen.Flag("draft")));
        Assert.Contains(reason, seen.Text("reason"), StringComparison.Ordinal);
        Assert.Contains(said, seen.Body, StringComparison.Ordinal);
        Assert.Contains(name, seen.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Red_Base_Whose_Tests_No_Report_Names_Makes_A_Draft_That_Says_So()
    {
        Seen seen = await RunAsync([("package.json", """{ "private": true, "scripts": { "test": "node old.js && node new.js" } }"""), ("old.js", "process.exit(3);\n"), ("new.js", "")], "/generate stack=python-api directory=services/pets");

        Assert.Equal(("failed", true), (seen.Text("verification"), seen.Flag("draft")));
        Assert.Equal("'npm test' ended with exit code 3, and on the base commit too; no report names the tests, so what is new cannot be told", seen.Text("reason"));
        Assert.Equal(["npm test", "python3 -B -W error -m tests"], seen.Commands.Select(c => string.Join(' ', c["run"]!.AsArray())));
        Assert.Contains("**It is red itself**: Node.js in the root: 'npm test' ended with exit code 3; that is not from this change", seen.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_A_Word_On_What_To_Add_There_Is_One_Sentence_With_The_Choices_And_No_Pull_Request()
    {
        Seen seen = await RunAsync(s_node, "/generate");

        Assert.Equal((RunStatus.Failed, "AW1516"), (seen.View.State.Status, seen.View.State.Code));
        Assert.Null(seen.View.Summary.PullRequest);
        Assert.Contains("holds a project already (Node.js in the root)", seen.Comment, StringComparison.Ordinal);
        Assert.Contains("generate with stack=dotnet-webapi or stack=node-api or stack=python-api, and with directory=FOLDER", seen.Comment, StringComparison.Ordinal);
        Assert.DoesNotContain("/aw retry", seen.Comment, StringComparison.Ordinal);
        Assert.Equal(["requirements", "scaffold"], seen.View.State.Steps.Where(s => s.StartedAt is not null).Select(s => s.StepId));
    }

    [Fact]
    public async Task A_Readme_A_Licence_And_Our_Folder_Are_No_Project()
    {
        Seen seen = await RunAsync([("README.md", "# Pets\n"), ("LICENSE", "MIT\n"), (".gitignore", "*.o\n"), (".agentworkflow/notes.md", "x")], "/generate stack=python-api");

        Assert.Equal((RunStatus.Succeeded, "passed", true), (seen.View.State.Status, seen.Text("verification"), seen.Flag("verified")));
        Assert.Equal("the repository holds no project yet", seen.View.State["base"].Note);
        Assert.DoesNotContain("Before this change", seen.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_That_Exist_Are_Treated_As_The_Template_Says()
    {
        (string, string)[] template =
        [
            (".agentworkflow/templates/own/template.yml", "name: own\nfiles:\n  - { from: a, to: kept.txt }\n  - { from: a, to: longer.txt, when-exists: append }\n  - { from: a, to: new.txt, when-exists: replace }\n  - { from: a, to: never.txt, when-exists: fail, part: docs }\n"),
            (".agentworkflow/templates/own/a", "made\n"), ("kept.txt", "mine\n"), ("longer.txt", "mine\n"), ("new.txt", "mine\n"), ("never.txt", "mine\n"),
        ];
        const string Head = "on: { manual: true }\npermissions: { contents: write, pull-requests: write, issues: write, checks: write }\nsteps:\n";
        const string Publish = "  - { id: publish, uses: pull_request }\n";

        Seen added = await RunAsync([.. template, (".agentworkflow/workflows/w.yml", $"{Head}  - {{ id: own, uses: file_generation, with: {{ template: own }} }}\n{Publish}")], "/generate w");
        Seen refused = await RunAsync([.. template, (".agentworkflow/workflows/w.yml", $"{Head}  - {{ id: own, uses: file_generation, with: {{ template: own, part: docs }} }}\n{Publish}")], "/generate w");

        Assert.Equal(("kept.txt", "longer.txt,new.txt"), (added.List("own", "skipped"), added.List("own", "files")));
        Assert.Contains("`kept.txt` was there already and is left as it was.", added.Body, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Failed, "AW1514"), (refused.View.State.Status, refused.View.State.Code));
        Assert.Contains("'never.txt' is there already", refused.Comment, StringComparison.Ordinal);
    }

    private static JsonObject RecordOf(Seen seen)
    {
        JsonNode envelope = JsonNode.Parse(seen.Text("record"))!;
        return JsonNode.Parse(Convert.FromBase64String($"{envelope["payload"]}"))!["predicate"]!.AsObject();
    }

    private async Task<Seen> RunAsync((string, string)[] files, string comment)
    {
        Box.SkipWithoutBubblewrap();
        Assert.SkipUnless(HostTool.Find("node") is not null && HostTool.Find("python3") is not null, "node or python3 is not installed");
        await using RunWorld world = new(database, time: TimeProvider.System);
        string id = await world.AskInAsync(files, Idea, comment);
        await world.FinishAsync(id);
        RunView view = await world.ViewAsync(id);
        await using BotDb db = await ((IDatabaseFixture)database).Factory.CreateDbContextAsync(RunWorld.Cancel);
        LocalIssueRow issue = await db.Set<LocalIssueRow>().SingleAsync(i => i.Number == world.Issue && i.Body == Idea && db.Set<LocalRepositoryRow>().Any(r => r.Id == i.RepositoryId && r.FullName == world.Repository.ToString()), RunWorld.Cancel);
        LocalIssueRow? pull = await db.Set<LocalIssueRow>().SingleOrDefaultAsync(i => i.RepositoryId == issue.RepositoryId && i.Branch != null, RunWorld.Cancel);
        LocalCheckRow? check = await db.Set<LocalCheckRow>().SingleOrDefaultAsync(c => c.RepositoryId == issue.RepositoryId, RunWorld.Cancel);
        List<string> comments = await db.Set<LocalCommentRow>().Where(c => c.RepositoryId == issue.RepositoryId && c.Marker != null).Select(c => c.Body).ToListAsync(RunWorld.Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"{view.State.Code} {view.State.Reason}\n{pull?.Body}\n---\n{string.Join("\n---\n", comments)}");
        return new Seen(view, pull?.Body ?? "", string.Join('\n', comments), check);
    }

    private sealed record Seen(RunView View, string Body, string Comment, LocalCheckRow? MayBeCheck)
    {
        public LocalCheckRow Check => MayBeCheck ?? throw new InvalidOperationException("there is no check");

        public IEnumerable<JsonObject> Commands => View.Summary.Verification!["commands"]!.AsArray().OfType<JsonObject>();

        public string Text(string name) => $"{View.Summary.PullRequest?[name]}";

        public bool Flag(string name) => View.Summary.PullRequest![name]!.GetValue<bool>();

        public string List(string step, string name) => string.Join(',', View.State[step].Outputs![name]!.AsArray().Select(f => $"{f}"));
    }
}
