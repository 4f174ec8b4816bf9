using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Records;

/// <summary>What a run generated: the thing that people export, browse and quote after the run is over.</summary>
/// <param name="Id">26 random characters of base32.</param>
/// <param name="RunId">The run that made it; one run makes one project.</param>
/// <param name="Forge">The forge's name.</param>
/// <param name="Repository">Where its pull request is.</param>
/// <param name="Title">The idea's title.</param>
/// <param name="Tree">The git tree of the commit; null where nothing was committed.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="Files">Its files; their contents are in the content store.</param>
internal sealed record GeneratedProject(
    string Id, string RunId, string Forge, RepoRef Repository, string Title, CommitId? Tree, DateTimeOffset CreatedAt, WorkspaceTree Files);
