using System.CommandLine;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>serve</c>: health, the queue and the workers.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(5);
    private static readonly Option<string?> Urls = new("--urls") { Description = "Addresses to listen on; http://127.0.0.1:5080 unless told." };

    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("serve", "Works off deliveries and runs until it is stopped.") { Urls };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(Urls), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BotHost host, string? urls, CancellationToken cancellationToken)
    {
        await using WebApplication app = host.BuildServer(urls, (services, storage) => services
            .AddScheduling(storage, static quartz => quartz.AddRecurring<SweepJob>(SweepPause))
            .AddHostedService<InboxWorker>());
        StorageOptions storage = app.Services.GetRequiredService<StorageOptions>();

        // Instances that are not clustered must never share one store.
        using DataDirectoryLock? held = storage.Provider is DatabaseProvider.Sqlite ? DataDirectoryLock.Acquire(storage.DataDirectory, DataDirectoryLock.Serve) : null;
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        await app.RunAsync(cancellationToken);
        return 0;
    }
}
