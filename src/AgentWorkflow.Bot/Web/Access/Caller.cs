using AgentWorkflow.Bot.Guards;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>Who makes a request.</summary>
/// <param name="Id">The token's id; <c>local</c> for the machine's own.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">The repositories it may do it with.</param>
internal sealed record Caller(string Id, string Name, Role Role, RepositoryScope Scope)
{
    /// <summary>Whoever can read the data directory.</summary>
    public static Caller Local { get; } = new("local", "local", Role.Admin, RepositoryScope.Everything);

    /// <summary>The caller of a request that passed the gate.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request did not pass the gate.");

    /// <summary>True where the repository may be seen.</summary>
    public bool Sees(string forge, string repository) => Scope.Covers(RepositoryScope.Of(forge, repository));
}
