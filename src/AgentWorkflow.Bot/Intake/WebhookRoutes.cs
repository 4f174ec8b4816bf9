namespace AgentWorkflow.Bot.Intake;

/// <summary>The routes of the room. They are public: what comes in proves itself.</summary>
internal static class WebhookRoutes
{
    /// <summary>Maps the webhooks.</summary>
    public static IEndpointRouteBuilder MapIntake(this IEndpointRouteBuilder routes)
    {
        WebhookEndpoint endpoint = routes.ServiceProvider.GetRequiredService<WebhookEndpoint>();
        foreach (IWebhookSender sender in routes.ServiceProvider.GetServices<IWebhookSender>())
        {
            routes.MapPost(sender.Path, (HttpContext context) => endpoint.HandleAsync(context, sender)).AllowAnonymous().ExcludeFromDescription();
        }

        return routes;
    }
}
