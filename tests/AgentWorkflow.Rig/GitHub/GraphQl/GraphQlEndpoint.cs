using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;
using AgentWorkflow.Rig.Serving;

using GraphQL;
using GraphQL.Execution;
using GraphQL.SystemTextJson;
using GraphQL.Validation;

using GraphQLParser;
using GraphQLParser.AST;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary>Holds a GraphQL document against the schema, executes it over the world and words errors as the forge does.</summary>
internal sealed class GraphQlEndpoint(GitHubWorld world, Shapes shapes, ForgeJournal journal)
{
    private static readonly GraphQLSerializer Serializer = new();
    private static readonly IValidationRule[] Rules = [.. DocumentValidator.CoreRules, new VariableTypes()];
    private readonly DocumentExecuter _executer = new();

    /// <summary>Names the operation and says how to do the work.</summary>
    public Func<Answer> Prepare(Exchange exchange)
    {
        exchange.Names.Add("POST /graphql");
        exchange.Operation = "graphql";
        if (exchange.Method != "POST" || exchange.Body is not JsonObject body || body["query"]?.GetValueKind() != JsonValueKind.String)
        {
            return () => Violation(exchange, "a GraphQL request is a POST of { query, variables }");
        }

        string text = body["query"]!.GetValue<string>();
        string? name = body["operationName"]?.GetValue<string>();
        GraphQLDocument document;
        try
        {
            document = Parser.Parse(text);
        }
        catch (GraphQLParser.Exceptions.GraphQLSyntaxErrorException e)
        {
            return () => Violation(exchange, e.Message);
        }

        if (document.Definitions.OfType<GraphQLOperationDefinition>().FirstOrDefault(o => name is null || o.Name?.StringValue == name) is not { } operation)
        {
            return () => Violation(exchange, $"the document has no operation {name}");
        }

        exchange.Writes = operation.Operation == OperationType.Mutation;
        List<string> fields = [.. operation.SelectionSet.Selections.OfType<GraphQLField>().Select(f => f.Name.StringValue)];
        exchange.Names.AddRange(fields.Select(f => "graphql:" + f));
        exchange.Operation = "graphql:" + string.Join('+', fields);
        JsonNode? variables = body["variables"]?.DeepClone();

        // The first use makes the schema, which takes a second: not while the double's lock is held.
        _ = GitHubSchema.Schema;
        return () => Serve(exchange, text, name, variables);
    }

    private Answer Violation(Exchange exchange, string why)
    {
        journal.Violation($"{exchange.Operation}: {why}");
        return Refusal.Error(ApiPipeline.Unplanned, $"The double does not expect this: {why}");
    }

    private Answer Serve(Exchange exchange, string text, string? name, JsonNode? variables)
    {
        if (exchange.Caller is not Caller { Token: not null } caller)
        {
            return Refusal.Error(401, "This endpoint requires you to be authenticated.");
        }

        GraphRoot root = new(world, shapes, caller);
        // Resolvers are plain functions, so this ends before it returns; the caller holds the lock.
        ExecutionResult result = _executer.ExecuteAsync(options =>
        {
            options.Schema = GitHubSchema.Schema;
            options.Query = text;
            options.ValidationRules = Rules;
            options.OperationName = name;
            options.Root = exchange.Writes ? root.Mutation() : root.Query();
            options.Variables = Serializer.Deserialize<Inputs>(variables?.ToJsonString() ?? "{}");
            options.ThrowOnUnhandledException = false;
        }).GetAwaiter().GetResult();
        List<ExecutionError> errors = [.. result.Errors ?? []];
        if (errors.OfType<ValidationError>().Any() || errors.Exists(e => e is RequestError || e.InnerException is GraphRefusal { Type: "NOT_SERVED" } or not (GraphRefusal or null)))
        {
            return Violation(exchange, string.Join("; ", errors.Select(e => e.InnerException?.Message ?? e.Message)));
        }

        JsonObject answer = JsonNode.Parse(Serializer.Serialize(result))?.AsObject() ?? [];
        JsonObject reply = new() { ["data"] = answer["data"]?.DeepClone() };
        if (errors.Count > 0)
        {
            reply["errors"] = new JsonArray([.. errors.Select(Worded)]);
        }

        return Answer.Ok(reply);
    }

    private static JsonObject Worded(ExecutionError error) => new()
    {
        ["type"] = (error.InnerException as GraphRefusal)?.Type ?? "UNPROCESSABLE",
        ["path"] = new JsonArray([.. (error.Path ?? []).Select(p => JsonValue.Create(p.ToString()))]),
        ["locations"] = new JsonArray([.. (error.Locations ?? []).Select(l => new JsonObject { ["line"] = l.Line, ["column"] = l.Column })]),
        ["message"] = error.InnerException?.Message ?? error.Message,
    };
}
