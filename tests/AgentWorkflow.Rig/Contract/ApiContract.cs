using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Contract;

/// <summary>An OpenAPI 3.0 description that requests and answers are held against.</summary>
internal sealed class ApiContract
{
    private static readonly Dictionary<string, ApiContract> Known = [];
    private readonly List<Operation> _operations = [];

    private ApiContract(JsonElement root)
    {
        Schemas = new SchemaBook(root);
        foreach (JsonProperty path in root.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty method in path.Value.EnumerateObject().Where(m => m.Name is "get" or "post" or "put" or "patch" or "delete" or "head"))
            {
                _operations.Add(new Operation(method.Name.ToUpperInvariant(), path.Name, method.Value));
            }
        }

        _operations.Sort((a, b) => b.Weight - a.Weight);
    }

    /// <summary>The schemas.</summary>
    public SchemaBook Schemas { get; }

    /// <summary>Every operation's name.</summary>
    public IEnumerable<string> Names => _operations.Select(o => o.Name);

    /// <summary>Reads a description once a process.</summary>
    /// <param name="file">An OpenAPI 3 document, or with a supplement a Swagger 2 one.</param>
    /// <param name="supplement">What the description lacks, in its own format (and has wrong, see <see cref="SwaggerTwo"/>), or null.</param>
    public static ApiContract Load(string file, string? supplement = null)
    {
        lock (Known)
        {
            if (!Known.TryGetValue(file, out ApiContract? contract))
            {
                byte[] bytes = File.ReadAllBytes(file);
                contract = new ApiContract(supplement is null
                    ? JsonDocument.Parse(bytes).RootElement
                    : JsonSerializer.SerializeToElement(With(JsonNode.Parse(bytes)!.AsObject(), JsonNode.Parse(supplement)!.AsObject())));
                Known.Add(file, contract);
            }

            return contract;
        }
    }

    /// <summary>The operation of a request and the values of its path's names.</summary>
    public (Operation Operation, Dictionary<string, string> Path)? Find(string method, string path)
    {
        foreach (Operation operation in _operations.Where(o => o.Method == method))
        {
            if (operation.Match(path) is { } values)
            {
                return (operation, values);
            }
        }

        return null;
    }

    /// <summary>What is wrong with a request; empty where nothing is.</summary>
    public IReadOnlyList<string> CheckRequest(Operation operation, IReadOnlyDictionary<string, string> path, IQueryCollection query, JsonNode? body, bool hasBody)
    {
        List<string> wrong = [];
        List<JsonElement> parameters = operation.Definition.TryGetProperty("parameters", out JsonElement all) ? [.. all.EnumerateArray().Select(Schemas.Follow)] : [];
        foreach (JsonElement parameter in parameters.Where(p => Text(p, "in") == "path"))
        {
            CheckText(parameter, path.GetValueOrDefault(Text(parameter, "name")), $"path '{Text(parameter, "name")}'", wrong);
        }

        foreach ((string sent, Microsoft.Extensions.Primitives.StringValues value) in query)
        {
            // Some forges take lists as name[]=a&name[]=b.
            string name = sent.EndsWith("[]", StringComparison.Ordinal) ? sent[..^2] : sent;
            JsonElement parameter = parameters.FirstOrDefault(p => Text(p, "in") == "query" && Text(p, "name") == name);
            if (parameter.ValueKind == JsonValueKind.Undefined)
            {
                wrong.Add($"query '{name}' is not known");
                continue;
            }

            CheckText(parameter, value.ToString(), $"query '{name}'", wrong);
        }

        foreach (JsonElement parameter in parameters.Where(p => Text(p, "in") == "query" && p.TryGetProperty("required", out JsonElement r) && r.GetBoolean() && !query.ContainsKey(Text(p, "name")) && !query.ContainsKey(Text(p, "name") + "[]")))
        {
            wrong.Add($"query '{Text(parameter, "name")}' is missing");
        }

        CheckBody(operation, body, hasBody, wrong);
        return wrong;
    }

    /// <summary>The schema of an answer, or null where the description says none.</summary>
    public JsonElement? AnswerSchema(Operation operation, int status)
    {
        if (!operation.Definition.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out JsonElement response))
        {
            return null;
        }

        return Schemas.Follow(response).TryGetProperty("content", out JsonElement content) && content.TryGetProperty("application/json", out JsonElement json)
            && json.TryGetProperty("schema", out JsonElement schema) ? schema : null;
    }

    private static JsonObject With(JsonObject description, JsonObject supplement)
    {
        if (description.ContainsKey("swagger"))
        {
            return SwaggerTwo.Lift(description, supplement);
        }

        SwaggerTwo.Lay(description, supplement, "paths");
        return description;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private void CheckBody(Operation operation, JsonNode? body, bool hasBody, List<string> wrong)
    {
        if (!operation.Definition.TryGetProperty("requestBody", out JsonElement request))
        {
            // A client may send an empty object where none is wanted.
            if (body is JsonObject { Count: > 0 } or JsonArray or JsonValue)
            {
                wrong.Add("this operation takes no body");
            }

            return;
        }

        request = Schemas.Follow(request);
        if (!hasBody)
        {
            if (request.TryGetProperty("required", out JsonElement required) && required.GetBoolean())
            {
                wrong.Add("the body is missing");
            }

            return;
        }

        if (request.GetProperty("content").TryGetProperty("application/json", out JsonElement json))
        {
            Schemas.Check(json.GetProperty("schema"), body, "body", strict: true, wrong);
        }
    }

    private void CheckText(JsonElement parameter, string? value, string where, List<string> wrong)
    {
        JsonElement schema = Schemas.Follow(parameter.GetProperty("schema"));
        string type = schema.TryGetProperty("type", out JsonElement t) ? t.GetString() ?? "" : "";
        JsonNode? node = type switch
        {
            "array" => new JsonArray([.. (value ?? "").Split(',').Select(v => Value(schema.TryGetProperty("items", out JsonElement item) && item.TryGetProperty("type", out JsonElement i) ? i.GetString() : null, v))]),
            _ => Value(type, value),
        };
        Schemas.Check(schema, node, where, strict: true, wrong);
    }

    private static JsonNode? Value(string? type, string? value) => type switch
    {
        "integer" or "number" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : value,
        "boolean" => bool.TryParse(value, out bool yes) ? yes : value,
        _ => value,
    };
}
