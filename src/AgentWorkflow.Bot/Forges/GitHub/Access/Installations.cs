using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>Where the App is installed, and the tokens that follow from it: kept in memory alone.</summary>
internal sealed class Installations(GitHubHttp http, AppKey key, TokenMaker tokens, InstallationGates gates, IOptions<GitHubOptions> options, TimeProvider time)
{
    private const int MostKept = 5_000;

    private static readonly TimeSpan s_known = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Slot<Installation>> _installations = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(string Repository, string Run), Slot<AccessToken>> _tokens = new();

    /// <summary>The App's own right: for what belongs to no repository.</summary>
    public GitHubAccess App => new(null, gates.Of(0), _ => Task.FromResult(key.Sign()), static () => { });

    /// <summary>A right on one repository.</summary>
    /// <exception cref="ForgeException">NotFound where the App is not installed; Denied where it is suspended there.</exception>
    public async Task<GitHubAccess> OpenAsync(RepoRef repository, TokenUse use, CancellationToken cancellationToken)
    {
        Installation installation = await InstallationAsync(repository, cancellationToken);
        RequestGate gate = gates.Of(installation.Id);
        return new GitHubAccess(
            repository, gate, async cancel => (await TokenAsync(repository, installation, gate, use, cancel)).Text, () => Forget(repository, use));
    }

    /// <summary>Makes a new token whatever there is, and tells what GitHub says of the repository with it.</summary>
    /// <exception cref="ForgeException">As above; Denied too where GitHub gives no token any more.</exception>
    public async Task<RepositoryAnswer> RenewAsync(RepoRef repository, TokenUse use, CancellationToken cancellationToken)
    {
        _tokens.TryRemove(KeyOf(repository, use), out _);
        Installation installation = await InstallationAsync(repository, cancellationToken);
        RequestGate gate = gates.Of(installation.Id);
        AccessToken token = await TokenAsync(repository, installation, gate, use, cancellationToken);
        return token.Repository
            ?? (await http.SendAsync(await OpenAsync(repository, use, cancellationToken), GitHubRequest.Get($"repos/{repository}", $"read {repository}"), cancellationToken)).Read(GitHubJson.Default.RepositoryAnswer);
    }

    /// <summary>A right to list the repositories of an installation, and to nothing in them: the one token that is for more than one repository.</summary>
    public GitHubAccess OpenList(long installation)
    {
        RequestGate gate = gates.Of(installation);
        (string, string) place = (string.Create(CultureInfo.InvariantCulture, $"#{installation}"), "");
        TokenRequest wanted = new(null, new Dictionary<string, string> { ["metadata"] = "read" });
        return new GitHubAccess(
            null,
            gate,
            async cancel => (await SlotOf(_tokens, place).GetAsync(t => t.Serves(ForgeRights.None, time.GetUtcNow()), () => tokens.MakeAsync(App, installation, wanted, ForgeRights.None, gate, $"list installation {installation}", cancel), cancel)).Text,
            () => _tokens.TryRemove(place, out _));
    }

    /// <summary>What the owner granted: <c>checks</c> to <c>write</c>.</summary>
    public async Task<IReadOnlyDictionary<string, string>> PermissionsAsync(RepoRef repository, CancellationToken cancellationToken) =>
        (await InstallationAsync(repository, cancellationToken)).Permissions;

    private async Task<Installation> InstallationAsync(RepoRef repository, CancellationToken cancellationToken)
    {
        Slot<Installation> slot = SlotOf(_installations, repository.ToString());
        return await slot.GetAsync(i => time.GetUtcNow() - i.AskedAt < s_known, () => AskAsync(repository, slot.Value, cancellationToken), cancellationToken);
    }

    private async Task<Installation> AskAsync(RepoRef repository, Installation? before, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"repos/{repository}/installation", $"find the App's installation on {repository}") with { Accepted = [HttpStatusCode.NotFound] };
        GitHubAnswer answer = await http.SendAsync(App, before is null ? request : request.After(before.Tag), cancellationToken);
        if (before is not null && answer.Status is HttpStatusCode.NotModified)
        {
            return before with { AskedAt = time.GetUtcNow() };
        }

        if (answer.Status is HttpStatusCode.NotFound)
        {
            throw new ForgeException(ForgeFault.NotFound, $"AW3010: The GitHub App is not installed on {repository}, or the repository is not there; install it at {options.Value.WebAddress}settings/installations.");
        }

        InstallationAnswer found = answer.Read(GitHubJson.Default.InstallationAnswer);
        return found.SuspendedAt is null
            ? new Installation(found.Id, found.Permissions ?? [], answer.Tag, time.GetUtcNow())
            : throw new ForgeException(ForgeFault.Denied, $"AW3011: The GitHub App is suspended on {repository}; its owner can let it work again in the settings of the installation.");
    }

    private async Task<AccessToken> TokenAsync(RepoRef repository, Installation installation, RequestGate gate, TokenUse use, CancellationToken cancellationToken)
    {
        Slot<AccessToken> slot = SlotOf(_tokens, KeyOf(repository, use));
        return await slot.GetAsync(t => t.Serves(use.Rights, time.GetUtcNow()), () => MakeAsync(repository, installation, gate, use, cancellationToken), cancellationToken);
    }

    private async Task<AccessToken> MakeAsync(RepoRef repository, Installation installation, RequestGate gate, TokenUse use, CancellationToken cancellationToken)
    {
        TokenRequest wanted = new([repository.Name], TokenScopes.Of(use.Rights, installation.Permissions));
        try
        {
            return await tokens.MakeAsync(App, installation.Id, wanted, use.Rights, gate, $"get a token for {repository}", cancellationToken);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.NotFound or ForgeFault.Denied or ForgeFault.Conflict)
        {
            _installations.TryRemove(repository.ToString(), out _);
            throw new ForgeException(ForgeFault.Denied, $"AW3012: GitHub gives no token for {repository} any more: the App was taken off or suspended there, or its permissions have changed.", exception);
        }
    }

    private void Forget(RepoRef repository, TokenUse use)
    {
        _installations.TryRemove(repository.ToString(), out _);
        _tokens.TryRemove(KeyOf(repository, use), out _);
    }

    private static (string Repository, string Run) KeyOf(RepoRef repository, TokenUse use) => (repository.ToString().ToUpperInvariant(), use.Run ?? "");

    private static Slot<T> SlotOf<TKey, T>(ConcurrentDictionary<TKey, Slot<T>> slots, TKey key)
        where TKey : notnull
        where T : class
    {
        if (slots.Count > MostKept)
        {
            slots.Clear(); // A cache: what is needed is asked for again.
        }

        return slots.GetOrAdd(key, static _ => new Slot<T>());
    }

    private sealed record Installation(long Id, Dictionary<string, string> Permissions, string? Tag, DateTimeOffset AskedAt);

    /// <summary>One value that is made once for all who ask at the same time; only they wait for it.</summary>
    private sealed class Slot<T> : IDisposable
        where T : class
    {
        private readonly SemaphoreSlim _one = new(1);
        private T? _value;

        public T? Value => _value;

        public async Task<T> GetAsync(Func<T, bool> isGood, Func<Task<T>> make, CancellationToken cancellationToken)
        {
            if (_value is { } known && isGood(known))
            {
                return known;
            }

            await _one.WaitAsync(cancellationToken);
            try
            {
                return _value is { } made && isGood(made) ? made : _value = await make();
            }
            finally
            {
                _one.Release();
            }
        }

        public void Dispose() => _one.Dispose();
    }
}
