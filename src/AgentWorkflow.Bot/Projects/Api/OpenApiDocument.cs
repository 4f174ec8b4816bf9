using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>The OpenAPI 3.1 description of the planned service: the document that each stack serves at <c>/openapi/v1.json</c>.</summary>
internal static class OpenApiDocument
{
    private static readonly string[] FileMembers = ["name", "mediaType", "size"];

    /// <summary>The document; the same plan gives the same document.</summary>
    public static JsonObject Of(ApiPlan plan)
    {
        var paths = new JsonObject { ["/health"] = new JsonObject { ["get"] = Health() } };
        var schemas = new JsonObject();
        foreach (var resource in plan.Resources)
        {
            paths[resource.Path] = new JsonObject { ["get"] = List(resource), ["post"] = Write(resource, Verb.Create) };
            paths[resource.Path + "/{id}"] = new JsonObject
            {
                ["parameters"] = new JsonArray(Parameter("id", "path", new JsonObject { ["type"] = "integer", ["minimum"] = 1 }, "The id.", required: true)),
                ["get"] = Operation(resource, Verb.Get, ("200", Json(Ref(resource.Words.Pascal), "The resource.")), ("404", Ref404())),
                ["put"] = Write(resource, Verb.Update),
                ["delete"] = Operation(resource, Verb.Delete, ("204", Said("It is gone.")), ("404", Ref404()), ("409", Problem("Something refers to it."))),
            };
            schemas[resource.Words.Pascal + ".Input"] = Schema(plan, resource, withId: false);
            schemas[resource.Words.Pascal] = Schema(plan, resource, withId: true);
        }

        // No entity can have a name that starts with a small letter, or with a dot in it.
        schemas["problem"] = ProblemSchema();
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = plan.Requirements.Title, ["version"] = "1.0.0", ["description"] = plan.Requirements.Summary },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject Health() => new()
    {
        ["operationId"] = "health",
        ["summary"] = "Says that the service is alive.",
        ["responses"] = new JsonObject
        {
            ["200"] = Json(new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["status"] = new JsonObject { ["type"] = "string" } } }, "It is."),
        },
    };

    private static JsonObject List(Resource resource)
    {
        var page = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("items", "total", "limit", "offset"),
            ["properties"] = new JsonObject
            {
                ["items"] = new JsonObject { ["type"] = "array", ["items"] = Ref(resource.Words.Pascal) },
                ["total"] = new JsonObject { ["type"] = "integer" },
                ["limit"] = new JsonObject { ["type"] = "integer" },
                ["offset"] = new JsonObject { ["type"] = "integer" },
            },
        };
        var operation = Operation(resource, Verb.List, ("200", Json(page, "A page.")), ("400", Problem("A query parameter does not fit.")));
        var sorts = resource.Fields.Where(field => field.Sortable).SelectMany(field => new[] { field.JsonName, "-" + field.JsonName }).Prepend("-id").Prepend("id");
        operation["parameters"] = new JsonArray(
        [
            Parameter("limit", "query", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 100, ["default"] = 20 }, "How many at most."),
            Parameter("offset", "query", new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["default"] = 0 }, "How many to skip."),
            Parameter("sort", "query", new JsonObject { ["type"] = "string", ["enum"] = Texts(sorts) }, "The field to sort by; a minus sorts downwards."),
            .. resource.Fields.Where(field => field.Filterable).Select(field => Parameter(field.JsonName, "query", Scalar(field, field.Kind), "Only those with this value.")),
        ]);
        return operation;
    }

    private static JsonObject Write(Resource resource, Verb verb)
    {
        var done = Json(Ref(resource.Words.Pascal), "The resource.");
        var taken = Problem("A unique value is taken.");
        var operation = verb == Verb.Create
            ? Operation(resource, verb, ("201", done), ("400", Problem("The body is no JSON object.")), ("409", taken), ("422", Problem("A field does not fit.")))
            : Operation(resource, verb, ("200", done), ("400", Problem("The body is no JSON object.")), ("404", Ref404()), ("409", taken), ("422", Problem("A field does not fit.")));
        operation["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Ref(resource.Words.Pascal + ".Input") } },
        };
        return operation;
    }

    private static JsonObject Operation(Resource resource, Verb verb, params ReadOnlySpan<(string Status, JsonObject Answer)> answers)
    {
        var responses = new JsonObject();
        foreach (var (status, answer) in answers)
        {
            responses[status] = answer;
        }

        var (name, summary) = verb switch
        {
            Verb.List => ("list" + resource.Plural.Pascal, $"Lists {resource.Plural.Spaced}."),
            Verb.Get => ("get" + resource.Words.Pascal, $"One of the {resource.Plural.Spaced}."),
            Verb.Create => ("create" + resource.Words.Pascal, $"Creates one of the {resource.Plural.Spaced}."),
            Verb.Update => ("update" + resource.Words.Pascal, $"Replaces one of the {resource.Plural.Spaced}."),
            _ => ("delete" + resource.Words.Pascal, $"Deletes one of the {resource.Plural.Spaced}."),
        };
        return new JsonObject { ["operationId"] = name, ["tags"] = new JsonArray(resource.Plural.Sentence), ["summary"] = summary, ["responses"] = responses };
    }

    private static JsonObject Schema(ApiPlan plan, Resource resource, bool withId)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        if (withId)
        {
            properties["id"] = new JsonObject { ["type"] = "integer" };
            required.Add("id");
        }

        foreach (var field in resource.Fields)
        {
            properties[field.JsonName] = Property(plan, field);
            if (withId || (field.Required && field.Default is null))
            {
                required.Add(field.JsonName);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
        if (!withId)
        {
            schema["additionalProperties"] = false;
        }

        return schema;
    }

    private static JsonObject Property(ApiPlan plan, FieldPlan field)
    {
        var schema = field.Kind == FieldKind.List
            ? new JsonObject { ["type"] = "array", ["items"] = Scalar(field with { Rules = [] }, field.Item ?? FieldKind.Text) }
            : Scalar(field, field.Kind);
        foreach (var rule in field.Rules)
        {
            AddRule(schema, rule);
        }

        if (field.Target is { } target)
        {
            schema["description"] = $"{(field.IsReferenceList ? "Ids" : "The id")} of {plan.Resources[target].Plural.Spaced}.";
        }

        if (field.Default is not null)
        {
            schema["default"] = JsonNode.Parse(field.Default);
        }

        // null is a value of its own for what may be left out.
        if (!field.Required && field.Kind != FieldKind.List)
        {
            schema["type"] = new JsonArray(schema["type"]?.GetValue<string>(), "null");
            if (schema["enum"] is JsonArray values)
            {
                values.Add((JsonNode?)null);
            }
        }

        return schema;
    }

    private static void AddRule(JsonObject schema, Rule rule)
    {
        switch (rule)
        {
            case Rule.NotBlank when schema["minLength"] is null:
                schema["minLength"] = 1;
                break;
            case Rule.MinLength min:
                schema["minLength"] = min.Length;
                break;
            case Rule.MaxLength max:
                schema["maxLength"] = max.Length;
                break;
            case Rule.MinItems min:
                schema["minItems"] = min.Count;
                break;
            case Rule.MaxItems max:
                schema["maxItems"] = max.Count;
                break;
            case Rule.Min min:
                schema["minimum"] = min.Value;
                break;
            case Rule.Max max:
                schema["maximum"] = max.Value;
                break;
            case Rule.Pattern pattern:
                schema["pattern"] = pattern.Expression;
                break;
        }
    }

    private static JsonObject Scalar(FieldPlan field, FieldKind kind) => kind switch
    {
        FieldKind.Integer or FieldKind.Reference => new JsonObject { ["type"] = "integer" },
        FieldKind.Decimal => new JsonObject { ["type"] = "number" },
        FieldKind.Money => new JsonObject { ["type"] = "number", ["multipleOf"] = 0.01m },
        FieldKind.Boolean => new JsonObject { ["type"] = "boolean" },
        FieldKind.Date => Text("date"),
        FieldKind.DateTime => Text("date-time"),
        FieldKind.Time => new JsonObject { ["type"] = "string", ["pattern"] = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$" },
        FieldKind.Email => Text("email"),
        FieldKind.Url => Text("uri"),
        FieldKind.Uuid => Text("uuid"),
        FieldKind.Enum => new JsonObject { ["type"] = "string", ["enum"] = Texts(field.Values) },
        FieldKind.File => new JsonObject
        {
            ["type"] = "object",
            ["required"] = Texts(FileMembers),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["name"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                ["mediaType"] = new JsonObject { ["type"] = "string" },
                ["size"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
            },
        },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["description"] = "RFC 9457",
        ["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["type"] = "string" },
            ["title"] = new JsonObject { ["type"] = "string" },
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["errors"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["field"] = new JsonObject { ["type"] = "string" },
                        ["code"] = new JsonObject { ["type"] = "string" },
                        ["detail"] = new JsonObject { ["type"] = "string" },
                    },
                },
            },
        },
    };

    private static JsonObject Text(string format) => new() { ["type"] = "string", ["format"] = format };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static JsonObject Parameter(string name, string place, JsonObject schema, string description, bool required = false) =>
        new() { ["name"] = name, ["in"] = place, ["required"] = required, ["description"] = description, ["schema"] = schema };

    private static JsonObject Ref(string schema) => new() { ["$ref"] = "#/components/schemas/" + schema };

    private static JsonObject Said(string description) => new() { ["description"] = description };

    private static JsonObject Json(JsonObject schema, string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = schema } },
    };

    private static JsonObject Problem(string description) => new()
    {
        ["description"] = description,
        ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Ref("problem") } },
    };

    private static JsonObject Ref404() => Problem("There is none with this id.");
}
