using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Creation;

/// <summary>A forge as a place for new repositories.</summary>
internal interface IRepositoryPlaces
{
    /// <summary>What we may do under an owner.</summary>
    /// <exception cref="ForgeException">Denied: nothing; the message says what to do.</exception>
    Task<IRepositoryPlace> OpenAsync(string owner, CancellationToken cancellationToken);
}

/// <summary>An organization or a group in which we may make repositories.</summary>
internal interface IRepositoryPlace
{
    /// <summary>Why the forge would not let the person who asks make this repository, in words without a full stop; null where it would. Not to know is a no.</summary>
    Task<string?> WhyNotAsync(CreateRepository effect, CancellationToken cancellationToken);

    /// <summary>Makes it empty, with this description. Conflict where the name is taken or is not one.</summary>
    Task<FoundRepository> CreateAsync(CreateRepository effect, string description, CancellationToken cancellationToken);

    /// <summary>The repository of that name, or null.</summary>
    Task<FoundRepository?> FindAsync(RepoRef repository, CancellationToken cancellationToken);

    /// <summary>The repository as what is to be set up.</summary>
    IRepositorySite Of(CreateRepository effect);
}

/// <summary>One new repository while it is set up. What is done twice does no harm, but for issues.</summary>
internal interface IRepositorySite
{
    /// <summary>The commits of the default branch, the newest first; empty where there are none.</summary>
    Task<IReadOnlyList<SiteCommit>> ReadHistoryAsync(CancellationToken cancellationToken);

    /// <summary>Pushes the first commit.</summary>
    Task<CommitId> PushAsync(CancellationToken cancellationToken);

    /// <summary>Protection of the default branch, topics and labels.</summary>
    Task ConfigureAsync(CancellationToken cancellationToken);

    /// <summary>The titles of the issues that the bot's account has opened, in their order.</summary>
    Task<IReadOnlyList<string>> ReadIssuesAsync(CancellationToken cancellationToken);

    /// <summary>Opens the milestone, or finds it where it may be there; gives back what issues name it by.</summary>
    Task<long> OpenMilestoneAsync(string title, bool mayBeThere, CancellationToken cancellationToken);

    /// <summary>Opens an issue.</summary>
    Task OpenIssueAsync(NewIssue issue, long? milestone, CancellationToken cancellationToken);

    /// <summary>Sets the description and the default branch for good.</summary>
    Task FinishAsync(CancellationToken cancellationToken);

    /// <summary>Takes the repository away.</summary>
    Task DeleteAsync(CancellationToken cancellationToken);
}

/// <summary>A repository that is there.</summary>
internal sealed record FoundRepository(long Id, string Url, string Description, RepositoryVisibility Visibility);

/// <summary>A commit on a new repository's default branch.</summary>
internal sealed record SiteCommit(string Id, bool IsFirst, string Message);
