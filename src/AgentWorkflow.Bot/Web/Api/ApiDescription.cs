using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Web.Access;

using Microsoft.OpenApi;

using Scalar.AspNetCore;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>The API's description (OpenAPI 3.1) and the page that shows it. Both come from the routes and the table; nothing is said twice.</summary>
internal static class ApiDescription
{
    /// <summary>The description's name in its address.</summary>
    public const string Name = "v1";

    private const string ProblemSchema = "Problem";
    private const string Bearer = "bearer";
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";

    // The page's script and styles come from the package; nothing of it may be asked for elsewhere.
    private const string PagePolicy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Adds what makes the description.</summary>
    public static IServiceCollection AddDescription(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().FirstOrDefault() is { } line)
            {
                Describe(operation, line, context.Document);
            }

            return Task.CompletedTask;
        });
    });

    /// <summary>Maps <c>/openapi/v1.json</c> and <c>/docs</c>.</summary>
    public static void MapDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").WithMetadata(new AccessRule(Role.Viewer));
        routes.MapScalarApiReference("/docs", (page, context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            page.WithTitle("AgentWorkflow.Bot").AddDocument(Name).DisableDefaultFonts().DisableAgent().DisableTelemetry().HideDeveloperTools().HideClientButton();
        }).WithMetadata(new AccessRule(Role.Viewer)).ExcludeFromDescription();
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AgentWorkflow.Bot",
            Version = Name,
            Description = "Workflows, runs, generated projects, exports and tokens. Lists are pages of `items` and `next`; errors are problem details (RFC 9457) with a `code` that stays.",
        };
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            Description = "A token of `agentworkflow token create`, or the one in the data directory's `local-token`.",
        });
        document.AddComponent(ProblemSchema, ProblemOf());
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
    }

    private static void Describe(OpenApiOperation operation, ApiOperation line, OpenApiDocument? document)
    {
        operation.Summary = line.Summary;
        if (line.IsRepeatable)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = Idempotency.Header,
                In = ParameterLocation.Header,
                Description = "A repeat with the same key is answered as the first one was, for a day.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = Idempotency.MostKeyLength },
            });
        }

        JsonNode? examples = ApiExamples.Of(line.Id);
        Show(operation.RequestBody?.Content, examples?["request"]);
        operation.Responses ??= [];
        Show(operation.Responses.FirstOrDefault(r => r.Key.StartsWith('2')).Value?.Content, examples?["response"]);
        foreach ((int status, string code, string sentence) in ApiErrors.Of(line, operation.RequestBody is not null))
        {
            operation.Responses.TryAdd($"{status}", new OpenApiResponse
            {
                Description = sentence,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemJson] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, document), Example = new JsonObject { ["status"] = status, ["detail"] = sentence, ["code"] = code } },
                },
            });
        }
    }

    private static void Show(IDictionary<string, OpenApiMediaType>? contents, JsonNode? example)
    {
        if (example is not null && contents?.TryGetValue(Json, out OpenApiMediaType? content) is true)
        {
            content.Example = example.DeepClone();
        }
    }

    private static OpenApiSchema ProblemOf() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "status", "detail", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One sentence: what is wrong, and what to do." },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^AW[0-9]{4}$", Description = "The code, which stays." },
            ["field"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The place in the request." },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };
}
