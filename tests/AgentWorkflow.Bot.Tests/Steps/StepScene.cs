using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Steps;

/// <summary>A run on <c>ideas/library</c> for steps that read the list of files and ask for effects.</summary>
internal static class StepScene
{
    public static StepContext Context(string stepId, WorkspaceTree files, IReadOnlyList<Receipt> receipts) => new()
    {
        Run = Run,
        StepId = stepId,
        Attempt = 1,
        Workspace = new ReadOnlyFiles(files),
        Receipts = receipts,
        Outputs = new Dictionary<string, JsonNode?>(),
        Log = new Silence(),
    };

    private static RunFacts Run { get; } = new()
    {
        Id = "id",
        Key = "key",
        Forge = "local",
        Repository = RepoRef.TryParse("ideas/library", out RepoRef? repository) ? repository : throw new InvalidOperationException(),
        DefaultBranch = "main",
        BaseCommit = CommitId.Parse(new string('a', 40)),
        BaseTree = WorkspaceTree.Empty,
        Actor = new ActorId(7, "ada"),
        WorkflowName = "generate",
        WorkflowSource = "built-in",
        Inputs = [],
        Branch = BranchName.Parse("agentworkflow/1"),
        CreatedAt = default,
        Generation = 1,
    };

    private sealed record ReadOnlyFiles(WorkspaceTree Tree) : IWorkspace
    {
        public Task<Stream> OpenReadAsync(RepoPath path, CancellationToken cancellationToken) => throw new InvalidOperationException("The step reads no file.");

        public Task WriteAsync(RepoPath path, ReadOnlyMemory<byte> content, bool executable, CancellationToken cancellationToken) => throw new InvalidOperationException("The step writes no file.");

        public void Delete(RepoPath path) => throw new InvalidOperationException("The step deletes no file.");

        public Task CheckOutAsync(string folder, CancellationToken cancellationToken) => throw new InvalidOperationException("The step needs no folder.");
    }

    private sealed class Silence : IStepLog
    {
        public void Write(string line)
        {
        }

        public void Progress(string what)
        {
        }
    }
}
