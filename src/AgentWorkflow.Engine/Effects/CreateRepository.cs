using System.Text.Json.Serialization;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Effects;

/// <summary>
/// Creates the repository <paramref name="Target"/> on the forge <paramref name="Forge"/>, which need not be the run's, with its configuration, one
/// first commit of <paramref name="Tree"/> and its issues. The precondition is that the name is free. Ours is a repository whose first
/// commit carries the run's trailer; until that commit is there, one whose description ends in the run's marker. A forge that needs several
/// requests applies what is missing when it is called again with what it found.
/// </summary>
/// <param name="Key">Names the forge and the repository.</param>
/// <param name="Forge">The forge's name.</param>
/// <param name="Target">The repository's owner and name.</param>
/// <param name="Settings">Its configuration.</param>
/// <param name="Tree">The files of the first commit; at least one.</param>
/// <param name="Message">The first commit's message, with the run's trailer.</param>
/// <param name="At">The first commit's time.</param>
/// <param name="Issues">The issues it starts with, in this order; they get the numbers from 1 where the forge counts so.</param>
/// <param name="Milestone">The milestone of these issues; null for none.</param>
/// <param name="Requester">Who asked: the forge must let this person create there.</param>
public sealed record CreateRepository(
    EffectKey Key,
    string Forge,
    RepoRef Target,
    RepositorySettings Settings,
    WorkspaceTree Tree,
    string Message,
    DateTimeOffset At,
    IReadOnlyList<NewIssue> Issues,
    string? Milestone,
    ActorId Requester) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "repository";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>How a new repository is configured.</summary>
public sealed record RepositorySettings
{
    /// <summary>One line; empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Who may see it.</summary>
    public RepositoryVisibility Visibility { get; init; }

    /// <summary>The default branch's name.</summary>
    public string DefaultBranch { get; init; } = "main";

    /// <summary>Topics in lower case.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Labels that issues can have.</summary>
    public IReadOnlyList<RepositoryLabel> Labels { get; init; } = [];

    /// <summary>True where the default branch takes changes through pull requests alone, and is neither rewritten nor deleted.</summary>
    public bool Protect { get; init; }

    /// <summary>How many people must approve a change to a protected branch.</summary>
    public int Reviews { get; init; }
}

/// <summary>Who may see a repository, from few to all.</summary>
public enum RepositoryVisibility
{
    /// <summary>Those who were let in.</summary>
    Private,

    /// <summary>All who have an account there.</summary>
    Internal,

    /// <summary>Everybody.</summary>
    Public,
}

/// <summary>A label of a repository.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Color">Six hexadecimal digits.</param>
/// <param name="Description">One line; empty for none.</param>
public sealed record RepositoryLabel(string Name, string Color, string Description = "");

/// <summary>An issue that a repository starts with.</summary>
/// <param name="Title">One line.</param>
/// <param name="Body">Markdown, inert.</param>
/// <param name="Labels">Names of the repository's labels.</param>
public sealed record NewIssue(string Title, string Body, IReadOnlyList<string> Labels);
