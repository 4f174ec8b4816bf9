using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web;

/// <summary>Refusals as problem details (RFC 9457): a status, one sentence, and a code that stays.</summary>
internal static class Problems
{
    /// <summary>The refusal.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code"><c>AWnnnn</c>.</param>
    /// <param name="sentence">What is wrong and what to do.</param>
    /// <param name="field">The place in the request, as a path like <c>$.inputs.stack</c>; null where it is none.</param>
    public static ProblemHttpResult Of(int status, string code, string sentence, string? field = null)
    {
        List<KeyValuePair<string, object?>> more = [new("code", code)];
        if (field is not null)
        {
            more.Add(new("field", field));
        }

        return TypedResults.Problem(sentence, statusCode: status, extensions: more);
    }

    /// <summary>There is none, or none that this caller may see: nobody learns which.</summary>
    public static ProblemHttpResult NotFound(string what) => Of(StatusCodes.Status404NotFound, "AW2620", $"There is no such {what}, or your token does not cover its repository.");
}
