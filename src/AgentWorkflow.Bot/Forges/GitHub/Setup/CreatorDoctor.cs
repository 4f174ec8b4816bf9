using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Forges.GitHub.Creation;
using AgentWorkflow.Bot.Forges.GitHub.Http;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Setup;

/// <summary>Asks GitHub what it knows of the second App; says nothing where there is none.</summary>
internal sealed class CreatorDoctor(GitHubHttp http, CreatorApp creator, IOptions<GitHubOptions> options, IOptions<RepositoriesOptions> places) : IForgeDoctor
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ForgeFinding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!options.Value.Creator.IsConfigured)
        {
            yield break;
        }

        (AppAnswer? app, List<InstallationItem> installed, string? refusal) = await AskAsync(cancellationToken);
        if (app is null)
        {
            yield return new ForgeFinding("creator", refusal, "");
            yield break;
        }

        yield return new ForgeFinding("creator", null, $"the App '{app.Slug}' ({app.Id}) of {app.Owner?.Login}, which makes repositories");
        yield return AppFindings.Rights("creator rights", app, AppManifest.Read(AppManifest.Creator), ["workflows"], options.Value.WebAddress);
        yield return Places(installed);
    }

    private ForgeFinding Places(List<InstallationItem> installed)
    {
        string[] partly = [.. installed.Where(i => i.RepositorySelection is "selected").Select(i => i.Account?.Login ?? "")];
        string[] absent = [.. places.Value.Owners.Where(o => !installed.Exists(i => string.Equals(i.Account?.Login, o, StringComparison.OrdinalIgnoreCase)))];
        return new ForgeFinding(
            "creates in",
            places.Value.Owners.Count == 0 ? "AW3110 Repositories__Owners__0 is not set, so repositories are made nowhere on GitHub; name an organization."
            : absent.Length == places.Value.Owners.Count ? $"AW3111 the second App is installed in none of {string.Join(", ", absent)}; install it at {options.Value.WebAddress}settings/installations."
            : partly.Length > 0 ? $"AW3112 in {string.Join(", ", partly)} the second App is installed for chosen repositories alone, so it cannot tell which names are free; choose all repositories."
            : null,
            string.Join(", ", places.Value.Owners.Except(absent)));
    }

    private async Task<(AppAnswer? App, List<InstallationItem> Installed, string? Refusal)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            AppAnswer app = (await http.SendAsync(creator.App, GitHubRequest.Get("app", "read the second App"), cancellationToken)).Read(GitHubJson.Default.AppAnswer);
            GitHubRequest list = GitHubRequest.Get("app/installations?per_page=100", "list the second App's installations");
            return (app, (await http.SendAsync(creator.App, list, cancellationToken)).Read(GitHubJson.Default.ListInstallationItem), null);
        }
        catch (ForgeException exception)
        {
            return (null, [], exception.Message);
        }
    }
}
