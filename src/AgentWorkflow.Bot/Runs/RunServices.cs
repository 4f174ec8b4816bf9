using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Runs;

/// <summary>The room's registration.</summary>
internal static class RunServices
{
    /// <summary>Adds the run store, the driver and what reports on runs.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton(provider => RunCeilings.Read(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton(LeaseOwner.Current)
        .AddSingleton<Pauses>()
        .AddSingleton(provider => RunLinks.Read(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton<RunStore>()
        .AddSingleton<SqliteStepWriter>()
        .AddSingleton<PostgresStepWriter>()
        .AddSingleton<IStepWriter>(provider => provider.GetRequiredService<StorageOptions>().Provider is DatabaseProvider.Sqlite
            ? provider.GetRequiredService<SqliteStepWriter>()
            : provider.GetRequiredService<PostgresStepWriter>())
        .AddSingleton<EffectLedger>()
        .AddSingleton<RunMarker>()
        .AddSingleton<EffectRunner>()
        .AddSingleton<WriteCheck>()
        .AddSingleton<RunRecords>()
        .AddSingleton<RunReader>()
        .AddSingleton<RunPages>()
        .AddSingleton<RunMoves>()
        .AddSingleton<RunLogs>()
        .AddSingleton<RunEffects>()
        .AddSingleton<StepCaller>()
        .AddSingleton<RunDriver>()
        .AddSingleton<RunIndex>()
        .AddSingleton<RunRemoval>()
        .AddSingleton<IContentReferences, RunReferences>()
        .AddSingleton<RunStarter>();
}
