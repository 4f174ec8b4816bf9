using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges;

/// <summary>One forge: its name and its ports. One folder and one registration line each.</summary>
internal interface IForge
{
    /// <summary><c>local</c>, <c>github</c> or <c>gitlab</c>.</summary>
    string Name { get; }

    /// <summary>The forge's host as keys hold it: <c>local</c>, <c>github.com</c>. It never changes for an installation.</summary>
    string Host { get; }

    /// <summary>Questions.</summary>
    IForgeReader Reader { get; }

    /// <summary>Effects.</summary>
    IForgeWriter Writer { get; }

    /// <summary>
    /// The account that we act as, where it is an account like others: what it does is our own echo. Null where the forge says of
    /// everything that we do that a program did it.
    /// </summary>
    /// <exception cref="ForgeException">It cannot be known now.</exception>
    Task<long?> FindSelfAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <summary>Looking for what no delivery tells; null where the forge cannot be asked for it.</summary>
    IForgeWatch? Watch => null;
}

/// <summary>Questions to a forge. Answers are facts of that moment; nothing is guessed: what cannot be known is a <see cref="ForgeException"/>.</summary>
internal interface IForgeReader
{
    /// <summary>
    /// All that a trigger is decided on besides the asker's right, of one moment and with as few requests as the forge allows.
    /// Null where the repository does not exist or may not be seen; an issue or comment that is gone is null in the answer.
    /// </summary>
    Task<TriggerFacts?> ReadTriggerAsync(RepoRef repository, TriggerQuery query, CancellationToken cancellationToken);

    /// <summary>The person's permission on the repository, asked now.</summary>
    Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken);

    /// <summary>True for an account that is a program's and not listed, where events do not say so themselves. Nobody answers it: two programs could talk for ever.</summary>
    Task<bool> IsProgramAsync(ActorId actor, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>The workflow files at a commit of any branch or of a fork's pull request: to be checked, never run.</summary>
    Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken);

    /// <summary>All files at a commit, their contents put into the content store.</summary>
    Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken);

    /// <summary>What is in a commit besides the files that <see cref="ReadTreeAsync"/> reads; right after it this costs no request.</summary>
    Task<IReadOnlyList<LeftAlone>> FindLeftAloneAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken);

    /// <summary>A branch's head and the latest pull request from it whatever its state: what we made there, and what became of it.</summary>
    Task<BranchWork> FindWorkAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken);

    /// <summary>What the rules of the repository say of a branch that we are about to make or to commit on; what may not be read is not guessed: the forge refuses later.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="branch">The branch, which need not be there.</param>
    /// <param name="isThere">True where it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<BranchRules> ReadRulesAsync(RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken);
}

/// <summary>
/// Applies effects. An implementer keeps: a precondition that fails when the thing is there already; no effect is applied
/// twice in one call; nothing is recorded by it. Adoption is decided by the caller, with <see cref="FindAsync"/>.
/// </summary>
internal interface IForgeWriter
{
    /// <summary>
    /// Acts once. <paramref name="there"/> is what an earlier effect of the run or a look-up found under this key (the comment to
    /// edit, the pull request to bring up to date); null makes it anew. Throws <see cref="ForgeException"/> with
    /// <see cref="ForgeFault.Conflict"/> when the precondition failed, <see cref="ForgeFault.Ambiguous"/> when it may have happened.
    /// </summary>
    Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken);

    /// <summary>
    /// Looks the effect up by its natural key. Adopted: it is there, ours and says what it should. Planned: it is there and ours, but
    /// says something else, and can be brought up to date. Refused: a thing of that key is not ours, or a person has ended it. Null: nothing is there.
    /// </summary>
    Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken);

    /// <summary>
    /// Asks, right before a run's first write, what may have changed since it was planned (promise P50), and takes up a new right to
    /// write for the round.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="actor">Whose right is asked for; null for nobody's.</param>
    /// <param name="owner">The run, and what its round writes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<WriteStanding> AskToWriteAsync(RepoRef repository, ActorId? actor, EffectOwner owner, CancellationToken cancellationToken);
}

/// <summary>Who makes an effect: what is compared before something is adopted as ours.</summary>
/// <param name="RunKey">The run key, in trailers and markers.</param>
/// <param name="Marker">The authenticated marker text of the run.</param>
/// <param name="Since">When the run was created: nothing of it is older. Null where that is not known.</param>
/// <param name="Rights">What this round of effects writes, and what the rest of its step will: one token serves it all, and nothing else.</param>
internal sealed record EffectOwner(string RunKey, string Marker, DateTimeOffset? Since = null, ForgeRights Rights = ForgeRights.None);
