using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges;

/// <summary>
/// What a forge tells those who look by themselves: how triggers come back that no delivery tells of any more, and how the bot knows
/// of schedules. Asked every few minutes, so an implementer asks for what has changed, not for everything.
/// </summary>
internal interface IForgeWatch
{
    /// <summary>Seconds between two looks where nothing else tells what happens; null where this is for what was missed alone.</summary>
    int? PollSeconds => null;

    /// <summary>The repositories that the bot is installed on and may work in.</summary>
    /// <exception cref="ForgeException">They cannot be known now; what was told so far stands.</exception>
    IAsyncEnumerable<WatchedRepository> ListAsync(CancellationToken cancellationToken);

    /// <summary>The head of the default branch; null where there is no commit.</summary>
    Task<CommitId?> FindHeadAsync(WatchedRepository repository, CancellationToken cancellationToken);

    /// <summary>Who changed a file last, as an account; null where that is nobody whom the forge knows.</summary>
    Task<ActorId?> FindCommitterAsync(RepoRef repository, CommitId commit, RepoPath path, CancellationToken cancellationToken);

    /// <summary>What happened since, in the shape of webhooks: comments, labels that stand on open issues, and a push that was not told of.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="since">Nothing older is looked for.</param>
    /// <param name="labels">The labels that start something.</param>
    /// <param name="push">The heads that a push lies between; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<RepositoryNews> ReadNewsAsync(WatchedRepository repository, DateTimeOffset since, IReadOnlyList<string> labels, PushedHeads? push, CancellationToken cancellationToken);
}

/// <summary>A repository that is watched.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Repository">Its name now.</param>
/// <param name="DefaultBranch">The branch that workflows are read from.</param>
/// <param name="Stamp">Something that is another one after a push; where the forge does not tell of pushes, another one each time.</param>
internal sealed record WatchedRepository(long Id, RepoRef Repository, string DefaultBranch, string Stamp);

/// <summary>A branch moved from here to there.</summary>
internal sealed record PushedHeads(CommitId Before, CommitId After);

/// <summary>What happened.</summary>
/// <param name="Events">The events, oldest first.</param>
/// <param name="Through">Up to when: the next question begins there.</param>
/// <param name="HasMore">True where there may be more after that already.</param>
internal sealed record RepositoryNews(IReadOnlyList<MissedEvent> Events, DateTimeOffset Through, bool HasMore = false)
{
    /// <summary>Nothing happened.</summary>
    public static RepositoryNews None(DateTimeOffset since) => new([], since);
}

/// <summary>An event that a webhook should have told of.</summary>
/// <param name="Id">The same for the same event whenever it is found; at most 90 characters.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Payload">The payload, as far as triggers need it.</param>
internal sealed record MissedEvent(string Id, string Event, byte[] Payload);
