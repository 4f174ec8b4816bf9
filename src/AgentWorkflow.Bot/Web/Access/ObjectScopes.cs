using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Reporting;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>Finds out whose an object is, before anything of it is read for a caller.</summary>
internal sealed class ObjectScopes(RunPages runs, ProjectPages projects, ApiTokens tokens)
{
    /// <summary>The repositories that a caller must be allowed; null where there is no such object.</summary>
    public async Task<RepositoryScope?> FindAsync(ObjectKind kind, string id, CancellationToken cancellationToken) => kind switch
    {
        ObjectKind.Run => await runs.FindScopeAsync(id, cancellationToken),
        ObjectKind.Project => await projects.FindScopeAsync(id, cancellationToken),
        ObjectKind.Token => await tokens.GetAsync(id, cancellationToken) is { } row ? ApiTokens.ScopeOf(row) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind has no objects."),
    };
}
