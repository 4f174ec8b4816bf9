using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Creation;

/// <summary>
/// The second App, which may make repositories in organizations and nothing else: so that the first, which reads what strangers
/// write, has no such right.
/// </summary>
internal sealed class CreatorApp(GitHubHttp http, TokenMaker tokens, InstallationGates gates, IOptions<GitHubOptions> options, TimeProvider time) : IDisposable
{
    private static readonly (string Name, string Level)[] s_needs = [("administration", "write"), ("contents", "write"), ("issues", "write"), ("members", "read")];

    private readonly AppKey _key = new(options.Value.Creator, time);

    /// <summary>The App's own right.</summary>
    public GitHubAccess App => new(null, gates.Of(0), _ => Task.FromResult(_key.Sign()), static () => { });

    /// <summary>What it may do in an organization.</summary>
    /// <exception cref="ForgeException">Denied: it is not set up, not installed there, or lacks a permission; the message says what to do.</exception>
    public async Task<CreatorAccess> OpenAsync(string organization, CancellationToken cancellationToken)
    {
        if (!options.Value.Creator.IsConfigured)
        {
            throw Denied("AW3100", "no second App is set up that makes repositories; set GitHub__Creator__AppId and GitHub__Creator__PrivateKeyPath (docs/github-app.md)");
        }

        GitHubRequest request = GitHubRequest.Get($"orgs/{organization}/installation", $"find the second App's installation on {organization}") with { Accepted = [HttpStatusCode.NotFound] };
        GitHubAnswer answer = await http.SendAsync(App, request, cancellationToken);
        if (answer.Status is HttpStatusCode.NotFound)
        {
            throw await WhyNotThereAsync(organization, cancellationToken);
        }

        InstallationAnswer found = answer.Read(GitHubJson.Default.InstallationAnswer);
        IReadOnlyDictionary<string, string> granted = found.Permissions ?? [];
        string[] missing = [.. s_needs.Where(n => !TokenScopes.Holds(granted, n.Name, n.Level)).Select(n => $"{n.Name}: {n.Level}")];
        return found.SuspendedAt is not null ? throw Denied("AW3103", $"the second App is suspended in '{organization}'; its owner can let it work again in the settings of the installation")
            : missing.Length > 0 ? throw Denied("AW3104", $"the second App lacks {string.Join(", ", missing)} in '{organization}'; grant it in the App's settings, then accept it in the installation")
            : new CreatorAccess(App, tokens, found.Id, granted, gates.Of(found.Id), organization, time);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private async Task<ForgeException> WhyNotThereAsync(string owner, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"users/{owner}", $"read the account {owner}") with { Accepted = [HttpStatusCode.NotFound] };
        GitHubAnswer answer = await http.SendAsync(App, request, cancellationToken);
        string? type = answer.Status is HttpStatusCode.NotFound ? null : answer.Read(GitHubJson.Default.UserAnswer).Type;
        return type switch
        {
            null => Denied("AW3101", $"GitHub has no account '{owner}'; name an organization that the second App is installed in"),
            "Organization" => Denied("AW3102", $"the second App is not installed in '{owner}'; install it there for all repositories"),
            _ => Denied("AW3105", $"'{owner}' is a person's own account, and GitHub lets no App make a repository there; name an organization"),
        };
    }

    private static ForgeException Denied(string code, string why) => new(ForgeFault.Denied, $"{code}: {why}");
}

/// <summary>The second App's rights in one organization. Its tokens are made when they are first used and not kept.</summary>
internal sealed class CreatorAccess(
    GitHubAccess app, TokenMaker tokens, long installation, IReadOnlyDictionary<string, string> granted, RequestGate gate, string organization, TimeProvider time)
{
    private GitHubAccess? _organization;

    /// <summary>Its limits.</summary>
    public RequestGate Gate => gate;

    /// <summary>For the organization, before the repository is there: one of the two uses of a token that is for no single repository.</summary>
    public GitHubAccess Organization => _organization ??= Access(null, null, new()
    {
        ["metadata"] = "read",
        ["administration"] = "write",
        ["members"] = "read",
        ["organization_administration"] = "read",
    });

    /// <summary>For the new repository alone.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="writesCi">True where CI files are among its files.</param>
    public GitHubAccess Of(RepoRef repository, bool writesCi)
    {
        Dictionary<string, string> wanted = new() { ["metadata"] = "read", ["administration"] = "write", ["contents"] = "write", ["issues"] = "write" };
        if (writesCi)
        {
            wanted["workflows"] = "write";
        }

        return Access(repository, [repository.Name], wanted);
    }

    private GitHubAccess Access(RepoRef? repository, string[]? names, Dictionary<string, string> wanted)
    {
        // GitHub refuses a wish for more than was granted as a whole.
        TokenRequest request = new(names, wanted.Where(w => TokenScopes.Holds(granted, w.Key, w.Value)).ToDictionary(StringComparer.Ordinal));
        AccessToken? token = null;
        return new GitHubAccess(
            repository,
            gate,
            async cancel =>
            {
                token = token?.Serves(ForgeRights.None, time.GetUtcNow()) is true ? token
                    : await tokens.MakeAsync(app, installation, request, ForgeRights.None, gate, $"get a token for {repository?.ToString() ?? organization}", cancel);
                return token.Text;
            },
            () => token = null);
    }
}
