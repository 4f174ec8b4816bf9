namespace AgentWorkflow.Bot.Intake;

/// <summary>The routes of the room. They are public: what comes in proves itself by its signature.</summary>
internal static class WebhookRoutes
{
    /// <summary>Maps the webhooks.</summary>
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(GitHubWebhooks.Path, routes.ServiceProvider.GetRequiredService<GitHubWebhooks>().HandleAsync);
        return routes;
    }
}
