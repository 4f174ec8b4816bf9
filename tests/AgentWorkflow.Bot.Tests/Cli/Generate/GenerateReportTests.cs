using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Cli.Generate;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Cli.Generate;

public sealed class GenerateReportTests
{
    private static readonly StorageOptions Storage = new() { DataDirectory = "/srv/bot", ConnectionString = "" };

    private static JsonObject Pull(bool draft = false) => new()
    {
        ["number"] = 2,
        ["tree"] = "9f2c1d7000000000000000000000000000000000",
        ["branch"] = "agentworkflow/1-library-abc",
        ["draft"] = draft,
        ["stories"] = new JsonArray(
            new JsonObject { ["id"] = "S1", ["title"] = "As a librarian I want to register a book", ["outcome"] = "generated" },
            new JsonObject { ["id"] = "S6", ["title"] = "As a reader I want to be reminded by SMS", ["outcome"] = "needs-model" }),
    };

    private static JsonObject Verification(string status, int passed, int failed, string sandbox = "bubblewrap", string? reason = null) => new()
    {
        ["status"] = status,
        ["sandbox"] = sandbox,
        ["reason"] = reason,
        ["tests"] = status == "skipped" ? null : new JsonObject
        {
            ["passed"] = passed,
            ["failed"] = failed,
            ["skipped"] = 0,
            ["cases"] = new JsonArray([.. Enumerable.Range(1, failed).Select(n => new JsonObject
            {
                ["name"] = $"LoanTests.Refuses_{n}", ["outcome"] = "failed", ["message"] = "expected 409,\ngot 201", ["location"] = $"tests/LoanTests.cs:{n}",
            })]),
        },
    };

    private static string Compose(
        JsonObject? pull, JsonObject? verification, RunStatus status = RunStatus.Succeeded, string? reason = null, bool retryable = false, bool dryRun = false, RunSummary? made = null)
    {
        StepState verify = new() { Key = "verify", StepId = "verify", Status = status == RunStatus.Waiting ? StepStatus.Waiting : StepStatus.Succeeded, Retryable = retryable, Reason = reason };
        RunFacts facts = new()
        {
            Id = "k3v9m2qa000000000000000000",
            Key = "",
            Forge = "local",
            Repository = RepoRef.TryParse("ideas/library", out RepoRef? repository) ? repository : throw new InvalidOperationException(),
            DefaultBranch = "main",
            BaseCommit = CommitId.Parse(new string('0', 40)),
            BaseTree = WorkspaceTree.Empty,
            Actor = new ActorId(1, "ann"),
            WorkflowName = "generate",
            WorkflowSource = "built-in",
            Inputs = [],
            Branch = BranchName.TryParse("agentworkflow/1-library-abc", out BranchName? branch) ? branch : throw new InvalidOperationException(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Generation = 1,
        };
        RunState state = new() { Status = status, Steps = [verify], Reason = reason, Code = status == RunStatus.Failed ? "AW2002" : null };
        GenerateResult result = new()
        {
            View = new RunView(facts, null!, state, made ?? new RunSummary { PullRequest = pull, Verification = verification }, TimeSpan.Zero),
            RepositoryPath = "/srv/bot/repositories/ideas/library.git",
            Project = null,
            Effects = [],
            RecordPath = null,
        };
        return GenerateReport.Compose(result, Storage, outFolder: null, dryRun);
    }

    [Fact]
    public void A_Run_That_Opens_No_Pull_Request_Says_What_It_Made()
    {
        RunSummary made = new()
        {
            Repositories = [new JsonObject { ["name"] = "octo/shop", ["forge"] = "github", ["url"] = "https://github.com/octo/shop", ["issues"] = 2 }],
            Archives = [new JsonObject { ["path"] = "/srv/bot/exports/shop.zip", ["sha256"] = new string('a', 64) }],
        };

        Assert.True(made.IsMade);
        Assert.False((made with { WantsPullRequest = true }).IsMade);
        Assert.False((made with { Verification = Verification("failed", 1, 1) }).IsMade);
        Assert.False(new RunSummary().IsMade);
        string text = Compose(null, null, made: made);
        Assert.StartsWith("\nThe run made the repository octo/shop on github with 2 issues and 1 archive. Its workflow opens no pull request.\n", text, StringComparison.Ordinal);
        Assert.Contains("  made     https://github.com/octo/shop\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("again", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Verified_Pull_Request_Says_So_And_Where_To_Look()
    {
        Assert.Equal(
            """

            Pull request #2 is open and verified: 41 tests passed on tree 9f2c1d7.
              1 of 2 stories generated; S6 "be reminded by SMS" needs a model

              look     git clone /srv/bot/repositories/ideas/library.git -b agentworkflow/1-library-abc
              read     /srv/bot/pull-requests/ideas/library/2.md

            """,
            Compose(Pull(), Verification("passed", 41, 0)));
    }

    [Fact]
    public void Without_A_Sandbox_It_Is_Tested_And_Never_Called_Verified()
    {
        foreach (string sandbox in (string[])["none", "unsafe-host"])
        {
            string text = Compose(Pull(), Verification("passed", 41, 0, sandbox));

            Assert.Contains("is open, tested without a sandbox (", text, StringComparison.Ordinal);
            Assert.DoesNotContain("verified", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Failed_Tests_Are_Named_With_Their_Place_And_What_To_Type()
    {
        string text = Compose(Pull(draft: true), Verification("failed", 29, 12, reason: "12 of 41 tests failed; 'dotnet test' ended with exit code 1"), retryable: true);

        Assert.Contains("Pull request #2 is a draft: 12 of 41 tests failed on tree 9f2c1d7.\n  LoanTests.Refuses_1   expected 409, got 201   tests/LoanTests.cs:1\n", text, StringComparison.Ordinal);
        Assert.Contains("  LoanTests.Refuses_10   expected 409, got 201   tests/LoanTests.cs:10\n  ... and 2 more\n", text, StringComparison.Ordinal);
        Assert.EndsWith("  again    agentworkflow generate --retry k3v9m2qa\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_That_Fail_Without_Failed_Tests_Give_Their_Reason() =>
        Assert.Contains(
            "Pull request #2 is a draft: 'dotnet build' ended with exit code 1, on tree 9f2c1d7.",
            Compose(Pull(draft: true), Verification("failed", 0, 0, reason: "'dotnet build' ended with exit code 1"), retryable: true),
            StringComparison.Ordinal);

    [Fact]
    public void A_Refused_Verification_Says_How_To_Go_On_Once()
    {
        string text = Compose(
            Pull(draft: true), Verification("skipped", 0, 0, "none", "AW2101 no sandbox. Install bubblewrap, then: agentworkflow generate --retry k3v9m2qa"), retryable: true);

        Assert.Contains("Pull request #2 is a draft, not verified: AW2101 no sandbox. Install bubblewrap, then: agentworkflow generate --retry k3v9m2qa\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("--retry").Length);
    }

    [Fact]
    public void Every_Other_End_Has_Its_Own_Words()
    {
        Assert.Contains("#2 is a draft, as its workflow wants it: 3 tests passed on tree", Compose(Pull(draft: true), Verification("passed", 3, 0)), StringComparison.Ordinal);
        Assert.Contains("#2 is open, not verified: its workflow runs no commands", Compose(Pull(), null), StringComparison.Ordinal);
        Assert.Contains("opens no pull request, so nothing counts as verified", Compose(null, null), StringComparison.Ordinal);
        Assert.Contains("The run failed: AW2002 Too long.", Compose(null, null, RunStatus.Failed, "Too long."), StringComparison.Ordinal);
        Assert.Contains("The run was cancelled: by ann", Compose(null, null, RunStatus.Cancelled, "by ann"), StringComparison.Ordinal);
        Assert.Contains("The run waits: for /approve.", Compose(null, null, RunStatus.Waiting, "for /approve"), StringComparison.Ordinal);
        Assert.StartsWith("\nDry run, nothing was kept.", Compose(Pull(), Verification("passed", 41, 0), dryRun: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Control_Characters_Of_Tests_And_Titles_Do_Not_Reach_The_Terminal()
    {
        JsonObject pull = Pull(draft: true);
        pull["stories"]![1]!["title"] = "\u001b[2Jclear";
        JsonObject verification = Verification("failed", 0, 1);
        verification["tests"]!["cases"]![0]!["message"] = "\u001b]0;title\u0007oops\r\n";

        Assert.DoesNotContain(Compose(pull, verification), c => char.IsControl(c) && c != '\n');
    }
}
