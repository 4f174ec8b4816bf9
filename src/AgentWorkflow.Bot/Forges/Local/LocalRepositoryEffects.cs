using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>New repositories. One transaction makes row, settings and issues, so there is never half of one.</summary>
internal sealed class LocalRepositoryEffects(IDbContextFactory<BotDb> factory, LocalRepositories repositories, LocalRepositoryMaker maker)
{
    private const int MostNames = 1_000;

    /// <summary>Makes the repository where its name is free.</summary>
    public async Task<Receipt> CreateAsync(CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await LocalRepositories.FindAsync(db, effect.Target, cancellationToken) is null)
        {
            DeleteRemains(effect, owner);
        }

        NewLocalRepository plan = new(effect.Target, effect.Tree, effect.Requester, effect.At)
        {
            Message = effect.Message,
            Settings = effect.Settings,
            Issues = effect.Issues,
            Milestone = effect.Milestone,
        };
        return await maker.TryCreateAsync(plan, cancellationToken) is { Head: { } head } made
            ? Receipts.Applied(effect, Values(effect, made.Id, head))
            : throw new ForgeException(ForgeFault.Conflict, await TakenAsync(db, effect.Target, cancellationToken));
    }

    /// <summary>Ours is a repository whose first commit is this run's.</summary>
    public async Task<Receipt?> FindAsync(CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        return await LocalRepositories.FindAsync(db, effect.Target, cancellationToken) is not { } row ? null
            : FirstCommit(effect, row.DefaultBranch) is { } first && first.RunKey == owner.RunKey ? Receipts.Adopted(effect, Values(effect, row.Id, first.Id))
            : Receipts.Refused(effect, await TakenAsync(db, effect.Target, cancellationToken));
    }

    // A process that died between the folder and the row left a folder that nobody can see: ours by its commit, and made again.
    private void DeleteRemains(CreateRepository effect, EffectOwner owner)
    {
        string path = repositories.PathOf(effect.Target);
        if (Directory.Exists(path) && FirstCommit(effect, effect.Settings.DefaultBranch)?.RunKey == owner.RunKey)
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private CommitFacts? FirstCommit(CreateRepository effect, string branch)
    {
        using BareRepository git = repositories.Open(effect.Target);
        return git.Head(branch) is { } head && git.History(head)[^1] is { Parent: null } first ? first : null;
    }

    private async Task<string> TakenAsync(BotDb db, RepoRef target, CancellationToken cancellationToken)
    {
        for (int n = 2; n <= MostNames; n++)
        {
            if (RepoRef.TryParse($"{target}-{n}", out RepoRef? free) && !Directory.Exists(repositories.PathOf(free)) && await LocalRepositories.FindAsync(db, free, cancellationToken) is null)
            {
                return $"the name '{target}' is taken by another repository; '{free}' is free";
            }
        }

        return $"the name '{target}' is taken by another repository";
    }

    private IEnumerable<(string Name, string Value)> Values(CreateRepository effect, long id, CommitId commit) =>
    [
        ("id", $"{id}"), ("name", effect.Target.ToString()), ("url", repositories.PathOf(effect.Target)), ("path", repositories.PathOf(effect.Target)),
        ("commit", commit.Value), ("tree", repositories.TreeId(effect.Tree).Value),
    ];
}
