using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Finds the repository and the route of a REST request that fits the description.</summary>
internal sealed class RestEndpoint(GitHubWorld world, Shapes shapes, ApiContract contract, SchemaFill fill, ForgeJournal journal)
{
    private readonly ContractDoor<RouteTable.Route> _door = new RouteTable().Enter(new(contract, journal, Refusal.Error, fill));

    /// <inheritdoc cref="IDialect.Prepare"/>
    public Func<Answer> Prepare(HttpContext context, Exchange exchange, string path)
    {
        exchange.Raw = context.Request.Headers.Accept.ToString().Contains("raw", StringComparison.Ordinal);
        return _door.Prepare(context, exchange, Renamed(path), (operation, route, values) => Serve(exchange, operation, route, values, context.Request.Query));
    }

    private string Renamed(string path)
    {
        string[] parts = path.Split('/', 4);
        return parts is ["", "repositories", var id, ..] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && world.Repositories.Find(r => r.Id == number && !r.Deleted) is { } repository
            ? $"/repos/{repository.FullName}{(parts.Length > 3 ? "/" + parts[3] : "")}"
            : path;
    }

    private Answer Serve(Exchange exchange, Operation operation, RouteTable.Route route, Dictionary<string, string> values, IQueryCollection query)
    {
        Caller caller = exchange.Caller as Caller ?? Caller.Anonymous;
        RestCall call = new(world, shapes, operation, values, query, exchange.Body as JsonObject ?? Wrapped(exchange.Body), caller) { Raw = exchange.Raw };
        ForgeRepository? repository = null;
        if (values.TryGetValue("owner", out string? owner) && values.TryGetValue("repo", out string? name))
        {
            repository = world.Find($"{owner}/{name}");
            if (repository is null)
            {
                return Gone(exchange, $"{owner}/{name}");
            }

            call = call with { Repository = repository };
        }

        return Gatekeeper.Refuse(caller, route.Needs, repository, exchange.Writes) ?? route.Serve(call);
    }

    // Labels may be sent as a bare array.
    private static JsonObject Wrapped(JsonNode? body) => body is JsonArray list ? new JsonObject { ["labels"] = list.DeepClone() } : [];

    private Answer Gone(Exchange exchange, string name)
    {
        if (!world.Moved.TryGetValue(name, out ForgeRepository? moved) || moved.Deleted)
        {
            return Refusal.NotFound;
        }

        string rest = exchange.Target[(exchange.Target.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length)..];
        string place = $"{shapes.Api}/repositories/{moved.Id}{rest}";
        Answer answer = Refusal.Error(exchange.Writes ? 307 : 301, exchange.Writes ? "Temporary Redirect" : "Moved Permanently");
        ((JsonObject)answer.Body!)["url"] = place;
        return answer with { Headers = new(StringComparer.OrdinalIgnoreCase) { ["Location"] = place } };
    }
}
