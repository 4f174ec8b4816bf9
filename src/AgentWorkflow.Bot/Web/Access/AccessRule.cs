namespace AgentWorkflow.Bot.Web.Access;

/// <summary>What an object of a route is, whose repository decides who may see it.</summary>
internal enum ObjectKind
{
    /// <summary>None: the route is about no single object, or its handler asks.</summary>
    None,

    /// <summary>The run <c>{id}</c>.</summary>
    Run,

    /// <summary>The project <c>{id}</c>.</summary>
    Project,

    /// <summary>The token <c>{id}</c>.</summary>
    Token,
}

/// <summary>Who may use a route. Every route has one, or allows everybody in so many words; without either it is closed.</summary>
/// <param name="Role">What a caller must be at least.</param>
/// <param name="Kind">What <c>{id}</c> is; it must belong to a repository that the caller may see.</param>
internal sealed record AccessRule(Role Role, ObjectKind Kind = ObjectKind.None);
