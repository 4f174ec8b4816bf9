using AgentWorkflow.Bot.Forges.Local;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The room's registration.</summary>
internal static class IntakeServices
{
    /// <summary>Adds the inbox and where the Local forge delivers to.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton<ILocalWebhookSink, LocalDeliveries>()
        .AddSingleton<Inbox>();
}
