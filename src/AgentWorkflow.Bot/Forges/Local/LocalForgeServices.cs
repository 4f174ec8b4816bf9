namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>The forge's registration.</summary>
internal static class LocalForgeServices
{
    /// <summary>Adds the Local forge. It needs the storage room with a content store; events go to every <see cref="ILocalWebhookSink"/> that is registered.</summary>
    public static IServiceCollection AddLocalForge(this IServiceCollection services) => services
        .AddSingleton<ReferenceUpdate>()
        .AddSingleton<LocalRepositories>()
        .AddSingleton<LocalForgeReader>()
        .AddSingleton<LocalGitEffects>()
        .AddSingleton<LocalPullRequestEffects>()
        .AddSingleton<LocalBookEffects>()
        .AddSingleton<LocalRepositoryEffects>()
        .AddSingleton<LocalForgeWriter>()
        .AddSingleton<LocalWatch>()
        .AddSingleton<LocalEvents>()
        .AddSingleton<LocalPeople>()
        .AddSingleton<LocalBooks>()
        .AddSingleton<LocalRepositoryMaker>()
        .AddSingleton<PullRequestPage>()
        .AddSingleton<IForge, LocalForge>();
}
