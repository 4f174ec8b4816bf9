using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Writing;

/// <summary>Checks: a check run whose external id is the run's key; a commit status where the owner granted no checks.</summary>
internal sealed class CheckEffects(Installations installations, GitHubHttp http, AppIdentity identity)
{
    private const int MostAnnotations = 50;
    private const int MostSummary = 65_535;
    private const int MostTitle = 255;
    private const int MostMessage = 60_000;
    private const int MostDescription = 140;

    /// <summary>Makes the check, or brings the one that is there up to date.</summary>
    public async Task<Receipt> SetAsync(RepoRef repository, SetCheck effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Of(owner, ForgeRights.Checks), cancellationToken);
        if (!await MayCheckAsync(repository, cancellationToken))
        {
            return await SetStatusAsync(access, repository, effect, cancellationToken);
        }

        CheckRequest wanted = Wanted(effect, owner);
        GitHubRequest request = there?["check"] is { } id
            ? GitHubRequest.Patch($"repos/{repository}/check-runs/{id}", wanted with { HeadSha = null }, GitHubJson.Default.CheckRequest, What(repository, effect))
            : GitHubRequest.Post($"repos/{repository}/check-runs", wanted, GitHubJson.Default.CheckRequest, What(repository, effect));
        CheckAnswer made = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.CheckAnswer);
        return Receipts.Applied(effect, Values(effect, made.Id));
    }

    /// <summary>Ours is a check of this App and run; planned when it says something else.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, SetCheck effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        if (!await MayCheckAsync(repository, cancellationToken))
        {
            return null; // A status under the same name takes the place of the one before.
        }

        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Of(owner, ForgeRights.Checks), cancellationToken);
        long app = (await identity.GetAsync(cancellationToken)).AppId;
        GitHubRequest request = GitHubRequest.Get(
            $"repos/{repository}/commits/{effect.Commit}/check-runs?check_name={Uri.EscapeDataString(effect.Name)}&filter=all&per_page=100", $"read the checks of {effect.Commit.Short} in {repository}");
        CheckList list = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.CheckList);
        CheckRequest wanted = Wanted(effect, owner);
        CheckAnswer? ours = list.CheckRuns.Where(c => c.App?.Id == app && c.ExternalId == owner.RunKey && c.Name == effect.Name).MaxBy(c => c.Id);
        return ours is null ? null
            : ours.Conclusion == wanted.Conclusion && ours.Output?.Title == wanted.Output.Title && MarkedText.IsSame(ours.Output?.Summary, wanted.Output.Summary)
                ? Receipts.Adopted(effect, Values(effect, ours.Id))
                : Receipts.Stale(effect, Values(effect, ours.Id));
    }

    private async Task<bool> MayCheckAsync(RepoRef repository, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> granted = await installations.PermissionsAsync(repository, cancellationToken);
        return TokenScopes.Holds(granted, "checks", "write") || !TokenScopes.Holds(granted, "statuses", "write");
    }

    private async Task<Receipt> SetStatusAsync(GitHubAccess access, RepoRef repository, SetCheck effect, CancellationToken cancellationToken)
    {
        string state = effect.Conclusion switch { CheckConclusion.Failure => "failure", _ => "success" };
        StatusRequest status = new(state, ShortText.Of(effect.Title, MostDescription), $"agentworkflow/{effect.Name}");
        await http.SendAsync(access, GitHubRequest.Post($"repos/{repository}/statuses/{effect.Commit}", status, GitHubJson.Default.StatusRequest, What(repository, effect)), cancellationToken);
        return Receipts.Applied(effect, ("commit", effect.Commit.Value));
    }

    private static CheckRequest Wanted(SetCheck effect, EffectOwner owner)
    {
        List<CheckRemark> remarks =
        [
            .. effect.Annotations
                .Select(a => new CheckRemark(a.Path.Value, a.StartLine, a.EndLine, Level(a.Level), ShortText.Of(a.Title, MostTitle), ShortText.Of(a.Message, MostMessage)))
                .OrderBy(r => r.AnnotationLevel switch { "failure" => 0, "warning" => 1, _ => 2 })
                .Take(MostAnnotations),
        ];
        return new CheckRequest(
            effect.Name, effect.Commit.Value, owner.RunKey, "completed", Conclusion(effect.Conclusion),
            new CheckOutput(ShortText.Of(effect.Title, MostTitle), ShortText.Of(effect.Summary, MostSummary), remarks.Count == 0 ? null : remarks));
    }

    private static string Conclusion(CheckConclusion conclusion) => conclusion switch { CheckConclusion.Success => "success", CheckConclusion.Failure => "failure", _ => "neutral" };

    private static string Level(string level) => level switch { "failure" or "error" => "failure", "warning" => "warning", _ => "notice" };

    private static string What(RepoRef repository, SetCheck effect) => $"set the check '{effect.Name}' on {effect.Commit.Short} of {repository}";

    private static IEnumerable<(string Name, string Value)> Values(SetCheck effect, long id) => [("commit", effect.Commit.Value), ("check", $"{id}")];
}
