using System.Text;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>What the store of deliveries keeps on every database: each id once (P4), each answer after its commit (P2), nothing forgotten that waits (P100).</summary>
public abstract class DeliveryStoreContract : IDisposable
{
    private readonly IDatabaseFixture _database;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly InboxSignal _signal = new();
    private readonly string _forge = $"f{Interlocked.Increment(ref s_number)}";
    private static int s_number;
    private DeliveryWriter? _writer;

    protected DeliveryStoreContract(IDatabaseFixture database) => _database = database;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DeliveryWriter Writer => _writer ??= new DeliveryWriter(NewTable(), _signal);

    private DeliveryStore Store => new(_database.Factory, Writer, _database.Options, _time);

    public void Dispose()
    {
        _writer?.Dispose();
        _signal.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_Was_Stored_Is_Read_As_It_Came()
    {
        NewDelivery sent = New("one", "{\"action\":\"created\",\"text\":\"ü\"}") with { HookId = 7, TargetType = "integration", TargetId = 8 };

        Assert.True(await Store.AddAsync(sent));

        WaitingDelivery read = Assert.Single(await WaitingAsync());
        Assert.Equal((_forge, "one", "issue_comment", DeliverySource.Webhook, _time.GetUtcNow(), 0), (read.Forge, read.DeliveryId, read.Event, read.Source, read.ReceivedAt, read.Attempts));
        Assert.Equal("{\"action\":\"created\",\"text\":\"ü\"}", Encoding.UTF8.GetString(read.Body.Span));
    }

    [Fact]
    public async Task What_Is_Being_Decided_On_Is_Not_Read_Again()
    {
        foreach (string id in (string[])["one", "two", "three"])
        {
            await Store.AddAsync(New(id, "{}"));
        }

        IReadOnlyList<WaitingDelivery> rest = await Store.ReadWaitingAsync(1000, ["one", "three"], Cancel);

        Assert.Equal("two", Assert.Single(rest, d => d.Forge == _forge).DeliveryId);
    }

    [Fact]
    public async Task Of_Many_Copies_At_Once_One_Is_Stored()
    {
        bool[] stored = await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(() => Store.AddAsync(New($"d{i % 100}", $"{i}")), Cancel)));

        Assert.Equal(100, stored.Count(s => s));
        Assert.Equal(100, (await WaitingAsync()).Count);
        Assert.InRange(Writer.Commits, 1, 1000);
    }

    [Fact]
    public async Task Writers_Of_Several_Replicas_Store_A_Copy_Once()
    {
        using DeliveryWriter other = new(NewTable(), _signal);
        DeliveryStore there = new(_database.Factory, other, _database.Options, _time);

        bool[] stored = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => (i % 2 == 0 ? Store : there).AddAsync(New($"d{i / 4}", "{}")), Cancel)));

        Assert.Equal(50, stored.Count(s => s));
    }

    [Fact]
    public async Task The_Same_Id_At_Another_Forge_Is_Another_Delivery()
    {
        Assert.True(await Store.AddAsync(New("same", "{}")));
        Assert.True(await Store.AddAsync(New("same", "{}") with { Forge = _forge + "b" }));
        Assert.False(await Store.AddAsync(New("same", "[]")));
    }

    [Fact]
    public async Task They_Are_Read_In_The_Order_In_Which_They_Came_And_In_Portions()
    {
        foreach (string id in (string[])["c", "a", "b"])
        {
            await Store.AddAsync(New(id, "{}"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["c", "a", "b"], (await WaitingAsync()).Select(d => d.DeliveryId));
        Assert.Single(await Store.ReadWaitingAsync(1, [], Cancel));
    }

    [Fact]
    public async Task What_Was_Decided_Waits_No_More_And_Is_Still_Known()
    {
        await Store.AddAsync(New("one", "{}"));
        WaitingDelivery waiting = Assert.Single(await WaitingAsync());

        await Store.DecideAsync(waiting, "no trigger", null, Cancel);
        await Store.DecideAsync(waiting, "another", "run", Cancel);

        Assert.Empty(await WaitingAsync());
        Assert.False(await Store.AddAsync(New("one", "{}")));
    }

    [Fact]
    public async Task What_Is_Put_Off_Comes_Back_At_Its_Time_With_One_Attempt_More()
    {
        await Store.AddAsync(New("one", "{}"));
        await Store.PostponeAsync(Assert.Single(await WaitingAsync()), _time.GetUtcNow() + TimeSpan.FromMinutes(1), Cancel);

        Assert.Empty(await WaitingAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, Assert.Single(await WaitingAsync()).Attempts);
    }

    [Fact]
    public async Task What_Nobody_Can_Read_Is_Kept_As_Decided()
    {
        Assert.True(await Store.AddAsync(New("odd", "payload=%7B%7D") with { Unreadable = "unreadable: it is form data" }));

        Assert.Empty(await WaitingAsync());
        Assert.False(await Store.AddAsync(New("odd", "payload=%7B%7D")));
    }

    [Fact]
    public async Task Bodies_Are_Forgotten_After_A_Week_And_Ids_After_Ninety_Days_But_Nothing_That_Waits()
    {
        await Store.AddAsync(New("done", "{}"));
        await Store.AddAsync(New("waits", "{\"kept\":true}"));
        await Store.DecideAsync((await WaitingAsync()).First(d => d.DeliveryId == "done"), "no trigger", null, Cancel);

        _time.Advance(TimeSpan.FromDays(89));
        await Store.TrimAsync(Cancel);
        Assert.False(await Store.AddAsync(New("done", "{}")));
        Assert.Equal("{\"kept\":true}", Encoding.UTF8.GetString(Assert.Single(await WaitingAsync()).Body.Span));

        _time.Advance(TimeSpan.FromDays(411));
        await Store.TrimAsync(Cancel);
        Assert.True(await Store.AddAsync(New("done", "{}")));
        Assert.False(await Store.AddAsync(New("waits", "{}")));
    }

    [Fact]
    public async Task Who_Decides_Is_Woken_When_Something_New_Was_Committed()
    {
        Task woken = _signal.WaitAsync(TimeSpan.FromDays(1), _time, Cancel);

        await Store.AddAsync(New("one", "{}"));

        await woken.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    private async Task<IReadOnlyList<WaitingDelivery>> WaitingAsync() => [.. (await Store.ReadWaitingAsync(1000, [], Cancel)).Where(d => d.Forge == _forge)];

    private IDeliveryTable NewTable() => _database.Options.Provider is DatabaseProvider.Sqlite ? new SqliteDeliveryTable(_database.Options) : new PostgresDeliveryTable(_database.Options);

    private NewDelivery New(string id, string body) => new()
    {
        Forge = _forge,
        DeliveryId = id,
        Event = "issue_comment",
        Source = DeliverySource.Webhook,
        Body = PackedBody.Pack(Encoding.UTF8.GetBytes(body)),
        ReceivedAt = _time.GetUtcNow(),
    };
}

public sealed class SqliteDeliveryStoreTests(SqliteDatabase database) : DeliveryStoreContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresDeliveryStoreTests(PostgresDatabase database) : DeliveryStoreContract(database), IClassFixture<PostgresDatabase>;
