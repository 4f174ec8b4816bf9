using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Serving;

/// <summary>Where requests are held against the forge's description before any work, and answers after it.</summary>
/// <param name="contract">The description.</param>
/// <param name="journal">Where what does not fit is noted.</param>
/// <param name="error">A refusal in the forge's words.</param>
/// <param name="fill">Completes answers; null where the description says nothing of what must be there, and then an answer may not have members that it does not know.</param>
/// <typeparam name="TRoute">What the forge keeps of each operation that its double serves.</typeparam>
internal sealed class ContractDoor<TRoute>(ApiContract contract, ForgeJournal journal, Func<int, string, Answer> error, SchemaFill? fill)
    where TRoute : class
{
    private readonly Dictionary<string, TRoute> _routes = new(StringComparer.Ordinal);

    /// <summary>The operations that are served.</summary>
    public IEnumerable<string> Names => _routes.Keys;

    /// <summary>Adds a route by its operation: method and template as in the description.</summary>
    public void Add(string operation, TRoute route) => _routes.Add(operation, route);

    /// <summary>Checks what can be checked without the world, names the operation, and says how to do the work.</summary>
    public Func<Answer> Prepare(HttpContext context, Exchange exchange, string path, Func<Operation, TRoute, Dictionary<string, string>, Answer> serve)
    {
        exchange.Writes = exchange.Method is not ("GET" or "HEAD");
        if (contract.Find(exchange.Method, path) is not { } found)
        {
            exchange.Names.Add($"{exchange.Method} {path}");
            return () => Violation(exchange, "is not in the forge's description");
        }

        (Operation operation, Dictionary<string, string> values) = found;
        exchange.Operation = operation.Name;
        exchange.Names.Add(operation.Name);
        if (!_routes.TryGetValue(operation.Name, out TRoute? route))
        {
            return () => Violation(exchange, "is not served by the double");
        }

        IReadOnlyList<string> wrong = contract.CheckRequest(operation, values, context.Request.Query, exchange.Body, exchange.HasBody);
        return wrong.Count > 0 ? () => Violation(exchange, string.Join("; ", wrong)) : () => Complete(exchange, operation, serve(operation, route, values));
    }

    private Answer Violation(Exchange exchange, string why)
    {
        journal.Violation($"{exchange.Method} {exchange.Target} ({exchange.Operation}): {why}");
        return error(ApiPipeline.Unplanned, $"The double does not expect this: {why}");
    }

    private Answer Complete(Exchange exchange, Operation operation, Answer answer)
    {
        if (answer.Body is null || contract.AnswerSchema(operation, answer.Status) is not { } schema)
        {
            return answer;
        }

        JsonNode? body = fill is null ? answer.Body : fill.Fill(schema, answer.Body);
        List<string> wrong = [];
        contract.Schemas.Check(schema, body, "answer", strict: fill is null, wrong);
        if (wrong.Count > 0)
        {
            journal.Violation($"{exchange.Method} {exchange.Target}: the double's own answer does not fit: {string.Join("; ", wrong.Take(5))}");
        }

        return answer with { Body = body };
    }
}
