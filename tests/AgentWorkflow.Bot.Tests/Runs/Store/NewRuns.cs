using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Runs.Store;

/// <summary>Runs as a trigger would pin them, without a forge.</summary>
internal static class NewRuns
{
    public static NewRun Of(string key, string? group = null, WorkspaceTree? files = null, DateTimeOffset? at = null) => new(
        key,
        new RunPin
        {
            Facts = new RunFacts
            {
                Id = "",
                Key = key,
                Forge = "local",
                Repository = RepoRef.TryParse("ideas/one", out RepoRef? repository) ? repository : throw new InvalidOperationException(),
                DefaultBranch = "main",
                BaseCommit = CommitId.Parse(new string('a', 40)),
                BaseTree = files ?? WorkspaceTree.Empty,
                Actor = new ActorId(1, "ada"),
                WorkflowName = "w",
                WorkflowSource = "built-in",
                Inputs = [],
                Branch = BranchName.Parse($"agentworkflow/{key}"),
                CreatedAt = at ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
                Generation = 1,
            },
            RepositoryId = 1,
            RepositoryUrl = "local:ideas/one",
            Event = [],
        },
        "w.yml",
        "steps: []",
        group ?? key,
        CancelInProgress: false);
}
