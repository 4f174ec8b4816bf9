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
        NewLocalRepository plan = new(effect.Target, effect.Tree, effect.Requester, effect.At)
        {
            Message = effect.Message,
            Settings = effect.Settings,
            Issues = effect.Issues,
            Milestone = effect.Milestone,
            RunKey = owner.RunKey,
        };
        return await maker.TryCreateAsync(plan, cancellationToken) is { Head: { } head } made
            ? Receipts.Applied(effect, Values(effect, made.Id, head))
            : throw new ForgeException(ForgeFault.Conflict, await TakenAsync(effect.Target, cancellationToken));
    }

    /// <summary>Ours is a repository whose first commit is this run's.</summary>
    public async Task<Receipt?> FindAsync(CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        return await LocalRepositories.FindAsync(db, effect.Target, cancellationToken) is not { } row ? null
            : repositories.FirstCommit(effect.Target, row.DefaultBranch) is { } first && first.RunKey == owner.RunKey ? Receipts.Adopted(effect, Values(effect, row.Id, first.Id))
            : Receipts.Refused(effect, await TakenAsync(effect.Target, cancellationToken));
    }

    private async Task<string> TakenAsync(RepoRef target, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
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
