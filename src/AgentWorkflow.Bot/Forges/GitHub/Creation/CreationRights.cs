using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Creation;

/// <summary>Whether GitHub would let the person who asked make the repository: the App could make it for anybody.</summary>
internal sealed class CreationRights(GitHubHttp http, IOptions<GitHubOptions> options)
{
    /// <summary>Why the person may not, in words without a full stop; null where the person may. Not to know is a no.</summary>
    public async Task<string?> WhyNotAsync(CreatorAccess access, CreateRepository effect, CancellationToken cancellationToken)
    {
        string organization = effect.Target.Owner;
        ActorId who = effect.Requester;
        if (effect.Settings.Visibility is RepositoryVisibility.Internal)
        {
            return "AW3106: GitHub makes internal repositories for enterprises alone; choose 'private'";
        }

        GitHubRequest request = GitHubRequest.Get($"orgs/{organization}/memberships/{Uri.EscapeDataString(who.Login)}", $"ask for the membership of {who.Login} in {organization}") with
        {
            Accepted = [HttpStatusCode.NotFound],
        };
        GitHubAnswer answer = await http.SendAsync(access.Organization, request, cancellationToken);
        MembershipAnswer? member = answer.Status is HttpStatusCode.NotFound ? null : answer.Read(CreationJson.Default.MembershipAnswer);

        // A login may have changed hands since the event: only the number says who it was.
        return member is not { State: "active" } || member.User?.Id != who.Id
                ? $"AW3107: {who.Login} is no member of '{organization}', and GitHub lets members alone make repositories there"
            : member.Role == "admin" ? null
            : await PolicyAsync(access, effect, cancellationToken);
    }

    private async Task<string?> PolicyAsync(CreatorAccess access, CreateRepository effect, CancellationToken cancellationToken)
    {
        string organization = effect.Target.Owner;
        OrganizationAnswer policy = (await http.SendAsync(access.Organization, GitHubRequest.Get($"orgs/{organization}", $"read the rules of {organization}"), cancellationToken))
            .Read(CreationJson.Default.OrganizationAnswer);
        bool isPublic = effect.Settings.Visibility is RepositoryVisibility.Public;
        return (policy.MembersCanCreateRepositories, isPublic ? policy.MembersCanCreatePublicRepositories : policy.MembersCanCreatePrivateRepositories) switch
        {
            (true, true) => null,
            (false, _) or (_, false) => $"AW3108: members of '{organization}' may not make {(isPublic ? "public" : "private")} repositories; an owner can ask for this one, "
                + $"or allow it at {options.Value.WebAddress}organizations/{organization}/settings/member_privileges",
            _ => $"AW3109: what members of '{organization}' may make cannot be told, since the second App has no 'organization_administration: read' there; grant it, or let an owner ask",
        };
    }
}
