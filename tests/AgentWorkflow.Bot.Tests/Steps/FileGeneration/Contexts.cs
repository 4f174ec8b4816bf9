using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Steps.FileGeneration;

internal static class Contexts
{
    public static StepContext Of(IWorkspace workspace, WorkspaceTree baseTree, params (string Step, JsonNode Outputs)[] outputs) => new()
    {
        Run = new RunFacts
        {
            Id = new string('a', 26),
            Key = new string('b', 26),
            Forge = "local",
            Repository = RepoRef.TryParse("ideas/library", out RepoRef? repo) ? repo : throw new InvalidOperationException(),
            DefaultBranch = "main",
            BaseCommit = CommitId.Parse(new string('0', 40)),
            BaseTree = baseTree,
            Actor = new ActorId(1, "ann"),
            WorkflowName = "generate",
            WorkflowSource = "built-in",
            Inputs = new JsonObject { ["n"] = 7 },
            Branch = BranchName.TryParse("agentworkflow/1-library-abc", out BranchName? branch) ? branch : throw new InvalidOperationException(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Generation = 1,
        },
        StepId = "scaffold",
        Attempt = 1,
        Workspace = workspace,
        Receipts = [],
        Outputs = outputs.ToDictionary(o => o.Step, o => (JsonNode?)o.Outputs),
        Log = new SilentLog(),
    };

    private sealed class SilentLog : IStepLog
    {
        public void Write(string line)
        {
        }

        public void Progress(string what)
        {
        }
    }
}
