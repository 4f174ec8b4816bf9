using System.Collections.Concurrent;

using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Access;

/// <summary>What people may: the highest role that they have in the project, be it their own or through a group (promises P43 to P45).</summary>
internal sealed class GitLabRights(GitLabClient client, IConfiguration configuration)
{
    private const string Bots = "Triggers:AllowedBots";
    private const int MostKnown = 10_000;

    // What kind an account is never changes; whether it is blocked is asked for each time.
    private readonly ConcurrentDictionary<long, bool> _bots = new();

    /// <summary>The person's role now.</summary>
    public async Task<RepositoryPermission> GetAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken)
    {
        string what = $"ask for the rights of {actor.Login} on {repository}";
        MemberAnswer? member = await client.FindAsync(api => api.GetMemberAsync(repository.ToString(), actor.Id, what, cancellationToken));
        if (member is null || LevelOf(member) is RepositoryPermission.None)
        {
            return RepositoryPermission.None;
        }

        return member.Id != actor.Id
            ? throw new ForgeException(ForgeFault.Denied, $"AW3060: The rights of {actor.Login} on {repository} cannot be told: GitLab answered about somebody else.")
            : await IsProgramAsync(actor, cancellationToken) ? RepositoryPermission.None : LevelOf(member);
    }

    /// <summary>True for bots, service accounts and the users of access tokens, unless the operator has listed them by their number (promise P45).</summary>
    public async Task<bool> IsProgramAsync(ActorId actor, CancellationToken cancellationToken) =>
        !IsListed(actor.Id) && await IsBotAsync(actor, $"ask what kind of account {actor.Login} is", cancellationToken);

    /// <summary>GitLab's levels: 5 minimal, 10 guest, 15 planner, 20 reporter, 30 developer, 40 maintainer, 50 owner; whoever is blocked has none.</summary>
    public static RepositoryPermission LevelOf(MemberAnswer member) => member is not { State: "active", MembershipState: null or "active" } ? RepositoryPermission.None : member.AccessLevel switch
    {
        >= 50 => RepositoryPermission.Admin,
        >= 40 => RepositoryPermission.Maintain,
        >= 30 => RepositoryPermission.Write,
        >= 20 => RepositoryPermission.Triage,
        >= 10 => RepositoryPermission.Read,
        _ => RepositoryPermission.None,
    };

    private async Task<bool> IsBotAsync(ActorId actor, string what, CancellationToken cancellationToken)
    {
        if (_bots.TryGetValue(actor.Id, out bool known))
        {
            return known;
        }

        UserAnswer user = await client.SendAsync(api => api.GetUserAsync(actor.Id, what, cancellationToken));
        if (_bots.Count >= MostKnown)
        {
            _bots.Clear();
        }

        return _bots[actor.Id] = user.Id != actor.Id || user.Bot;
    }

    private bool IsListed(long id) => configuration.GetSection(Bots).Get<long[]>()?.Contains(id) is true;
}
