namespace AgentWorkflow.Bot.Exports;

/// <summary>The room's registration.</summary>
internal static class ExportServices
{
    /// <summary>Adds archives. It needs the storage room with a content store.</summary>
    public static IServiceCollection AddExports(this IServiceCollection services) => services
        .AddSingleton<ArchiveWriter>()
        .AddSingleton<ArchivePublisher>()
        .AddSingleton<ArchiveRemoval>()
        .AddSingleton<ProjectExports>()
        .AddSingleton<IArchivePublisher>(provider => provider.GetRequiredService<ArchivePublisher>());
}
