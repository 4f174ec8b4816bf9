using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Forges;

/// <summary>How things stand before a run's first write.</summary>
/// <param name="Permission">The right of the person who asked; null where nobody's was asked for.</param>
/// <param name="IsArchived">True where nobody may write any more.</param>
/// <param name="Visibility">Who sees it now.</param>
internal sealed record WriteStanding(RepositoryPermission? Permission, bool IsArchived, RepositoryVisibility Visibility);
