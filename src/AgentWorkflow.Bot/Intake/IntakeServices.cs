using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Intake.Schedules;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The room's registration.</summary>
internal static class IntakeServices
{
    /// <summary>Adds the store of deliveries, its writer, the inbox and where the Local forge delivers to.</summary>
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton<ILocalWebhookSink, LocalDeliveries>()
        .AddSingleton(TableOf)
        .AddSingleton<InboxSignal>()
        .AddSingleton<DeliveryWriter>()
        .AddSingleton<ICommitCheck>(services => services.GetRequiredService<DeliveryWriter>())
        .AddSingleton<DeliveryStore>()
        .AddSingleton<CatchUp>()
        .AddSingleton<EventDecider>()
        .AddSingleton<DecisionRunner>()
        .AddSingleton<RunRequests>()
        .AddSingleton<ManualStarts>()
        .AddSingleton<Replies>()
        .AddSingleton<WebhookSecrets>()
        .AddSingleton<RefusalLog>()
        .AddSingleton<GitLabSecrets>()
        .AddSingleton<WebhookEndpoint>()
        .AddSingleton<IWebhookSender, GitHubWebhooks>()
        .AddSingleton<IWebhookSender, GitLabWebhooks>()
        .AddSingleton<ScheduleBook>()
        .AddSingleton<ScheduleClock>()
        .AddSingleton<WatchBook>()
        .AddSingleton<Causes>()
        .AddSingleton<MissedEvents>()
        .AddSingleton<RepositoryWatch>()
        .AddSingleton<Inbox>();

    private static IDeliveryTable TableOf(IServiceProvider services) => services.GetRequiredService<StorageOptions>() is { Provider: DatabaseProvider.PostgreSql } postgres
        ? new PostgresDeliveryTable(postgres)
        : new SqliteDeliveryTable(services.GetRequiredService<StorageOptions>());
}
