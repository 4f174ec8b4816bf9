using AgentWorkflow.Bot.Forges.GitLab.Http;

namespace AgentWorkflow.Bot.Forges.GitLab.Access;

/// <summary>The projects that the bot's account may work in.</summary>
internal sealed class GitLabProjects(GitLabClient client)
{
    /// <summary>The role with which the account may push.</summary>
    public const int Developer = 30;

    /// <summary>The role with which it may look at hooks and make them.</summary>
    public const int Maintainer = 40;

    /// <summary>All that are not archived and in which it is Developer at least, be it through a group.</summary>
    public Task<List<ProjectAnswer>> ListAsync(CancellationToken cancellationToken) => client.ListAsync((api, page) =>
        api.ListProjectsAsync(membership: true, Developer, archived: false, GitLabClient.PageSize, page, "list the projects of the bot's account", cancellationToken));

    /// <summary>True where the account may look after the hooks.</summary>
    public static bool MayKeepHooks(ProjectAnswer project) => project.Permissions?.Level >= Maintainer;
}
