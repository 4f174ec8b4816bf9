using System.Net;
using System.Text;

using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Writing;

/// <summary>Pull requests: at most one open a branch, never made again when a person closed it.</summary>
internal sealed class PullRequestEffects(Installations installations, GitHubHttp http, GitHubGraphQl graphQl, AppIdentity identity, FreshBranches fresh)
{
    // Where the owner's plan has no drafts, the title tells (design, section 7).
    private const string NotVerified = "[not verified] ";
    private const int MostTitle = 256;

    /// <summary>Opens one, or brings the open one of ours up to date.</summary>
    public async Task<Receipt> OpenAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Of(owner, ForgeRights.PullRequests), cancellationToken);
        if (there?["number"] is { } number)
        {
            return await UpdateAsync(access, repository, effect, owner, number, cancellationToken);
        }

        // GitHub refuses a second open one, but not one beside a closed one.
        if (!fresh.Take(repository, effect.Branch) && await LatestAsync(access, repository, effect.Branch, cancellationToken) is { } before)
        {
            throw new ForgeException(ForgeFault.Conflict, $"AW3075: The branch '{effect.Branch}' of {repository} has pull request #{before.Number} already ({before.State}).");
        }

        PullAnswer made = await CreateAsync(access, repository, effect, owner, cancellationToken);
        await LabelAsync(access, repository, effect, made, cancellationToken);
        return Receipts.Applied(effect, Values(made));
    }

    /// <summary>Ours is an open one of our account with this run's marker that says what the effect says; planned when ours has to be brought up to date.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        if (await LatestAsync(access, repository, effect.Branch, cancellationToken) is not { } found)
        {
            GitHubRequest branch = GitHubRequest.Get($"repos/{repository}/git/ref/heads/{effect.Branch}", $"look for the branch '{effect.Branch}' of {repository}") with { Accepted = [HttpStatusCode.NotFound] };
            return (await http.SendAsync(access, branch, cancellationToken)).Status is HttpStatusCode.NotFound
                ? Receipts.Refused(effect, $"the branch '{effect.Branch}' is not there any more")
                : null;
        }

        if (found.State != "open")
        {
            return Receipts.Refused(effect, $"pull request #{found.Number} was {(found.MergedAt is null ? "closed" : "merged")} by a person and stays so", Values(found));
        }

        return found.User?.Id != (await identity.GetAsync(cancellationToken)).Bot.Id
            ? Receipts.Refused(effect, $"pull request #{found.Number} of this branch is somebody else's", Values(found))
            : Says(found, effect, owner) && !WasLeftBare(found, effect) ? Receipts.Adopted(effect, Values(found)) : Receipts.Stale(effect, Values(found));
    }

    private async Task<PullAnswer> CreateAsync(GitHubAccess access, RepoRef repository, OpenPullRequest effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        Http.PullRequest wanted = new(ShortText.Of(effect.Title, MostTitle), effect.Branch.Value, effect.Base, Marked(effect, owner), effect.Draft);
        GitHubRequest request = Request(wanted);
        GitHubAnswer answer = await http.SendAsync(access, effect.Draft ? request with { Accepted = [HttpStatusCode.UnprocessableEntity] } : request, cancellationToken);
        if (answer.Status is HttpStatusCode.UnprocessableEntity)
        {
            answer = Encoding.UTF8.GetString(answer.Body).Contains("draft pull requests are not supported", StringComparison.OrdinalIgnoreCase)
                ? await http.SendAsync(access, Request(wanted with { Draft = false, Title = ShortText.Of(NotVerified + effect.Title, MostTitle) }), cancellationToken)
                : throw Faults.Refused(request, access, answer.Status, answer.Body, until: null);
        }

        return answer.Read(GitHubJson.Default.PullAnswer);

        GitHubRequest Request(Http.PullRequest body) => GitHubRequest.Post($"repos/{repository}/pulls", body, GitHubJson.Default.PullRequest, $"open a pull request for '{effect.Branch}' of {repository}");
    }

    private async Task<Receipt> UpdateAsync(GitHubAccess access, RepoRef repository, OpenPullRequest effect, EffectOwner owner, string number, CancellationToken cancellationToken)
    {
        PullUpdate wanted = new(ShortText.Of(effect.Title, MostTitle), Marked(effect, owner), effect.Base);
        GitHubRequest request = Request(wanted);
        PullAnswer updated = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.PullAnswer);
        if (updated.Draft != effect.Draft && !await TurnAsync(access, updated, effect.Draft, cancellationToken) && effect.Draft)
        {
            updated = (await http.SendAsync(access, Request(wanted with { Title = ShortText.Of(NotVerified + effect.Title, MostTitle) }), cancellationToken)).Read(GitHubJson.Default.PullAnswer);
        }

        await LabelAsync(access, repository, effect, updated, cancellationToken);
        return Receipts.Applied(effect, Values(updated));

        GitHubRequest Request(PullUpdate body) => GitHubRequest.Patch($"repos/{repository}/pulls/{number}", body, GitHubJson.Default.PullUpdate, $"bring pull request #{number} of {repository} up to date");
    }

    // Only GraphQL can make a draft of it or take that back.
    private async Task<bool> TurnAsync(GitHubAccess access, PullAnswer pull, bool draft, CancellationToken cancellationToken)
    {
        string verb = draft ? "convertPullRequestToDraft" : "markPullRequestReadyForReview";
        GraphQlQuery query = new($"mutation($id: ID!) {{ change: {verb}(input: {{ pullRequestId: $id }}) {{ clientMutationId }} }}", new GraphQlVariables { Id = pull.NodeId });
        try
        {
            await graphQl.SendAsync(access, query, GraphQlJson.Default.DraftData, isChange: true, $"{(draft ? "make a draft of" : "take the draft off")} pull request #{pull.Number}", cancellationToken);
            return true;
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Denied or ForgeFault.Conflict)
        {
            return false; // The owner's plan has no drafts.
        }
    }

    // People may have added labels and assignees of their own; those stay, and a name that cannot be assigned spoils nothing.
    private async Task LabelAsync(GitHubAccess access, RepoRef repository, OpenPullRequest effect, PullAnswer pull, CancellationToken cancellationToken)
    {
        List<string> has = [.. (pull.Labels ?? []).Select(l => l.Name ?? "")];
        List<UserAnswer> assigned = [.. pull.Assignees ?? []];
        List<string> labels = [.. has.Union(effect.Labels, StringComparer.OrdinalIgnoreCase)];
        List<string> people = [.. assigned.Select(a => a.Login), .. effect.Assignees.Where(a => assigned.All(b => b.Id != a.Id) && a.Login.Length > 0).Select(a => a.Login)];
        if (labels.Count == has.Count && people.Count == assigned.Count)
        {
            return;
        }

        GitHubRequest both = Request(new IssueUpdate(labels, people)) with { Accepted = [HttpStatusCode.UnprocessableEntity] };
        if ((await http.SendAsync(access, both, cancellationToken)).Status is HttpStatusCode.UnprocessableEntity)
        {
            await http.SendAsync(access, Request(new IssueUpdate(labels, null)), cancellationToken);
        }

        GitHubRequest Request(IssueUpdate body) => GitHubRequest.Patch($"repos/{repository}/issues/{pull.Number}", body, GitHubJson.Default.IssueUpdate, $"label pull request #{pull.Number} of {repository}");
    }

    private async Task<PullAnswer?> LatestAsync(GitHubAccess access, RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get(
            $"repos/{repository}/pulls?head={Uri.EscapeDataString($"{repository.Owner}:{branch}")}&state=all&sort=created&direction=desc&per_page=20", $"look for the pull request of '{branch}' of {repository}");
        List<PullAnswer> found = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.ListPullAnswer);
        return found.Where(p => p.Head.Ref == branch.Value && (p.Head.Repo is null || p.Head.Repo.Id == p.Base.Repo?.Id)).MaxBy(p => p.Number);
    }

    // Untouched since it was made, and without our label: whoever made it died before it was labelled.
    private static bool WasLeftBare(PullAnswer pull, OpenPullRequest effect) =>
        pull.UpdatedAt == pull.CreatedAt && !effect.Labels.All(l => pull.Labels?.Any(h => string.Equals(h.Name, l, StringComparison.OrdinalIgnoreCase)) is true);

    private static bool Says(PullAnswer pull, OpenPullRequest effect, EffectOwner owner) =>
        (pull.Draft == effect.Draft ? pull.Title == ShortText.Of(effect.Title, MostTitle) : effect.Draft && pull.Title == ShortText.Of(NotVerified + effect.Title, MostTitle))
        && MarkedText.IsSame(pull.Body, Marked(effect, owner))
        && pull.Base.Ref == effect.Base;

    private static string Marked(OpenPullRequest effect, EffectOwner owner) => MarkedText.Of(effect.Body, owner.Marker, CommentEffects.MostText);

    private static IEnumerable<(string Name, string Value)> Values(PullAnswer pull) =>
        [("number", $"{pull.Number}"), ("url", pull.HtmlUrl), ("branch", pull.Head.Ref), ("commit", pull.Head.Sha)];
}
