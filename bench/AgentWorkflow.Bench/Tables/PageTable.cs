using System.Diagnostics;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Bot.Web.Api;

namespace AgentWorkflow.Bench.Tables;

/// <summary>What the REST API costs the database: a page of a long list, and many who follow runs.</summary>
internal static class PageTable
{
    private const int History = 1_000_000;
    private const int PageSize = 1_000;
    private const int Readers = 200;
    private const int Tries = 9;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync($"a page of {PageSize:N0} runs out of {History:N0}, and {Readers} who follow one each", "database, what", "ours", "goal");
        await PrintAsync(table, "SQLite", server: null);
        await using BenchServer? postgres = await BenchServer.StartAsync();
        string? server = Environment.GetEnvironmentVariable("PG") is { Length: > 0 } given ? given : postgres?.ConnectionString;
        await (server is null ? table.AddAsync("PostgreSQL", "not on this machine") : PrintAsync(table, "PostgreSQL", server));
    }

    private static async Task PrintAsync(Table table, string name, string? server)
    {
        await using RunWorld world = await RunWorld.CreateAsync(server, CancellationToken.None);
        await world.FillAsync(History, CancellationToken.None, forLists: true);
        RunPages pages = world.Get<RunPages>();
        IReadOnlyList<RunLine> first = await pages.ListAsync(Of(RepositoryScope.Everything), before: null, PageSize, CancellationToken.None);
        PagePlace middle = new(first[0].CreatedAt - TimeSpan.FromMilliseconds(History / 2), first[^1].Id);
        RepositoryScope one = RepositoryScope.Of(first[0].Forge, first[0].Repository);
        RepositoryScope owner = RepositoryScope.TryParse($"{one.Owner}/*", out RepositoryScope? parsed) ? parsed : one;
        foreach ((string what, RepositoryScope scope, PagePlace? before) in new (string, RepositoryScope, PagePlace?)[]
        {
            ("the newest", RepositoryScope.Everything, null), ("in the middle", RepositoryScope.Everything, middle), ("in the middle, of a repository", one, middle), ("in the middle, of an owner", owner, middle),
        })
        {
            double each = await Median.OfAsync(Tries, () => Median.TimeAsync(() => pages.ListAsync(Of(scope), before, PageSize, CancellationToken.None)));
            await table.AddAsync($"{name}, {what}", $"{Table.Number(each)} ms", "50 ms");
        }

        await table.AddAsync($"{name}, {Readers} follow", $"{Table.Number(await WatchAsync(world, first))} % of a core", "10 %");
    }

    /// <summary>Percent of a core that watching takes while nothing moves, which is most of the time.</summary>
    private static async Task<double> WatchAsync(RunWorld world, IReadOnlyList<RunLine> runs)
    {
        RunWatch watch = world.Get<RunWatch>();
        List<RunWatch.Follower> followers = [.. runs.Take(Readers).Select(r => watch.Follow(r.Id, Caller.Local))];
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch time = Stopwatch.StartNew();
        await Task.Delay(Watched, TimeProvider.System);
        double percent = (Process.GetCurrentProcess().TotalProcessorTime - before) / time.Elapsed * 100;
        followers.ForEach(f => f.Dispose());
        return percent;
    }

    private static RunFilter Of(RepositoryScope scope) => new(scope, RepositoryScope.Everything, Status: null, Workflow: null);
}
