using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Journal;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Finds the project and the route of a REST request that fits the description.</summary>
internal sealed class RestEndpoint(GitLabWorld world, Shapes shapes, ApiContract contract, ForgeJournal journal)
{
    private const string OfProject = "/api/v4/projects/{id}";
    private readonly ContractDoor<Route> _door = Routes.Enter(new ContractDoor<Route>(contract, journal, Refusal.Error, fill: null));

    /// <inheritdoc cref="IDialect.Prepare"/>
    public Func<Answer> Prepare(HttpContext context, Exchange exchange) =>
        _door.Prepare(context, exchange, exchange.Target.Split('?')[0], (operation, route, values) => Serve(exchange, operation, route, values, context.Request.Query));

    private Answer Serve(Exchange exchange, Operation operation, Route route, Dictionary<string, string> values, IQueryCollection query)
    {
        Caller caller = exchange.Caller as Caller ?? Caller.Anonymous;
        RestCall call = new(world, shapes, operation, values, query, exchange.Body as JsonObject ?? [], caller);
        Project? project = null;
        if (operation.Template.StartsWith(OfProject, StringComparison.Ordinal))
        {
            project = world.FindProject(values["id"]);
            if (project is null)
            {
                return Refusal.NotFound("Project");
            }

            call = call with { Project = project };
        }

        return Gatekeeper.Refuse(caller, route.Needs, project, exchange.Writes) ?? route.Serve(call);
    }
}

/// <summary>An operation that the double serves.</summary>
internal sealed record Route(Need Needs, Func<RestCall, Answer> Serve);

/// <summary>All operations that the double serves.</summary>
internal static class Routes
{
    /// <summary>Hands them to the door.</summary>
    public static ContractDoor<Route> Enter(ContractDoor<Route> door)
    {
        void Add(string operation, Need needs, Func<RestCall, Answer> serve)
        {
            string[] parts = operation.Split(' ');
            door.Add($"{parts[0]} /api/v4{parts[1]}", new Route(needs, serve));
        }

        InstanceRoutes.Add(Add);
        ProjectRoutes.Add(Add);
        RepositoryRoutes.Add(Add);
        CommitRoutes.Add(Add);
        IssueRoutes.Add(Add);
        NoteRoutes.Add(Add);
        MergeRoutes.Add(Add);
        HookRoutes.Add(Add);
        EventRoutes.Add(Add);
        return door;
    }
}
