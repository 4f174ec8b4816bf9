using AgentWorkflow.Bot.Storage;

using Quartz;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>The scheduler of <c>serve</c>: Quartz with its job store in our database, clustered on PostgreSQL.</summary>
internal static class SchedulingServices
{
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckInThreshold = TimeSpan.FromSeconds(4);

    /// <summary>Adds the scheduler and its jobs. The command line's own runs do without it.</summary>
    public static IServiceCollection AddScheduling(this IServiceCollection services, StorageOptions storage, Action<IQuartzBuilder> addRecurring)
    {
        services.AddSingleton<RunQueue>().AddSingleton<Suspects>();
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "agentworkflow";
                options.InstanceId = "AUTO";

                // A run that is told to stop lets go of its lease, and the next process goes on from what was saved last.
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UsePersistentStore(store =>
            {
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                if (storage.Provider is DatabaseProvider.PostgreSql)
                {
                    store.UsePostgres(storage.ConnectionString);
                    store.UseClustering(cluster =>
                    {
                        cluster.CheckinInterval = CheckIn;
                        cluster.CheckinMisfireThreshold = CheckInThreshold;
                    });
                }
                else
                {
                    store.UseSqlite(storage.ConnectionString);
                }
            });
            addRecurring(quartz);
        });
        services.Configure<QuartzHostedServiceOptions>(options => options.WaitForJobsToComplete = true);
        return services.AddSingleton<QuartzHostedService>().AddHostedService<LateScheduler>();
    }

    /// <summary>Runs a job now and again after each pause.</summary>
    public static void AddRecurring<TJob>(this IQuartzBuilder quartz, TimeSpan pause)
        where TJob : IJob
    {
        string name = typeof(TJob).Name;
        quartz.AddJob<TJob>(job => job.WithIdentity(name));
        quartz.AddTrigger<TJob>(trigger => trigger.WithIdentity(name).ForJob(name).StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(pause).RepeatForever()));
    }
}
