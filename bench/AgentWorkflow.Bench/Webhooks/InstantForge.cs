using System.Collections.Concurrent;
using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bench.Webhooks;

/// <summary>A forge that answers everything at once and keeps nothing but the moment of each reaction: what is left is the bot's own time.</summary>
internal sealed class InstantForge : IForge, IForgeReader, IForgeWriter
{
    private const string Head = "0000000000000000000000000000000000000001";
    private const string Workflow = "name: nothing\non: { command: nothing }\npermissions: { issues: write }\nsteps:\n  - { id: a, uses: nothing }\n  - { id: b, uses: nothing, needs: [a] }\n";

    private readonly ConcurrentDictionary<long, TaskCompletionSource<long>> _reactions = [];

    /// <inheritdoc/>
    public string Name => "github";

    /// <inheritdoc/>
    public string Host => "bench";

    /// <inheritdoc/>
    public IForgeReader Reader => this;

    /// <inheritdoc/>
    public IForgeWriter Writer => this;

    /// <summary>When the first reaction to a comment came, in ticks of the stopwatch.</summary>
    public Task<long> ReactedAsync(long comment) => Of(comment).Task;

    /// <inheritdoc/>
    public Task<TriggerFacts?> ReadTriggerAsync(RepoRef repository, TriggerQuery query, CancellationToken cancellationToken)
    {
        ActorId ada = new(40, "ada");
        long number = query.Issue ?? 1;
        return Task.FromResult<TriggerFacts?>(new TriggerFacts(
            new RepositoryFacts(1, repository, "main", CommitId.Parse(Head), "bench", Archived: false),
            new IssueFacts(number, "Bench", "", "bench", ada, IsPullRequest: false),
            query.Comment is { } id ? new CommentFacts(id, ada, IsBot: false, "/nothing", TimeProvider.System.GetUtcNow(), EditedAt: null) : null,
            [],
            [new RepositoryFile(RepoPath.Parse(".agentworkflow/workflows/nothing.yml"), Encoding.UTF8.GetBytes(Workflow))]));
    }

    /// <inheritdoc/>
    public Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken) => Task.FromResult(RepositoryPermission.Write);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RepositoryFile>>([]);

    /// <inheritdoc/>
    public Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => Task.FromResult(WorkspaceTree.Empty);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LeftAlone>> FindLeftAloneAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LeftAlone>>([]);

    /// <inheritdoc/>
    public Task<BranchRules> ReadRulesAsync(RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken) => Task.FromResult(BranchRules.None);

    /// <inheritdoc/>
    public Task<WriteStanding> AskToWriteAsync(RepoRef repository, ActorId? actor, EffectOwner owner, CancellationToken cancellationToken) =>
        Task.FromResult(new WriteStanding(RepositoryPermission.Write, IsArchived: false, RepositoryVisibility.Private));

    /// <inheritdoc/>
    public Task<BranchWork> FindWorkAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken) => Task.FromResult(new BranchWork(null, null));

    /// <inheritdoc/>
    public Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        if (effect is AddReaction reaction)
        {
            Of(reaction.CommentId).TrySetResult(System.Diagnostics.Stopwatch.GetTimestamp());
        }

        return Task.FromResult(Receipts.Applied(effect, ("id", "1")));
    }

    /// <inheritdoc/>
    public Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken) => Task.FromResult<Receipt?>(null);

    private TaskCompletionSource<long> Of(long comment) => _reactions.GetOrAdd(comment, static _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
}
