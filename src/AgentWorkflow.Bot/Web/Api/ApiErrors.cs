using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>The errors of an operation, as its description lists them: most follow from its rule.</summary>
internal static class ApiErrors
{
    /// <summary>Status, an example's code and its sentence, in the order of statuses.</summary>
    public static IEnumerable<(int Status, string Code, string Sentence)> Of(ApiOperation operation, bool hasBody)
    {
        yield return (StatusCodes.Status400BadRequest, "AW2645", "Something in the request is unknown, missing or of a wrong kind; 'field' says what.");
        yield return (StatusCodes.Status401Unauthorized, "AW2603", "There is no token, or it is unknown, expired or revoked.");
        yield return (StatusCodes.Status403Forbidden, "AW2610", $"The request is not local, or the token has not the role {Word.Of(operation.Rule.Role)}.");
        if (operation.Path.Contains('{', StringComparison.Ordinal) || operation.Tag == "Workflows")
        {
            yield return (StatusCodes.Status404NotFound, "AW2620", "There is none, or the token does not cover its repository.");
        }

        if (operation.IsRepeatable || operation == ApiTable.GetExportContent)
        {
            yield return (StatusCodes.Status409Conflict, "AW2633", "It cannot be done now: the detail says what stands against it.");
        }

        if (operation == ApiTable.GetExportContent || operation == ApiTable.GetFile)
        {
            yield return (StatusCodes.Status410Gone, "AW2638", "It is not kept any more.");
        }

        if (hasBody)
        {
            yield return (StatusCodes.Status413PayloadTooLarge, "AW2640", "The body is larger than 1 MiB.");
            yield return (StatusCodes.Status415UnsupportedMediaType, "AW2641", "The body must be JSON.");
        }

        if (operation == ApiTable.GetExportContent)
        {
            yield return (StatusCodes.Status416RangeNotSatisfiable, "AW2643", "The range lies outside the archive.");
        }

        if (operation.IsRepeatable)
        {
            yield return (StatusCodes.Status422UnprocessableEntity, "AW2617", "It was understood and is not done: the detail says why.");
        }

        yield return (StatusCodes.Status429TooManyRequests, "AW2611", $"This token may make {Gate.PerSecond} requests a second, {Gate.Burst} at once.");
        yield return (StatusCodes.Status503ServiceUnavailable, "AW2525", "The database cannot be used now.");
    }
}
