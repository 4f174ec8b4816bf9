using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Steps.Approval;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Steps.Command;
using AgentWorkflow.Bot.Tests.Steps.FileGeneration;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Steps.Approval;

public sealed class ApprovalStepTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aw-approval-");
    private readonly InstanceKey _key;

    public ApprovalStepTests() => _key = InstanceKey.Load(new StorageOptions { DataDirectory = _folder.FullName, ConnectionString = "" }, null);

    public void Dispose()
    {
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Somebody_Else_With_The_Right_Hash_Approves()
    {
        StepContext context = Context();

        StepResult.Done done = Assert.IsType<StepResult.Done>(await RunAsync(Answered(context, await HashAsync(context), by: 2)));

        Assert.True(done.Outputs["approved"]!.GetValue<bool>());
        Assert.Equal("bob", done.Outputs["by"]!["login"]!.ToString());
    }

    [Fact]
    public async Task Each_Thing_That_Was_Shown_Is_In_The_Hash()
    {
        StepContext context = Context();
        RunFacts run = context.Run;
        IssueFacts issue = new(1, "t", "body", "", new ActorId(1, "ann"), IsPullRequest: false);
        StepContext[] others =
        [
            context with { Run = run with { Key = new string('x', 26) } },
            context with { StepId = "other" },
            context with { Run = run with { BaseCommit = CommitId.Parse(new string('1', 40)) } },
            context with { Run = run with { WorkflowSource = "elsewhere" } },
            context with { Run = run with { Branch = BranchName.Parse("agentworkflow/other") } },
            context with { Run = run with { BranchHead = CommitId.Parse(new string('2', 40)) } },
            context with { Permissions = new Permissions(Contents: true, PullRequests: true, Issues: true, Checks: true) },
            context with { Run = run with { Issue = issue } },
            context with { Run = run with { Issue = issue with { Body = "body " } } },
            context with { Run = run with { Issue = issue with { Title = "t2" } } },
            context with { Run = run with { Inputs = new JsonObject { ["n"] = 8 } } },
            context with { Workspace = new FolderWorkspace().With("a", "2") },
            context with { Outputs = new Dictionary<string, JsonNode?> { ["plan"] = new JsonObject { ["a"] = 2 } } },
        ];
        List<string> hashes = [await HashAsync(context)];
        foreach (StepContext other in others)
        {
            hashes.Add(await HashAsync(other));
        }

        Assert.Equal(hashes[0], await HashAsync(context));
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public async Task Another_Hash_And_The_Person_Who_Asked_Do_Not_Count()
    {
        StepContext context = Context();
        string hash = await HashAsync(context);

        Assert.Contains("something else", Assert.IsType<StepResult.Wait>(await RunAsync(Answered(context, new string('0', 20), by: 2))).What, StringComparison.Ordinal);
        Assert.Contains("something else", Assert.IsType<StepResult.Wait>(await RunAsync(Answered(context, "", by: 2))).What, StringComparison.Ordinal);
        Assert.Contains("may not approve", Assert.IsType<StepResult.Wait>(await RunAsync(Answered(context, hash, by: 1))).What, StringComparison.Ordinal);
        ApprovalInputs anybody = new() { NotBy = ApprovalExclusion.Nobody };
        Assert.IsType<StepResult.Wait>(await RunAsync(Answered(context, hash, by: 1), anybody));
        Assert.IsType<StepResult.Done>(await RunAsync(Answered(context, await HashAsync(context, anybody), by: 1), anybody));
        Assert.IsType<StepResult.Wait>(await RunAsync(Answered(context with { Workspace = new FolderWorkspace().With("a", "2") }, hash, by: 2)));
    }

    [Fact]
    public async Task A_Rejection_Fails_With_Its_Reason_Made_Inert()
    {
        StepContext context = Context() with { Answer = new JsonObject { ["approved"] = false, ["reason"] = "no, fixes #1 @all", ["by"] = new JsonObject { ["id"] = 2, ["login"] = "bob" } } };

        StepResult.Failed failed = Assert.IsType<StepResult.Failed>(await RunAsync(context));

        Assert.Equal("AW2220", failed.Code);
        Assert.Equal("@bob rejected it: no, fixes 1 all", failed.Reason);
    }

    [Fact]
    public async Task The_Question_Is_Inert_And_No_Timer_Answers_It()
    {
        StepResult.Wait wait = Assert.IsType<StepResult.Wait>(await RunAsync(Context(), new ApprovalInputs { Message = "@all /merge\nfixes #1?" }));

        Assert.Matches("^all /merge fixes 1\\? Of [0-9a-f]+ 1 file is changed so far, for the branch [a-z0-9/-]+\\. Answer with /aw approve [0-9a-f]{20} or /aw reject REASON$", wait.What);
        Assert.Null(wait.Until);
    }

    private static StepContext Context()
    {
        FolderWorkspace workspace = new FolderWorkspace().With("a", "1");
        return Contexts.Of(workspace, WorkspaceTree.Empty, ("plan", new JsonObject { ["a"] = 1 }));
    }

    private static StepContext Answered(StepContext context, string hash, long by) =>
        context with { Answer = new JsonObject { ["approved"] = true, ["hash"] = hash, ["by"] = new JsonObject { ["id"] = by, ["login"] = by == 1 ? "ann" : "bob" } } };

    private async Task<string> HashAsync(StepContext context, ApprovalInputs? inputs = null) =>
        Regex.Match(Assert.IsType<StepResult.Wait>(await RunAsync(context, inputs)).What, "[0-9a-f]{20}").Value;

    private Task<StepResult> RunAsync(StepContext context, ApprovalInputs? inputs = null) =>
        ((IStepType)new ApprovalStep(_key)).RunAsync(inputs ?? new ApprovalInputs(), context, TestContext.Current.CancellationToken);
}
