using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Holds a REST request against the description, finds its route and completes its answer.</summary>
internal sealed class RestEndpoint(GitHubWorld world, Shapes shapes, ApiContract contract, SchemaFill fill, ForgeJournal journal)
{
    /// <summary>The status of an answer to what no client may ask.</summary>
    public const int Unplanned = 599;

    private readonly RouteTable _routes = new();

    /// <summary>Checks what can be checked without the world, names the operation, and says how to do the work.</summary>
    public Func<Answer> Prepare(HttpContext context, Exchange exchange, string path)
    {
        exchange.Raw = context.Request.Headers.Accept.ToString().Contains("raw", StringComparison.Ordinal);
        exchange.Writes = exchange.Method is not ("GET" or "HEAD");
        path = Renamed(path);
        if (contract.Find(exchange.Method, path) is not { } found)
        {
            exchange.Names.Add($"{exchange.Method} {path}");
            return () => Violation(exchange, "is not in the forge's description");
        }

        (Operation operation, Dictionary<string, string> values) = found;
        exchange.Operation = operation.Name;
        exchange.Names.Add(operation.Name);
        if (_routes.Find(operation.Name) is not { } route)
        {
            return () => Violation(exchange, "is not served by the double");
        }

        IReadOnlyList<string> wrong = contract.CheckRequest(operation, values, context.Request.Query, exchange.Body, exchange.HasBody);
        if (wrong.Count > 0)
        {
            return () => Violation(exchange, string.Join("; ", wrong));
        }

        return () => Serve(exchange, operation, route, values, context.Request.Query);
    }

    private Answer Violation(Exchange exchange, string why)
    {
        journal.Violation($"{exchange.Method} {exchange.Target} ({exchange.Operation}): {why}");
        return Answer.Error(Unplanned, $"The double does not expect this: {why}");
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
        RestCall call = new(world, shapes, operation, values, query, exchange.Body as JsonObject ?? Wrapped(exchange.Body), exchange.Caller) { Raw = exchange.Raw };
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

        Answer answer = Gatekeeper.Refuse(exchange.Caller, route.Needs, repository, exchange.Writes) ?? route.Serve(call);
        return Complete(exchange, operation, answer);
    }

    // Labels may be sent as a bare array.
    private static JsonObject Wrapped(JsonNode? body) => body is JsonArray list ? new JsonObject { ["labels"] = list.DeepClone() } : [];

    private Answer Gone(Exchange exchange, string name)
    {
        if (!world.Moved.TryGetValue(name, out ForgeRepository? moved) || moved.Deleted)
        {
            return Answer.NotFound;
        }

        string rest = exchange.Target[(exchange.Target.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length)..];
        string place = $"{shapes.Api}/repositories/{moved.Id}{rest}";
        Answer answer = Answer.Error(exchange.Writes ? 307 : 301, exchange.Writes ? "Temporary Redirect" : "Moved Permanently");
        ((JsonObject)answer.Body!)["url"] = place;
        return answer with { Headers = new(StringComparer.OrdinalIgnoreCase) { ["Location"] = place } };
    }

    private Answer Complete(Exchange exchange, Operation operation, Answer answer)
    {
        if (answer.Body is null || contract.AnswerSchema(operation, answer.Status) is not { } schema)
        {
            return answer;
        }

        JsonNode? body = fill.Fill(schema, answer.Body);
        List<string> wrong = [];
        contract.Schemas.Check(schema, body, "answer", strict: false, wrong);
        if (wrong.Count > 0)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: the double's own answer does not fit: {string.Join("; ", wrong.Take(5))}");
        }

        return answer with { Body = body };
    }
}
