using System.Diagnostics;
using System.Globalization;
using System.Text;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Bot.Web;
using AgentWorkflow.Bot.Web.Api;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bench.Stores;

/// <summary>A store of its own with the run driver of the product and one step type more.</summary>
internal sealed class RunWorld : IAsyncDisposable
{
    private const string PinnedCommit = "0000000000000000000000000000000000000001";
    private readonly TemporaryFolder _data;
    private readonly BenchDatabase? _database;
    private readonly ServiceProvider _services;
    private int _runs;
    private long _finished;

    private RunWorld(TemporaryFolder data, BenchDatabase? database)
    {
        _data = data;
        _database = database;
        IConfiguration configuration = new ConfigurationBuilder().Build();
        _services = new ServiceCollection().AddLogging().AddSingleton(configuration)
            .AddStorage(new StorageOptions
            {
                DataDirectory = data.Path,
                Provider = database is null ? DatabaseProvider.Sqlite : DatabaseProvider.PostgreSql,
                ConnectionString = database?.ConnectionString ?? StorageOptions.SqliteFile(data.Path),
            })
            .AddGuards(configuration).AddLocalForge().AddIntake().AddTriggers().AddRuns().AddSteps().AddAgents().AddProjects().AddExports().AddSandbox(configuration).AddWeb()
            .AddSingleton<IStepType, NoStep>().AddSingleton<RunWatch>()
            .BuildServiceProvider();
    }

    /// <summary>Makes an empty store: PostgreSQL where a server is named, SQLite otherwise.</summary>
    public static async Task<RunWorld> CreateAsync(string? server, CancellationToken cancellationToken)
    {
        RunWorld world = new(new TemporaryFolder(), server is null ? null : await BenchDatabase.CreateAsync(server, cancellationToken));
        await world._services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        return world;
    }

    /// <summary>A part of the product.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Stores and drives runs of that many steps at once.</summary>
    /// <returns>Milliseconds for all of them.</returns>
    public async Task<double> RunAsync(int steps, int atOnce, CancellationToken cancellationToken)
    {
        string text = WorkflowOf(steps);
        Stopwatch watch = Stopwatch.StartNew();
        RunState?[] states = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(() => RunOneAsync(text, cancellationToken), cancellationToken)));
        double milliseconds = watch.Elapsed.TotalMilliseconds;
        _finished += atOnce;
        RunState? wrong = states.FirstOrDefault(s => s?.Status != RunStatus.Succeeded);
        return Array.TrueForAll(states, s => s?.Status == RunStatus.Succeeded)
            ? milliseconds
            : throw new InvalidOperationException($"A run ended as {wrong?.Status.ToString() ?? "not claimed"}: {wrong?.Reason}");
    }

    /// <summary>Fills the store with finished runs, each a copy of a real one with its five steps, a millisecond older than the one before.</summary>
    /// <param name="history">How many there are afterwards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="forLists">True for runs alone, whose long texts are cut to 500 characters: a million whole ones would fill the disk.</param>
    public async Task FillAsync(long history, CancellationToken cancellationToken, bool forLists = false)
    {
        if (history <= _finished)
        {
            return;
        }

        await RunAsync(5, 1, cancellationToken);
        await using BotDb db = await _services.GetRequiredService<IDbContextFactory<BotDb>>().CreateDbContextAsync(cancellationToken);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
        string sample = await db.Set<RunRow>().OrderBy(r => r.CreatedAt).Select(r => r.Id).LastAsync(cancellationToken);
        string numbers = db is SqliteDb
            ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})"
            : "WITH n(i) AS (SELECT generate_series(1, {0}))";
        foreach (Type type in forLists ? (Type[])[typeof(RunRow)] : [typeof(RunRow), typeof(RunStepRow)])
        {
            (string sql, object[] arguments) = CopyOf(db.Model.FindEntityType(type) ?? throw new InvalidOperationException("The row is not in the model."), numbers, isSqlite: db is SqliteDb, forLists);
            await db.Database.ExecuteSqlRawAsync(sql, [history - _finished, sample, .. arguments], cancellationToken);
        }

        _finished = history;
        if (db is PgDb)
        {
            // Runs that ended one after the other would have been swept long ago; these came all at once.
            await db.Database.ExecuteSqlRawAsync("VACUUM (ANALYZE)", cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _data.Dispose();
    }

    private static (string Sql, object[] Arguments) CopyOf(IEntityType type, string numbers, bool isSqlite, bool forLists)
    {
        string older = isSqlite ? "r.\"CreatedAt\" - n.i * 10000" : "r.\"CreatedAt\" - n.i * interval '1 millisecond'";
        string[] columns = [.. type.GetProperties().Select(p => $"\"{p.GetColumnName()}\"")];
        string key = type.ClrType == typeof(RunRow) ? "\"Id\"" : "\"RunId\"";
        IEnumerable<string> values = columns.Select(c => c == "\"CreatedAt\"" ? older
            : forLists && c is ("\"Facts\"" or "\"State\"" or "\"WorkflowText\"") ? $"substr(r.{c}, 1, 500)"
            : c == key || (c == "\"Key\"" && key == "\"Id\"") ? $"'h' || n.i || substr(r.{c}, 1, 8)" : $"r.{c}");
        return ($"INSERT INTO \"{type.GetTableName()}\" ({string.Join(", ", columns)}) {numbers} SELECT {string.Join(", ", values)} FROM \"{type.GetTableName()}\" r CROSS JOIN n WHERE r.{key} = {{1}}", []);
    }

    private async Task<RunState?> RunOneAsync(string text, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _runs);
        (string id, _) = await _services.GetRequiredService<RunStore>().CreateAsync(NewRunOf(number, text), cancellationToken);
        return await _services.GetRequiredService<RunDriver>().DriveAsync(id, NoObserver.Instance, retry: false, cancellationToken);
    }

    private NewRun NewRunOf(int number, string text)
    {
        string name = number.ToString("x8", CultureInfo.InvariantCulture);
        RunFacts facts = new()
        {
            Id = "",
            Key = $"bench{name}",
            Forge = "local",
            Repository = RepoRef.TryParse("bench/nothing", out RepoRef? repository) ? repository : throw new InvalidOperationException("The name is wrong."),
            DefaultBranch = "main",
            BaseCommit = CommitId.Parse(PinnedCommit),
            BaseTree = WorkspaceTree.Empty,
            Actor = LocalForge.You,
            WorkflowName = "nothing",
            WorkflowSource = "bench",
            Branch = BranchName.Parse($"agentworkflow/nothing-{name}"),
            Inputs = [],
            CreatedAt = _services.GetRequiredService<TimeProvider>().GetUtcNow(),
            Generation = 1,
        };
        RunPin pin = new() { Facts = facts, RepositoryId = 1, RepositoryUrl = "local:bench/nothing", Event = [] };
        return new NewRun(facts.Key, pin, ".agentworkflow/workflows/nothing.yml", text, $"bench/{name}", CancelInProgress: false);
    }

    private static string WorkflowOf(int steps)
    {
        StringBuilder text = new("name: nothing\non: { command: nothing }\nsteps:\n");
        for (int i = 1; i <= steps; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {{ id: s{i}, uses: nothing }}\n");
        }

        return text.ToString();
    }
}
