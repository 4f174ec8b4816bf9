using System.Text.Json;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>A run as far as others need to know of it.</summary>
internal sealed record RunSight(string Id, long? Issue, BranchName Branch, int Generation);

/// <summary>Finds runs by what they belong to, without holding them.</summary>
internal sealed class RunIndex(IDbContextFactory<BotDb> databases)
{
    /// <summary>The run of a key, or null.</summary>
    public async Task<RunSight?> FindByKeyAsync(string key, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await FirstAsync(db.Set<RunRow>().Where(r => r.Key == key), cancellationToken);
    }

    /// <summary>The newest run of a branch, or null.</summary>
    public async Task<RunSight?> FindByBranchAsync(string forge, RepoRef repository, string branch, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string name = repository.ToString();
        return await FirstAsync(db.Set<RunRow>().Where(r => r.Forge == forge && r.Repository == name && r.Branch == branch), cancellationToken);
    }

    /// <summary>The newest run of an issue on a branch that begins so, or null: its branch and generation are those of the issue.</summary>
    public async Task<RunSight?> FindByIssueAsync(string forge, RepoRef repository, long issue, string branchStart, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string name = repository.ToString();
        return await FirstAsync(db.Set<RunRow>().Where(r => r.Forge == forge && r.Repository == name && r.Issue == issue && r.Branch.StartsWith(branchStart)), cancellationToken);
    }

    /// <summary>The runs of a repository that are not over.</summary>
    public async Task<IReadOnlyList<string>> FindActiveAsync(string forge, RepoRef repository, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string name = repository.ToString();
        return await db.Set<RunRow>().Where(r => r.Forge == forge && r.Repository == name && r.FinishedAt == null).Select(r => r.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Whether a run of the branch made the commit; null where no run of it recorded any, as after a restore.</summary>
    public async Task<bool?> MadeAsync(string forge, RepoRef repository, BranchName branch, CommitId commit, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string name = repository.ToString();
        List<string> receipts = await db.Set<RunRow>().Where(r => r.Forge == forge && r.Repository == name && r.Branch == branch.Value)
            .Join(db.Set<RunEffectRow>().Where(e => e.Kind == "commit" && e.Receipt != null), r => r.Id, e => e.RunId, (_, e) => e.Receipt ?? "")
            .ToListAsync(cancellationToken);
        return receipts.Count == 0 ? null : receipts.Exists(r => JsonSerializer.Deserialize<Receipt>(r, StateJson.Options)?["commit"] == commit.Value);
    }

    private static async Task<RunSight?> FirstAsync(IQueryable<RunRow> runs, CancellationToken cancellationToken) =>
        await runs.AsNoTracking().OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id)
            .Select(r => new { r.Id, r.Issue, r.Branch, r.Generation }).FirstOrDefaultAsync(cancellationToken) is { } row
            ? new RunSight(row.Id, row.Issue, BranchName.Parse(row.Branch), row.Generation)
            : null;
}
