using System.Collections.Concurrent;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>The Local forge behind a line that a test can cut: before, after or instead of what is asked.</summary>
internal sealed class FaultyForge(LocalForge forge) : IForge, IForgeWriter
{
    /// <summary>The keys of effects that were really applied, each time.</summary>
    public ConcurrentQueue<string> Applied { get; } = [];

    /// <summary>Called before the work.</summary>
    public Func<Effect, Task>? Before { get; set; }

    /// <summary>Called after the work, before the answer.</summary>
    public Func<Effect, Task>? After { get; set; }

    /// <summary>Called before an effect is looked up.</summary>
    public Func<Effect, Task>? Finding { get; set; }

    public string Name => forge.Name;

    public string Host => forge.Host;

    /// <summary>Answers a question for a person's right; null asks the forge itself.</summary>
    public Func<ActorId, RepositoryPermission>? Right { get; set; }

    /// <summary>Called before a right is asked for.</summary>
    public Func<RepoRef, Task>? Asking { get; set; }

    /// <summary>Changes how things stand before the first write; null leaves them.</summary>
    public Func<WriteStanding, WriteStanding>? Standing { get; set; }

    /// <summary>What the rules of the repository say.</summary>
    public BranchRules Rules { get; set; } = BranchRules.None;

    /// <summary>How often a right was asked for.</summary>
    public int RightsAsked { get; private set; }

    public IForgeReader Reader => new FaultyReader(this, forge.Reader);

    public IForgeWriter Writer => this;

    public IForgeWatch Watch => forge.Watch;

    public async Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        await (Before?.Invoke(effect) ?? Task.CompletedTask);
        Receipt receipt = await forge.Writer.ApplyAsync(repository, effect, owner, there, cancellationToken);
        Applied.Enqueue(effect.Key.Value);
        await (After?.Invoke(effect) ?? Task.CompletedTask);
        return receipt;
    }

    public async Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await (Finding?.Invoke(effect) ?? Task.CompletedTask);
        return await forge.Writer.FindAsync(repository, effect, owner, cancellationToken);
    }

    public async Task<WriteStanding> AskToWriteAsync(RepoRef repository, ActorId? actor, EffectOwner owner, CancellationToken cancellationToken)
    {
        WriteStanding standing = await forge.Writer.AskToWriteAsync(repository, actor, owner, cancellationToken);
        return Standing?.Invoke(standing) ?? standing;
    }

    private sealed class FaultyReader(FaultyForge faulty, IForgeReader reader) : IForgeReader
    {
        public Task<TriggerFacts?> ReadTriggerAsync(RepoRef repository, TriggerQuery query, CancellationToken cancellationToken) => reader.ReadTriggerAsync(repository, query, cancellationToken);

        public async Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken)
        {
            faulty.RightsAsked++;
            await (faulty.Asking?.Invoke(repository) ?? Task.CompletedTask);
            return await (faulty.Right is { } right ? Task.FromResult(right(actor)) : reader.GetPermissionAsync(repository, actor, cancellationToken));
        }

        public Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => reader.ReadWorkflowFilesAsync(repository, commit, cancellationToken);

        public Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => reader.ReadTreeAsync(repository, commit, cancellationToken);

        public Task<BranchWork> FindWorkAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken) => reader.FindWorkAsync(repository, branch, cancellationToken);

        public Task<IReadOnlyList<LeftAlone>> FindLeftAloneAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => reader.FindLeftAloneAsync(repository, commit, cancellationToken);

        public Task<BranchRules> ReadRulesAsync(RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken) => Task.FromResult(faulty.Rules);
    }
}
