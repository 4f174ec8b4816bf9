using System.Reflection;

using AgentWorkflow.Engine.Definition;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Puts a handler on its line of the table. This is the only way that the API maps a route, so that none is without a rule.</summary>
internal static class ApiMapping
{
    /// <summary>Maps it, with its rights, its name and the check of its query.</summary>
    public static RouteHandlerBuilder Map(this IEndpointRouteBuilder routes, ApiOperation operation, Delegate handler)
    {
        string[] known = [.. handler.Method.GetParameters().Where(p => IsOfQuery(p, operation.Path)).Select(QueryName)];
        return routes.MapMethods(operation.Path, [operation.Method], handler)
            .WithName(operation.Id).WithTags(operation.Tag).WithSummary(operation.Summary).WithMetadata(operation, operation.Rule)
            .AddEndpointFilter(async (context, next) => Unknown(context.HttpContext.Request.Query.Keys, known) ?? await next(context));
    }

    // What is asked for and not understood must not look as if it had been: a filter with a typing mistake would list everything.
    private static ProblemHttpResult? Unknown(ICollection<string> given, string[] known) =>
        given.FirstOrDefault(k => !known.Contains(k, StringComparer.Ordinal)) is { } unknown
            ? Problems.Of(
                StatusCodes.Status400BadRequest, "AW2621",
                $"There is no parameter '{unknown}' here{(NearestName.Of(unknown, known) is { } near ? $"; did you mean '{near}'?" : known.Length == 0 ? "; there is none." : $"; there are {string.Join(", ", known)}.")}",
                unknown)
            : null;

    private static bool IsOfQuery(ParameterInfo parameter, string path) =>
        parameter.GetCustomAttribute<FromHeaderAttribute>() is null
        && (Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) is { } type && (type == typeof(string) || type.IsPrimitive)
        && !path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal) && !path.Contains($"{{**{parameter.Name}}}", StringComparison.Ordinal);

    private static string QueryName(ParameterInfo parameter) => parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name ?? "";
}
