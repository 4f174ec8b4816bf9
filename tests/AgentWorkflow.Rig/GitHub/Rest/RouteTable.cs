using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>The operations that the double serves, with the permission that each needs.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, Route> _routes = new(StringComparer.Ordinal);

    public RouteTable()
    {
        AppRoutes.Add(this);
        RepositoryRoutes.Add(this);
        GitRoutes.Add(this);
        RuleRoutes.Add(this);
        IssueRoutes.Add(this);
        CommentRoutes.Add(this);
        PullRoutes.Add(this);
        CheckRoutes.Add(this);
        CreationRoutes.Add(this);
    }

    public IEnumerable<string> Names => _routes.Keys;

    /// <summary>Adds a route.</summary>
    /// <param name="operation">Method and template as in the description.</param>
    /// <param name="needs"><c>app</c>, <c>anyone</c>, <c>installation</c>, or permissions: <c>issues:write|pull_requests:write</c>.</param>
    /// <param name="serve">The work.</param>
    public void Add(string operation, string needs, Func<RestCall, Answer> serve) => _routes.Add(operation, new Route(needs, serve));

    /// <summary>Hands the routes to the door.</summary>
    public ContractDoor<Route> Enter(ContractDoor<Route> door)
    {
        foreach ((string operation, Route route) in _routes)
        {
            door.Add(operation, route);
        }

        return door;
    }

    internal sealed record Route(string Needs, Func<RestCall, Answer> Serve);
}
