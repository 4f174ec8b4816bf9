using System.Text.Json;
using System.Text.Json.Serialization;

using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>What the server needs besides the rooms to answer the API.</summary>
internal static class ApiPipeline
{
    /// <summary>Adds it; commands that serve nothing do without.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions))
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true)
        .AddProblemDetails()
        .AddSingleton<Gate>()
        .AddDescription()
        .AddSingleton<Faults>()
        .AddSingleton<Idempotency>()
        .AddSingleton<Starting>()
        .AddSingleton<RunWatch>();

    /// <summary>Puts itself before the routes: faults outside, then the gate, then repeats.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseMiddleware<Faults>();
        app.UseMiddleware<Gate>();
        app.UseMiddleware<Idempotency>();
    }

    /// <summary>Maps every route.</summary>
    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapDescription();
        routes.MapWorkflows();
        routes.MapRuns();
        routes.MapProjects();
        routes.MapExports();
        routes.MapTokens();
        routes.MapPublic();
        return routes;
    }

    /// <summary>JSON is taken by the letter: unknown, double and missing fields are told, not passed over.</summary>
    public static void Configure(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.PropertyNameCaseInsensitive = false;
        json.MaxDepth = 32;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }
}
