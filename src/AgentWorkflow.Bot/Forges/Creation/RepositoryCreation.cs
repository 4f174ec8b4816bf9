using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Creation;

/// <summary>
/// New repositories over HTTP. A forge needs many requests for one, so until the last its description ends in the run's marker: by
/// that a run that died and goes on knows what it left, and goes on there. What is refused for good takes the repository away again.
/// </summary>
internal sealed class RepositoryCreation(IRepositoryPlaces places, GitPush push)
{
    private const int MostDescription = 350;
    private const int MostNames = 20;

    /// <summary>Makes the repository where its name is free, or finishes the one of ours that is there.</summary>
    public async Task<Receipt> CreateAsync(CreateRepository effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        IRepositoryPlace place = await places.OpenAsync(effect.Target.Owner, cancellationToken);
        if (there is not null)
        {
            return await FinishAsync(place.Of(effect), effect, owner, there, isFresh: false, cancellationToken);
        }

        if (await place.WhyNotAsync(effect, cancellationToken) is { } why)
        {
            return Receipts.Refused(effect, why);
        }

        FoundRepository made = await MakeAsync(place, effect, owner, cancellationToken);
        CrashPoint.Here("made:repository");
        return await FinishAsync(place.Of(effect), effect, owner, Receipts.Stale(effect, Values(effect, made)), isFresh: true, cancellationToken);
    }

    /// <summary>Ours is a repository whose first commit is this run's, or one of which only the marker tells that it is. The latter is to be finished.</summary>
    public async Task<Receipt?> FindAsync(CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        IRepositoryPlace place = await places.OpenAsync(effect.Target.Owner, cancellationToken);
        if (await place.FindAsync(effect.Target, cancellationToken) is not { } there)
        {
            return null;
        }

        IReadOnlyList<SiteCommit> history = await place.Of(effect).ReadHistoryAsync(cancellationToken);
        string? first = FirstOf(history, owner);
        bool isUnfinished = there.Description.EndsWith(owner.Marker, StringComparison.Ordinal) && there.Visibility == effect.Settings.Visibility;
        return isUnfinished && (history.Count == 0 || first is not null) ? Receipts.Stale(effect, Values(effect, there))
            : first is not null ? Receipts.Adopted(effect, [.. Values(effect, there), .. CommitOf(effect, first)])
            : Receipts.Refused(effect, await TakenAsync(place, effect.Target, cancellationToken));
    }

    private static async Task<FoundRepository> MakeAsync(IRepositoryPlace place, CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            string start = ShortText.Of(effect.Settings.Description, MostDescription - owner.Marker.Length - 1);
            return await place.CreateAsync(effect, $"{start} {owner.Marker}".TrimStart(), cancellationToken);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Conflict)
        {
            bool isTaken = await place.FindAsync(effect.Target, cancellationToken) is not null;
            throw new ForgeException(ForgeFault.Conflict, isTaken ? await TakenAsync(place, effect.Target, cancellationToken) : exception.Message, exception);
        }
    }

    private async Task<Receipt> FinishAsync(IRepositorySite site, CreateRepository effect, EffectOwner owner, Receipt there, bool isFresh, CancellationToken cancellationToken)
    {
        try
        {
            string commit = (isFresh ? null : FirstOf(await site.ReadHistoryAsync(cancellationToken), owner)) ?? (await site.PushAsync(cancellationToken)).Value;
            CrashPoint.Here("pushed:repository");
            await site.ConfigureAsync(cancellationToken);
            await FillAsync(site, effect, isFresh, cancellationToken);
            CrashPoint.Here("filled:repository");
            await site.FinishAsync(cancellationToken);
            return Receipts.Applied(effect, [.. there.Values.Select(v => (v.Key, v.Value)), .. CommitOf(effect, commit)]);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Denied or ForgeFault.NotFound or ForgeFault.Conflict)
        {
            return Receipts.Refused(effect, $"{exception.Message.TrimEnd('.')}; {await TakeAwayAsync(site, effect, owner, cancellationToken)}");
        }
    }

    // Issues are made one after the other, so the first so many of them are there.
    private static async Task FillAsync(IRepositorySite site, CreateRepository effect, bool isFresh, CancellationToken cancellationToken)
    {
        if (effect.Issues.Count == 0)
        {
            return;
        }

        int done = 0;
        foreach (string title in isFresh ? [] : await site.ReadIssuesAsync(cancellationToken))
        {
            done += done < effect.Issues.Count && title == effect.Issues[done].Title ? 1 : 0;
        }

        long? milestone = effect.Milestone is { } name ? await site.OpenMilestoneAsync(name, mayBeThere: !isFresh, cancellationToken) : null;
        foreach (NewIssue issue in effect.Issues.Skip(done))
        {
            await site.OpenIssueAsync(issue, milestone, cancellationToken);
            CrashPoint.Here("issue:repository");
        }
    }

    // Only while nobody has put anything of their own into it.
    private static async Task<string> TakeAwayAsync(IRepositorySite site, CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<SiteCommit> history = await site.ReadHistoryAsync(cancellationToken);
            if (history.Count > 1 || (history.Count == 1 && FirstOf(history, owner) is null))
            {
                return $"'{effect.Target}' is half made and stays, since others have committed to it";
            }

            await site.DeleteAsync(cancellationToken);
            return $"nothing is left of '{effect.Target}'";
        }
        catch (ForgeException exception)
        {
            return $"'{effect.Target}' is half made and could not be taken away again, so delete it by hand ({exception.Message.TrimEnd('.')})";
        }
    }

    private static async Task<string> TakenAsync(IRepositoryPlace place, RepoRef target, CancellationToken cancellationToken)
    {
        for (int n = 2; n <= MostNames; n++)
        {
            if (RepoRef.TryParse($"{target}-{n}", out RepoRef? free) && await place.FindAsync(free, cancellationToken) is null)
            {
                return $"the name '{target}' is taken by another repository; '{free}' is free";
            }
        }

        return $"the name '{target}' is taken by another repository";
    }

    private static string? FirstOf(IReadOnlyList<SiteCommit> history, EffectOwner owner) =>
        history is [.., { IsFirst: true } first] && RunTrailer.In(first.Message) == owner.RunKey ? first.Id : null;

    private static (string Name, string Value)[] Values(CreateRepository effect, FoundRepository found) =>
        [("id", $"{found.Id}"), ("name", effect.Target.ToString()), ("url", found.Url)];

    private (string Name, string Value)[] CommitOf(CreateRepository effect, string commit) => [("commit", commit), ("tree", push.TreeOf(effect.Tree).Value)];
}
