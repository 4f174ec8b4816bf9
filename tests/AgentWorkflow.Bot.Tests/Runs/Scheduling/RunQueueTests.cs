using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Runs.Store;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.DependencyInjection;

using Quartz;

namespace AgentWorkflow.Bot.Tests.Runs.Scheduling;

/// <summary>What is handed to the scheduler: each run once, and so that it is never left to the search for what was missed.</summary>
public sealed class RunQueueTests : IAsyncLifetime
{
    private readonly SqliteDatabase _fixture = new();
    private ServiceProvider _services = null!;
    private IScheduler _scheduler = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunQueue Queue => _services.GetRequiredService<RunQueue>();

    public async ValueTask InitializeAsync()
    {
        await _fixture.InitializeAsync();
        IDatabaseFixture database = _fixture;
        _services = new ServiceCollection().AddLogging().AddSingleton(database.Options).AddSingleton(database.Factory).AddSingleton<IContentStore, MemoryContentStore>()
            .AddSingleton<DatabaseClock>().AddSingleton<IRandomSource, SystemRandomSource>().AddSingleton(TimeProvider.System)
            .AddSingleton<IStepWriter, SqliteStepWriter>().AddSingleton(LeaseOwner.Current).AddSingleton<RunStore>()
            .AddScheduling(database.Options, static _ => { })
            .BuildServiceProvider();
        _scheduler = await _services.GetRequiredService<ISchedulerFactory>().GetScheduler(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _scheduler.DisposeAsync();
        await _services.DisposeAsync();
        await _fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_Run_That_Is_Found_Due_Again_And_Again_Has_One_Trigger()
    {
        string id = await CreateAsync("often");

        await Queue.EnqueueDueAsync(again: false, Cancel);
        await Queue.EnqueueDueAsync(again: false, Cancel);
        await Queue.EnqueueDueAsync(again: true, Cancel);

        ITrigger trigger = Assert.Single(await TriggersAsync(id));
        Assert.Equal(SimpleTriggerMisfireInstruction.IgnoreMisfires, Assert.IsAssignableFrom<ISimpleTrigger>(trigger).MisfireInstruction);
        Assert.InRange(trigger.StartTimeUtc, Now.AddMinutes(-1), Now);
    }

    [Fact]
    public async Task A_Time_To_Wait_For_Is_Replaced_And_Stands_Beside_A_Word_That_Is_Due_Now()
    {
        string id = await CreateAsync("waits");
        DateTimeOffset later = Now.AddHours(2);

        await Queue.EnqueueAsync(id, later.AddHours(1), Cancel);
        await Queue.EnqueueAsync(id, later, Cancel);
        await Queue.EnqueueDueAsync(again: false, Cancel);

        IReadOnlyCollection<ITrigger> triggers = await TriggersAsync(id);
        Assert.Equal(2, triggers.Count);
        Assert.Equal(later, triggers.Max(t => t.StartTimeUtc), TimeSpan.FromSeconds(1));
        Assert.True(triggers.Min(t => t.StartTimeUtc) <= Now);
    }

    [Fact]
    public async Task Who_Waits_For_Its_Group_Is_Not_Handed_Over_Until_That_Is_Free()
    {
        RunStore store = _services.GetRequiredService<RunStore>();
        string first = await CreateAsync("first", "group", Now.AddSeconds(-9));
        string second = await CreateAsync("second", "group");
        RunLease lease = (await store.TryClaimAsync(first, LeaseOwner.Current, TimeSpan.FromMinutes(1), reopen: false, Cancel))!;
        Assert.DoesNotContain(second, await store.FindDueAsync(LeaseOwner.Current, Cancel));

        RunState over = new() { Status = RunStatus.Succeeded, FinishedAt = Now, Steps = [] };
        await store.SaveAsync(lease, null, over, [], Cancel);

        Assert.Contains(second, await store.FindDueAsync(LeaseOwner.Current, Cancel));
    }

    private async Task<IReadOnlyCollection<ITrigger>> TriggersAsync(string id) => await _scheduler.GetTriggersOfJob(new JobKey(id, "runs"), Cancel);

    private async Task<string> CreateAsync(string key, string? group = null, DateTimeOffset? at = null) => (await _services.GetRequiredService<RunStore>().CreateAsync(NewRuns.Of(key, group, at: at ?? Now), Cancel)).Id;
}
