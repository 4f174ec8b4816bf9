using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Intake.Schedules;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Tests.Storage;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>A schedule's time makes one run, whoever looks and however often (promise P23), by the right of who changed the file last.</summary>
public sealed class ScheduleTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Daily = "on: { schedule: [{ cron: '30 4 * * *' }] }\nsteps:\n  - { id: a, uses: script }\n";
    private static readonly DateTimeOffset s_start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(s_start);

    [Fact]
    public async Task A_Time_That_Comes_Makes_One_Run_On_Three_Replicas()
    {
        await using RunWorld world = await WorldAsync();
        await TickAsync(world);
        Assert.Empty(await RunsAsync(world));

        _time.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => TickAsync(world))));
        await TickAsync(world);

        RunRow run = Assert.Single(await RunsAsync(world));
        Assert.Equal(LocalForge.You, (await world.ViewAsync(run.Id)).Facts.Actor);
        _time.Advance(TimeSpan.FromDays(1));
        await TickAsync(world);
        Assert.Equal(2, (await RunsAsync(world)).Count);
    }

    [Fact]
    public async Task What_Was_Missed_Is_Made_Up_For_Once()
    {
        await using RunWorld world = await WorldAsync("0 * * * *");
        _time.Advance(TimeSpan.FromDays(10));

        await TickAsync(world);
        await TickAsync(world);

        Assert.Single(await RunsAsync(world));
        ScheduleRow row = Assert.Single(await RowsAsync(world));
        Assert.Equal(new DateTimeOffset(2026, 5, 14, 4, 0, 0, TimeSpan.Zero), row.DueAt);
    }

    [Fact]
    public async Task What_Was_Missed_For_More_Than_A_Day_Is_Not_Run()
    {
        await using RunWorld world = await WorldAsync("0 0 5 5 *");
        _time.Advance(TimeSpan.FromDays(3));

        await TickAsync(world);

        Assert.Empty(await RunsAsync(world));
        Assert.Equal(2027, Assert.Single(await RowsAsync(world)).DueAt.Year);
    }

    [Fact]
    public async Task Who_May_Not_Push_Any_More_Has_No_Schedule_Either()
    {
        await using RunWorld world = await WorldAsync();
        world.Forge.Right = _ => RepositoryPermission.Read;
        _time.Advance(TimeSpan.FromHours(2));

        Assert.StartsWith("AW2041", Assert.Single(await TickAsync(world)).Reason, StringComparison.Ordinal);
        Assert.Empty(await RunsAsync(world));
    }

    [Fact]
    public async Task A_Repository_That_Is_Not_Served_Any_More_Has_No_Schedules()
    {
        await using RunWorld world = await WorldAsync();
        Assert.NotEmpty(await RowsAsync(world));

        await world.Get<WatchBook>().KeepAsync("local", new HashSet<long>(), RunWorld.Cancel);

        Assert.Empty(await RowsAsync(world));
    }

    [Fact]
    public async Task A_Schedule_That_Was_Taken_Out_Is_Forgotten_When_The_Branch_Moved()
    {
        await using RunWorld world = await WorldAsync();
        await world.Get<ScheduleBook>().LearnAsync("local", world.RepositoryId, world.Repository, [], RunWorld.Cancel);

        Assert.Empty(await RowsAsync(world));
    }

    [Theory]
    [InlineData("*/15 * * * *", "2026-05-04T03:02:01Z", "2026-05-04T03:15:00Z")]
    [InlineData("0 9 * * MON-FRI", "2026-05-08T09:00:00Z", "2026-05-11T09:00:00Z")]
    [InlineData("30 4 1,15 * *", "2026-05-04T00:00:00Z", "2026-05-15T04:30:00Z")]
    public void Times_Are_Those_Of_Five_Fields_In_Utc(string cron, string after, string expected)
    {
        DateTimeOffset at = DateTimeOffset.Parse(after, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), CronTimes.Next(cron, at));
    }

    private async Task<RunWorld> WorldAsync(string cron = "30 4 * * *")
    {
        RunWorld world = new(database, time: _time);
        await world.MakeAsync(("README.md", "x"), (".agentworkflow/workflows/nightly.yml", Daily.Replace("30 4 * * *", cron, StringComparison.Ordinal)));
        await world.Get<RepositoryWatch>().RunAsync(RunWorld.Cancel);
        return world;
    }

    private static async Task<IReadOnlyList<InboxDecision>> TickAsync(RunWorld world)
    {
        await world.Get<ScheduleClock>().TickAsync(RunWorld.Cancel);
        return [.. (await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel)).Where(d => d.DeliveryId.StartsWith($"schedule-{world.RepositoryId}-", StringComparison.Ordinal))];
    }

    private async Task<List<RunRow>> RunsAsync(RunWorld world)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        string repository = world.Repository.ToString();
        return await db.Set<RunRow>().Where(r => r.Repository == repository).ToListAsync(RunWorld.Cancel);
    }

    private async Task<List<ScheduleRow>> RowsAsync(RunWorld world)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        return await db.Set<ScheduleRow>().Where(s => s.RepositoryId == world.RepositoryId).ToListAsync(RunWorld.Cancel);
    }
}
