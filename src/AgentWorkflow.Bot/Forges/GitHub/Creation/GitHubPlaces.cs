using System.Net;

using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Creation;

/// <summary>New repositories in organizations, by the second App.</summary>
internal sealed class GitHubPlaces(CreatorApp creator, CreationRights rights, GitHubHttp http, GitPush push, AppIdentity identity, IOptions<GitHubOptions> options) : IRepositoryPlaces
{
    /// <inheritdoc/>
    public async Task<IRepositoryPlace> OpenAsync(string owner, CancellationToken cancellationToken) => new Place(this, await creator.OpenAsync(owner, cancellationToken));

    private CreationRights Rights => rights;

    private GitHubHttp Http => http;

    private GitHubSite SiteOf(CreatorAccess access, CreateRepository effect) => new(http, push, identity, options.Value.WebAddress, access, effect);

    private sealed class Place(GitHubPlaces places, CreatorAccess access) : IRepositoryPlace
    {
        public Task<string?> WhyNotAsync(CreateRepository effect, CancellationToken cancellationToken) => places.Rights.WhyNotAsync(access, effect, cancellationToken);

        public async Task<FoundRepository> CreateAsync(CreateRepository effect, string description, CancellationToken cancellationToken)
        {
            NewRepositoryRequest wanted = new(effect.Target.Name, description, effect.Settings.Visibility is not RepositoryVisibility.Public);
            GitHubRequest request = GitHubRequest.Post($"orgs/{effect.Target.Owner}/repos", wanted, CreationJson.Default.NewRepositoryRequest, $"create {effect.Target}");
            return Of(await places.Http.SendAsync(access.Organization, request, cancellationToken));
        }

        // A name that a repository had before leads to it and may be given again.
        public async Task<FoundRepository?> FindAsync(RepoRef repository, CancellationToken cancellationToken)
        {
            GitHubRequest request = GitHubRequest.Get($"repos/{repository}", $"look for {repository}") with { Accepted = [HttpStatusCode.NotFound, HttpStatusCode.MovedPermanently] };
            GitHubAnswer answer = await places.Http.SendAsync(access.Organization, request, cancellationToken);
            return answer.Status is HttpStatusCode.OK ? Of(answer) : null;
        }

        public IRepositorySite Of(CreateRepository effect) => places.SiteOf(access, effect);

        private static FoundRepository Of(GitHubAnswer answer)
        {
            MadeRepository made = answer.Read(CreationJson.Default.MadeRepository);
            return new FoundRepository(made.Id, made.HtmlUrl, made.Description ?? "", made.Private ? RepositoryVisibility.Private : RepositoryVisibility.Public);
        }
    }
}
