using System.Text;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Tests.Triggers;

public sealed class WorkflowCatalogTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Step = "steps: [{ id: a, uses: script }]";

    [Fact]
    public async Task Without_Files_There_Are_The_Built_In_Ones()
    {
        await using RunWorld world = new(database);

        (IReadOnlyList<SourcedWorkflow> found, IReadOnlyList<Diagnostic> wrong) = world.Get<WorkflowCatalog>().Read([]);

        Assert.Equal(["archive", "first-workflow", "generate"], found.Select(f => f.Workflow.Name).Order(StringComparer.Ordinal));
        Assert.All(found, f => Assert.True(f.IsBuiltIn));
        Assert.Equal(["archive", "first-workflow"], found.Select(f => f.Workflow).Where(BuiltIn.IsInternal).Select(w => w.Name).Order(StringComparer.Ordinal));
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("generate.yml", "on: { manual: true }")]
    [InlineData("mine.yml", "on: { command: generate }")]
    [InlineData("mine.yml", "name: generate\non: { manual: true }")]
    public async Task A_Repositorys_Own_Name_Or_Word_Takes_The_Place_Of_The_Built_In_One(string file, string on)
    {
        await using RunWorld world = new(database);

        (IReadOnlyList<SourcedWorkflow> found, _) = world.Get<WorkflowCatalog>().Read([File(file, $"{on}\n{Step}")]);

        Assert.False(Assert.Single(found, f => f.Workflow.Name == "generate" || f.Workflow.On.Command == "generate").IsBuiltIn);
    }

    [Fact]
    public async Task A_File_With_Errors_Is_Left_Out_And_Nothing_Runs_In_Its_Place()
    {
        await using RunWorld world = new(database);
        (IReadOnlyList<SourcedWorkflow> found, IReadOnlyList<Diagnostic> wrong) = world.Get<WorkflowCatalog>().Read([File("generate.yml", $"on: {{ manul: true }}\n{Step}")]);
        TriggerEvent asked = new()
        {
            Name = "issue_comment",
            Action = "created",
            Repository = Books(),
            RepositoryId = 7,
            Sender = new ActorId(9, "ada"),
            Issue = 3,
            CommentId = 11,
            CommentBody = "/generate",
            CommentAuthorId = 9,
        };

        Decision decision = TriggerRules.Decide(asked, new TriggerScene { Workflows = [.. found.Select(f => f.Workflow)], Broken = wrong, Permission = RepositoryPermission.Write });

        Assert.Equal("AW2035", Assert.IsType<Decision.Refuse>(decision).Code);
        Assert.Contains("manul", Assert.IsType<Decision.Refuse>(decision).Reason);
    }

    [Fact]
    public async Task Pushed_Files_Are_Checked_On_Their_Very_Lines()
    {
        await using RunWorld world = new(database);
        WorkflowFileCheck check = world.Get<WorkflowFileCheck>();
        RepositoryFile good = File("good.yml", $"on: {{ manual: true }}\n{Step}");
        RepositoryFile bad = File("bad.yml", "on: { manual: true }\nsteps:\n  - { id: a, uses: scrpt }\n");
        CommitId commit = CommitId.Parse(new string('1', 40));

        SetCheck both = check.Of(commit, [good, bad], touched: null)!;
        SetCheck one = check.Of(commit, [good, bad], [good.Path.Value])!;

        Assert.Equal((CheckConclusion.Failure, "2 workflow files: 1 error"), (both.Conclusion, both.Title));
        CheckAnnotation line = Assert.Single(both.Annotations);
        Assert.Equal((bad.Path, 3, "failure"), (line.Path, line.StartLine, line.Level));
        Assert.Contains("script", line.Message);
        Assert.Equal((CheckConclusion.Success, "1 workflow file: valid"), (one.Conclusion, one.Title));
        Assert.Empty(one.Annotations);
        Assert.Null(check.Of(commit, [good], ["README.md"]));
    }

    [Fact]
    public async Task Help_Names_The_Commands_And_The_Workflows_Of_This_Repository()
    {
        await using RunWorld world = new(database);
        (IReadOnlyList<SourcedWorkflow> found, _) = world.Get<WorkflowCatalog>().Read([File("deploy.yml", $"on: {{ command: ship }}\ndescription: Ships @all it\ninputs: {{ to: {{ type: string, required: true }} }}\n{Step}")]);

        string help = HelpText.Compose(new TriggerScene { Workflows = [.. found.Select(f => f.Workflow)], Permission = RepositoryPermission.Write });

        Assert.All(CommandRules.Words, w => Assert.Contains($"`/aw {w.Usage}`", help));
        Assert.Contains("- **deploy**: Ships `@all` it; started by `/aw ship`; inputs: `to` (string, must be given)", help);
        Assert.Contains("`stack` (dotnet-webapi, node-api, python-api)", help);
        Assert.DoesNotContain("first-workflow", help);
    }

    [Fact]
    public void The_Documents_Name_Every_Command_And_Every_Code_Of_A_Refusal()
    {
        string root = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(root, "docs")) || !Directory.Exists(Path.Combine(root, "src")))
        {
            root = Path.GetDirectoryName(root.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        string page = System.IO.File.ReadAllText(Path.Combine(root, "docs", "commands.md"));
        IEnumerable<string> sources = new[] { "Triggers", "Intake", Path.Combine("Runs", "RunStarter.cs") }.Select(f => Path.Combine(root, "src", "AgentWorkflow.Bot", f))
            .SelectMany(f => Directory.Exists(f) ? Directory.GetFiles(f, "*.cs", SearchOption.AllDirectories) : [f]);
        string[] codes = [.. sources.SelectMany(f => Regex.Matches(System.IO.File.ReadAllText(f), "\"(AW20[234]\\d)\"").Select(m => m.Groups[1].Value)).Distinct().Order(StringComparer.Ordinal)];

        Assert.All(CommandRules.Words, w => Assert.Contains($"| `/{w.Usage.Replace("|", "\\|", StringComparison.Ordinal)}` | {w.Does} |", page));
        Assert.True(codes.Length > 15);
        Assert.All(codes, c => Assert.Contains(c, page));
    }

    private static RepositoryFile File(string name, string text) => new(RepoPath.Parse($".agentworkflow/workflows/{name}"), Encoding.UTF8.GetBytes(text));

    private static RepoRef Books() => RepoRef.TryParse("ada/books", out RepoRef? books) ? books : throw new InvalidOperationException();
}
