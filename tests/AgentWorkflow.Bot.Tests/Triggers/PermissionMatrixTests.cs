using System.Reflection;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Triggers;

/// <summary>
/// Only people with the right command the bot (promise P43), and not to know it is a no (P44): every cell of <c>PermissionMatrix.txt</c>
/// says what comes of it. Rights are the forge's answer; nothing in a payload changes a cell.
/// </summary>
public sealed class PermissionMatrixTests
{
    private static readonly TriggerPolicy s_policy = new() { OwnApp = 424_242, Owners = ["ada"] };

    private static readonly Workflow[] s_workflows =
    [
        Parse("generate.yml", "on: { command: generate, issues: { labels: [generate] }, push: { paths: ['src/**'] } }\nsteps: [{ id: a, uses: script }]"),
        Parse("deploy.yml", "on: { command: deploy }\nsteps: [{ id: a, uses: script }]"),
    ];

    [Fact]
    public void Every_Cell_Of_The_Matrix_Holds()
    {
        List<string> wrong = [];
        string[][] cells = [.. Rows().Select(r => r.Split(' '))];
        Assert.True(cells.Length > 500);
        foreach (string[] cell in cells)
        {
            string verdict = Decide(cell[1], cell[2], cell[3]) switch
            {
                Decision.Start or Decision.Check { Then.Count: > 0 } => "start",
                Decision.Tell => "tell",
                Decision.Answer => "answer",
                Decision.Refuse => "refuse",
                _ => "ignore",
            };
            wrong.AddRange(verdict == cell[4] ? [] : [$"{string.Join(' ', cell)}: {verdict}"]);
        }

        Assert.Empty(wrong);
    }

    /// <summary>As <see cref="EventDecider"/> puts the questions together; it itself is tested with a real forge.</summary>
    private static Decision Decide(string permission, string repository, string kind)
    {
        TriggerEvent happened = Event(kind) with { Repository = Name(repository == "unserved" ? "eve/books" : "ada/books") };
        TriggerScene scene = new()
        {
            Workflows = s_workflows,
            Permission = Enum.TryParse(permission, ignoreCase: true, out RepositoryPermission told) ? told : RepositoryPermission.None,
            Policy = s_policy,
            Issue = new IssueFacts(3, "t", "b", "", new ActorId(5, "eve"), IsPullRequest: repository == "fork-pull")
            {
                Pull = repository == "fork-pull" ? new PullBranches("x", CommitId.Parse(new string('2', 40)), "main", IsFork: true) : null,
            },
        };
        return Screening.Of(happened, s_policy) ?? (repository == "archived" ? new Decision.Ignore("archived")
            : TriggerRules.NeedsPermission(happened, scene) || !TriggerRules.NeedsWorkflows(happened, s_policy) ? TriggerRules.Decide(happened, scene)
            : new Decision.Ignore("nobody's word"));
    }

    private static TriggerEvent Event(string kind)
    {
        TriggerEvent comment = new()
        {
            Name = "issue_comment",
            Action = "created",
            Repository = null,
            RepositoryId = 7,
            Sender = new ActorId(9, "ada"),
            Issue = 3,
            CommentId = 11,
            CommentBody = "/generate",
            CommentAuthorId = 9,
            DefaultBranch = "main",
        };
        TriggerEvent bare = comment with { Issue = null, CommentId = null, CommentBody = null, CommentAuthorId = null, Action = "" };
        CommitId commit = CommitId.Parse(new string('3', 40));
        return kind switch
        {
            "status" => comment with { CommentBody = "/aw status" },
            "approve" => comment with { CommentBody = "/approve 0123456789abcdef0123" },
            "own-word" => comment with { CommentBody = "/deploy" },
            "unknown-word" => comment with { CommentBody = "/shrug" },
            "edited" => comment with { Action = "edited" },
            "bot" => comment with { SenderIsBot = true },
            "label" => bare with { Name = "issues", Action = "labeled", Issue = 3, Label = "generate" },
            "push" => bare with { Name = "push", Push = new PushEvent("main", "refs/heads/main", null, commit, ["src/a"], IsWhole: true) },
            "rerun" => bare with { Name = "check_run", Action = "rerequested", Check = new CheckEvent(commit, "main", 424_242, "key") },
            _ => comment,
        };
    }

    private static IEnumerable<string> Rows()
    {
        using Stream table = Assembly.GetExecutingAssembly().GetManifestResourceStream("PermissionMatrix.txt") ?? throw new InvalidOperationException("The table is not there.");
        using StreamReader reader = new(table);
        return reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#');
    }

    private static RepoRef Name(string text) => RepoRef.TryParse(text, out RepoRef? name) ? name : throw new InvalidOperationException();

    private static Workflow Parse(string path, string text) =>
        new WorkflowParser(new StepRegistry([new ScriptStep()])).Parse(path, System.Text.Encoding.UTF8.GetBytes(text)).Workflow ?? throw new InvalidOperationException(path);
}
