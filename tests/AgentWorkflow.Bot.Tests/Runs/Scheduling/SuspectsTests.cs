using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Runs.Store;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Runs.Scheduling;

/// <summary>Who stood beside a run that crashes its process is not blamed for it (promise P31).</summary>
public sealed class SuspectsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>, IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RunStore Store => _services.GetRequiredService<RunStore>();

    private Suspects Suspects => _services.GetRequiredService<Suspects>();

    public ValueTask InitializeAsync()
    {
        IDatabaseFixture fixture = database;
        _services = new ServiceCollection().AddSingleton(fixture.Options).AddSingleton(fixture.Factory).AddSingleton<IContentStore, MemoryContentStore>()
            .AddSingleton<DatabaseClock>().AddSingleton<IRandomSource, SystemRandomSource>().AddSingleton(TimeProvider.System)
            .AddSingleton<IStepWriter, SqliteStepWriter>().AddSingleton<RunStore>()
            .AddSingleton(p => new Suspects(p.GetRequiredService<RunStore>(), LeaseOwner.Current, _time)).BuildServiceProvider();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task Runs_With_Which_Processes_Died_Are_Driven_One_At_A_Time()
    {
        string first = await CreateAsync("first", deaths: 2);
        string second = await CreateAsync("second", deaths: 3);
        string innocent = await CreateAsync("innocent", deaths: 1);

        using Suspects.Turn? one = await Suspects.TryEnterAsync(first, Cancel);
        Assert.NotNull(one);
        Assert.Null(await Suspects.TryEnterAsync(second, Cancel));
        Assert.Null(await Suspects.TryEnterAsync(innocent, Cancel));
        _time.Advance(TimeSpan.FromSeconds(5));
        using Suspects.Turn? beside = await Suspects.TryEnterAsync(innocent, Cancel);
        Assert.NotNull(beside);

        beside.Dispose();
        Assert.Null(await Suspects.TryEnterAsync(second, Cancel));
        one.Dispose();
        Assert.NotNull(await Suspects.TryEnterAsync(second, Cancel));
    }

    [Fact]
    public async Task Who_Got_On_Makes_Room_At_Once()
    {
        string first = await CreateAsync("got-on", deaths: 2);
        string second = await CreateAsync("waits", deaths: 2);
        using Suspects.Turn? one = await Suspects.TryEnterAsync(first, Cancel);

        one!.Moved(new RunState { Deaths = 3, Steps = [] });
        Assert.Null(await Suspects.TryEnterAsync(second, Cancel));
        one.Moved(new RunState { Deaths = 0, Steps = [] });
        Assert.NotNull(await Suspects.TryEnterAsync(second, Cancel));
    }

    [Fact]
    public async Task What_Dead_Processes_Left_Comes_First()
    {
        string innocent = await CreateAsync("not-first", deaths: 0);
        string left = await CreateAsync("left", deaths: 2, LeaseOwner.Current with { ProcessId = int.MaxValue });

        Assert.Null(await Suspects.TryEnterAsync(innocent, Cancel));
        using (Suspects.Turn? first = await Suspects.TryEnterAsync(left, Cancel))
        {
            Assert.Null(await Suspects.TryEnterAsync(innocent, Cancel));
            first!.Moved(new RunState { Deaths = 0, Steps = [] });
            Assert.NotNull(await Suspects.TryEnterAsync(innocent, Cancel));
        }
    }

    private async Task<string> CreateAsync(string key, int deaths, LeaseOwner? owner = null)
    {
        (string id, _) = await Store.CreateAsync(NewRuns.Of(key), Cancel);
        RunLease? lease = await Store.TryClaimAsync(id, owner ?? LeaseOwner.Current, TimeSpan.FromMinutes(1), reopen: false, Cancel);
        await Store.SaveAsync(lease!, null, new RunState { Status = RunStatus.Running, Deaths = deaths, Steps = [] }, [], Cancel);
        return id;
    }
}
