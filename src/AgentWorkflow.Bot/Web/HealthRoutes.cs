using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Web;

/// <summary>Whether the process lives, and whether it could commit a delivery.</summary>
internal static class HealthRoutes
{
    /// <summary>Maps <c>/healthz</c> and <c>/readyz</c>. Liveness never depends on a database, a forge or a model.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("alive\n"));
        routes.MapGet("/readyz", ReadyAsync);
        return routes;
    }

    private static async Task<IResult> ReadyAsync(IDbContextFactory<BotDb> databases, StorageOptions storage, CancellationToken cancellationToken)
    {
        try
        {
            // Begin a write: a read-only file or a full disk answers reads for a long time.
            await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"UPDATE \"Deliveries\" SET \"Decision\" = \"Decision\" WHERE 1 = 0", cancellationToken);
            return TypedResults.Text("ready\n");
        }
        catch (Exception e) when (StorageErrors.Explain(e, storage) is not null)
        {
            return TypedResults.Problem(StorageErrors.Explain(e, storage)?.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
