using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web;

/// <summary>Whether the process lives, and whether it could commit a delivery.</summary>
internal static class HealthRoutes
{
    // Whoever asks gives up after a few seconds; a database that hangs is not ready.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Maps <c>/healthz</c> and <c>/readyz</c>. Liveness never depends on a database, a forge or a model.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("alive\n")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/readyz", ReadyAsync).AllowAnonymous().ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReadyAsync(
        CommitProbe probe, TimeProvider time, CancellationToken cancellationToken)
    {
        StorageException? refusal;
        try
        {
            refusal = await probe.TryAsync(isServing: true, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            refusal = new StorageException("AW2526", $"The database did not answer in {Patience.TotalSeconds:0} s; look at its load and its disk.", e);
        }

        return refusal is null
            ? TypedResults.Text("ready\n")
            : TypedResults.Problem(refusal.Message, statusCode: StatusCodes.Status503ServiceUnavailable, extensions: [new KeyValuePair<string, object?>("code", refusal.Code)]);
    }
}
