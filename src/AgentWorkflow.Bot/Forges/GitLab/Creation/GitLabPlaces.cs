using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab.Creation;

/// <summary>New projects in groups, by the bot's own account.</summary>
internal sealed class GitLabPlaces(GitLabClient client, GitLabGate gate, GitLabRights rights, GitLabIdentity identity, GitPush push, IOptions<GitLabOptions> options) : IRepositoryPlaces
{
    /// <inheritdoc/>
    public async Task<IRepositoryPlace> OpenAsync(string owner, CancellationToken cancellationToken) =>
        await client.FindAsync(api => api.GetGroupAsync(owner, withProjects: false, $"look at the group {owner}", cancellationToken)) is { } group
            ? new Place(client, rights, group, effect => new GitLabSite(client, gate, push, identity, options.Value, effect))
            : throw new ForgeException(ForgeFault.Denied, $"AW3120: GitLab has no group '{owner}', or does not show it to the bot's account; name a group in which the bot has the role Developer, since nobody but its owner makes projects in a person's own namespace");

    private sealed class Place(GitLabClient client, GitLabRights rights, GroupAnswer group, Func<CreateRepository, IRepositorySite> siteOf) : IRepositoryPlace
    {
        public async Task<string?> WhyNotAsync(CreateRepository effect, CancellationToken cancellationToken)
        {
            ActorId who = effect.Requester;
            MemberAnswer? member = await client.FindAsync(api => api.GetGroupMemberAsync(group.FullPath, who.Id, $"ask for the role of {who.Login} in {group.FullPath}", cancellationToken));
            RepositoryPermission has = member?.Id == who.Id ? GitLabRights.LevelOf(member) : RepositoryPermission.None;
            RepositoryPermission? needs = group.ProjectCreationLevel switch
            {
                "developer" => RepositoryPermission.Write,
                "maintainer" => RepositoryPermission.Maintain,
                "noone" or "administrator" => null,
                _ => RepositoryPermission.Admin,
            };
            return needs is null ? $"AW3122: nobody may make projects in '{group.FullPath}'; an owner of the group can allow it in its settings"
                : has < needs ? $"AW3121: {who.Login} has no role in '{group.FullPath}' that GitLab lets make projects there; it must be {(needs is RepositoryPermission.Write ? "Developer" : needs is RepositoryPermission.Maintain ? "Maintainer" : "Owner")} or more"
                : await rights.IsProgramAsync(who, cancellationToken) ? $"AW3123: {who.Login} is a bot, for whom nothing is made"
                : null;
        }

        public async Task<FoundRepository> CreateAsync(CreateRepository effect, string description, CancellationToken cancellationToken)
        {
            RepositorySettings settings = effect.Settings;
            NewProjectRequest wanted = new(
                effect.Target.Name, effect.Target.Name, group.Id, description, settings.Visibility.ToString().ToLowerInvariant(), settings.DefaultBranch, settings.Topics, InitializeWithReadme: false);
            return Of(await client.SendAsync(api => api.CreateProjectAsync(wanted, $"create {effect.Target}", cancellationToken)));
        }

        // A path that a project had before leads to it and may be given again.
        public async Task<FoundRepository?> FindAsync(RepoRef repository, CancellationToken cancellationToken) =>
            await client.FindAsync(api => api.GetProjectAsync(repository.ToString(), $"look for {repository}", cancellationToken)) is { } there
                && string.Equals(there.PathWithNamespace, repository.ToString(), StringComparison.OrdinalIgnoreCase) ? Of(there) : null;

        public IRepositorySite Of(CreateRepository effect) => siteOf(effect);

        private static FoundRepository Of(ProjectAnswer project) => new(project.Id, project.WebUrl, project.Description ?? "", Items.VisibilityOf(project));
    }
}
