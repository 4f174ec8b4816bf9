using System.CommandLine;

using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Intake.Schedules;
using AgentWorkflow.Bot.Retention;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>serve</c>: health, the queue and the workers.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromMinutes(5);
    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"Addresses of this machine to listen on, split by ';'; {ListenAddresses.Default} unless told.",
        HelpName = "URL",
    };

    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("serve", "Works off deliveries and runs until it is stopped; the same as no command.") { Urls };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(host, parsed.GetValue(Urls), parsed.GetValue(BotHost.Verbose), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BotHost host, string? urls, bool verbose, TextWriter output, CancellationToken cancellationToken)
    {
        await using WebApplication app = host.BuildServer(urls, verbose, (services, storage) => services
            .AddSingleton(LeaseOwner.Current with { HoldsDirectory = storage.Provider is DatabaseProvider.Sqlite })
            .AddScheduling(storage, static quartz =>
            {
                quartz.AddRecurring<SweepJob>(SweepPause);
                quartz.AddRecurring<ScheduleJob>(ScheduleJob.Pause);
                quartz.AddRecurring<RetentionJob>(RetentionJob.Pause);
            })
            .AddHostedService<InboxWorker>()
            .AddHostedService<PollWorker>());
        StorageOptions storage = app.Services.GetRequiredService<StorageOptions>();

        // Before the lock: it says in a sentence when the folder cannot be made or written.
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);

        // Instances that are not clustered must never share one store.
        using DataDirectoryLock? held = storage.Provider is DatabaseProvider.Sqlite ? DataDirectoryLock.Acquire(storage.DataDirectory, DataDirectoryLock.Serve) : null;

        // A key that is missing or open to others stops the start, not the first record.
        _ = app.Services.GetRequiredService<InstanceKey>().KeyId;
        _ = app.Services.GetRequiredService<LocalToken>().Text;
        await app.StartAsync(cancellationToken);
        if (app.Services.GetService<ServerStart>() is { } start)
        {
            start.IsDone = true;
        }

        await output.WriteLineAsync($"AgentWorkflow.Bot {ProgramVersion.Short} listens on {string.Join(", ", app.Urls)}; data in {Places.Show(storage.DataDirectory)}. Ctrl+C ends it.");
        await output.WriteLineAsync(DoorOf(app, output));
        if ((await app.Services.GetRequiredService<Pauses>().ReadAsync(cancellationToken)).Sentence is { } paused)
        {
            await output.WriteLineAsync($"Deliveries are kept and runs wait: {paused}.");
        }

        await app.WaitForShutdownAsync(cancellationToken);

        // A worker that fell over stops the server in order; the exit code must still say so.
        foreach (BackgroundService worker in app.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            await (worker.ExecuteTask is { IsFaulted: true } fallen ? fallen : Task.CompletedTask);
        }

        return 0;
    }

    /// <summary>How to come in. The token itself is for a person's own screen: what is written to a file or a log names its place alone.</summary>
    private static string DoorOf(WebApplication app, TextWriter output)
    {
        LocalToken local = app.Services.GetRequiredService<LocalToken>();
        string address = app.Urls.First();
        return ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            ? $"The API for you: {address}/docs?token={local.Text}"
            : $"The API: {address}/docs, with the token in {Places.Show(local.Path)}";
    }
}
