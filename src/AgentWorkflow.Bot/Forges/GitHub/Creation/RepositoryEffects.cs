using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Writing;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Creation;

/// <summary>
/// New repositories. GitHub needs many requests for one, so until the last its description ends in the run's marker: by that a run
/// that died and goes on knows what it left, and goes on there.
/// </summary>
internal sealed class RepositoryEffects(CreatorApp creator, CreationRights rights, RepositorySetup setup, GitHubHttp http)
{
    private const int MostDescription = 350;
    private const int MostNames = 20;

    /// <summary>Makes the repository where its name is free, or finishes the one of ours that is there.</summary>
    public async Task<Receipt> CreateAsync(CreateRepository effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        CreatorAccess access = await creator.OpenAsync(effect.Target.Owner, cancellationToken);
        if (there is null)
        {
            if (await rights.WhyNotAsync(access, effect, cancellationToken) is { } why)
            {
                return Receipts.Refused(effect, why);
            }

            MadeRepository made = await MakeAsync(access, effect, owner, cancellationToken);
            CrashPoint.Here("made:repository");
            there = Receipts.Stale(effect, Values(effect, made));
            return await setup.FinishAsync(access, effect, owner, there, isFresh: true, cancellationToken);
        }

        return await setup.FinishAsync(access, effect, owner, there, isFresh: false, cancellationToken);
    }

    /// <summary>Ours is a repository whose first commit is this run's, or one of which only the marker tells that it is. The latter is to be finished.</summary>
    public async Task<Receipt?> FindAsync(CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        CreatorAccess access = await creator.OpenAsync(effect.Target.Owner, cancellationToken);
        if (await ReadAsync(access, effect.Target, cancellationToken) is not { } there)
        {
            return null;
        }

        List<ListedCommit> history = await BranchHistory.ReadAsync(http, access.Of(effect.Target, writesCi: false), effect.Target, effect.Settings.DefaultBranch, cancellationToken);
        ListedCommit? first = RepositorySetup.FirstOf(history, owner);
        bool isUnfinished = there.Description?.EndsWith(owner.Marker, StringComparison.Ordinal) is true && there.Private == IsPrivate(effect);
        return isUnfinished && (history.Count == 0 || first is not null) ? Receipts.Stale(effect, Values(effect, there))
            : first is not null ? Receipts.Adopted(effect, [.. Values(effect, there), ("commit", first.Sha), ("tree", first.Commit.Tree.Sha)])
            : Receipts.Refused(effect, await TakenAsync(access, effect.Target, cancellationToken));
    }

    private async Task<MadeRepository> MakeAsync(CreatorAccess access, CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        string room = ShortText.Of(effect.Settings.Description, MostDescription - owner.Marker.Length - 1);
        NewRepositoryRequest wanted = new(effect.Target.Name, $"{room} {owner.Marker}".TrimStart(), IsPrivate(effect));
        GitHubRequest request = GitHubRequest.Post($"orgs/{effect.Target.Owner}/repos", wanted, CreationJson.Default.NewRepositoryRequest, $"create {effect.Target}");
        try
        {
            return (await http.SendAsync(access.Organization, request, cancellationToken)).Read(CreationJson.Default.MadeRepository);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Conflict)
        {
            bool isTaken = await ReadAsync(access, effect.Target, cancellationToken) is not null;
            throw new ForgeException(ForgeFault.Conflict, isTaken ? await TakenAsync(access, effect.Target, cancellationToken) : exception.Message, exception);
        }
    }

    // A name that a repository had before leads to it and may be given again.
    private async Task<MadeRepository?> ReadAsync(CreatorAccess access, RepoRef repository, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"repos/{repository}", $"look for {repository}") with { Accepted = [HttpStatusCode.NotFound, HttpStatusCode.MovedPermanently] };
        GitHubAnswer answer = await http.SendAsync(access.Organization, request, cancellationToken);
        return answer.Status is HttpStatusCode.OK ? answer.Read(CreationJson.Default.MadeRepository) : null;
    }

    private async Task<string> TakenAsync(CreatorAccess access, RepoRef target, CancellationToken cancellationToken)
    {
        for (int n = 2; n <= MostNames; n++)
        {
            if (RepoRef.TryParse($"{target}-{n}", out RepoRef? free) && await ReadAsync(access, free, cancellationToken) is null)
            {
                return $"the name '{target}' is taken by another repository; '{free}' is free";
            }
        }

        return $"the name '{target}' is taken by another repository";
    }

    private static bool IsPrivate(CreateRepository effect) => effect.Settings.Visibility is not RepositoryVisibility.Public;

    private static IEnumerable<(string Name, string Value)> Values(CreateRepository effect, MadeRepository made) =>
        [("id", $"{made.Id}"), ("name", effect.Target.ToString()), ("url", made.HtmlUrl)];
}
