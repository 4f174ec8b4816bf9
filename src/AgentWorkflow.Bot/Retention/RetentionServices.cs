namespace AgentWorkflow.Bot.Retention;

/// <summary>The room's registration.</summary>
internal static class RetentionServices
{
    /// <summary>Adds what removes old things, and what says how much there is. <c>serve</c> adds the job.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<ProjectRemoval>()
        .AddSingleton<ContentSweep>()
        .AddSingleton<RetentionSweep>()
        .AddSingleton<StoreSizes>();
}
