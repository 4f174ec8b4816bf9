using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Tests.Storage;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>Missed deliveries come back, each once (promise P12).</summary>
public sealed class CatchUpTests : IClassFixture<SqliteDatabase>, IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private readonly IDatabaseFixture _database;
    private readonly FakeTimeProvider _time = new(s_now);
    private readonly InboxSignal _signal = new();
    private readonly DeliveryWriter _writer;
    private readonly Archive _archive = new();

    public CatchUpTests(SqliteDatabase database)
    {
        _database = database;
        _writer = new DeliveryWriter(new SqliteDeliveryTable(_database.Options), _signal);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DeliveryStore Store => new(_database.Factory, _writer, _database.Options, _time);

    public void Dispose()
    {
        _writer.Dispose();
        _signal.Dispose();
    }

    [Fact]
    public async Task What_Never_Came_Is_Fetched_Once_And_What_Came_Is_Not()
    {
        for (int i = 0; i < 600; i++)
        {
            _archive.Sent($"guid-{i}", s_now.AddSeconds(-i));
        }

        // Sent again by a person: two attempts of one delivery.
        _archive.Sent("guid-3", s_now.AddSeconds(-1));
        await Store.AddAsync(Came("guid-7"));
        CatchUp catchUp = New();

        Assert.Equal(599, await catchUp.RunAsync(_archive, Cancel));

        Assert.Equal(599, _archive.Reads);
        Assert.Equal(0, await catchUp.RunAsync(_archive, Cancel));
        Assert.Equal(0, await New().RunAsync(_archive, Cancel));
        IReadOnlyList<WaitingDelivery> waiting = [.. (await Store.ReadWaitingAsync(10_000, [], Cancel)).Where(d => d.Forge == _archive.Forge)];
        Assert.Equal(600, waiting.Select(d => d.DeliveryId).Distinct().Count());
        Assert.Equal("""{"id":"guid-8"}""", Encoding.UTF8.GetString(waiting.Single(d => d.DeliveryId == "guid-8").Body.Span));
        Assert.Equal(DeliverySource.Fetched, waiting.Single(d => d.DeliveryId == "guid-8").Source);
    }

    [Fact]
    public async Task A_List_That_Breaks_Off_Is_Looked_Through_Again_As_Far_Back()
    {
        _archive.Sent("old", s_now.AddDays(-2));
        _archive.Sent("new", s_now.AddMinutes(-1));
        CatchUp catchUp = New();
        _archive.BreaksAfter = 1;
        Assert.Equal(0, await catchUp.RunAsync(_archive, Cancel));

        _archive.BreaksAfter = null;
        Assert.Equal(2, await catchUp.RunAsync(_archive, Cancel));
        Assert.Equal(s_now.AddDays(-30), _archive.AskedSince);
    }

    [Fact]
    public async Task A_Later_Look_Goes_Back_A_Quarter_Of_An_Hour_Behind_The_One_Before()
    {
        CatchUp catchUp = New();
        await catchUp.RunAsync(_archive, Cancel);
        _time.Advance(TimeSpan.FromMinutes(5));

        await catchUp.RunAsync(_archive, Cancel);

        Assert.Equal(s_now.AddMinutes(-15), _archive.AskedSince);
    }

    [Fact]
    public async Task Events_That_Nobody_Needs_Cost_No_Request()
    {
        _archive.Sent("star", s_now, name: "star", action: "created");
        _archive.Sent("gone", s_now, isGone: true);

        Assert.Equal(0, await New().RunAsync(_archive, Cancel));
        Assert.Equal(1, _archive.Reads);
    }

    private CatchUp New() => new([_archive], Store, _time, NullLogger<CatchUp>.Instance);

    private NewDelivery Came(string id) => new()
    {
        Forge = _archive.Forge,
        DeliveryId = id,
        Event = "issue_comment",
        Source = DeliverySource.Webhook,
        Body = PackedBody.Pack("{}"u8),
        ReceivedAt = s_now,
    };

    private sealed class Archive : IDeliveryArchive
    {
        private static int s_number;

        private readonly List<(ArchivedDelivery Item, bool IsGone)> _sent = [];

        public string Forge { get; } = $"archive{Interlocked.Increment(ref s_number)}";

        public int? PollSeconds => null;

        public int? BreaksAfter { get; set; }

        public int Reads { get; private set; }

        public DateTimeOffset AskedSince { get; private set; }

        public void Sent(string id, DateTimeOffset at, string name = "issue_comment", string action = "created", bool isGone = false) =>
            _sent.Add((new ArchivedDelivery(_sent.Count, id, name, action, at), isGone));

        public async IAsyncEnumerable<ArchivedDelivery> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            AskedSince = since;
            int told = 0;
            foreach ((ArchivedDelivery item, _) in _sent.Where(s => s.Item.SentAt >= since).OrderByDescending(s => s.Item.SentAt).ToList())
            {
                if (told++ == BreaksAfter)
                {
                    throw new ForgeException(ForgeFault.Unavailable, "The line is cut.");
                }

                await Task.Yield();
                yield return item;
            }
        }

        public Task<byte[]?> ReadAsync(ArchivedDelivery delivery, CancellationToken cancellationToken)
        {
            Reads++;
            return Task.FromResult(_sent[(int)delivery.Id].IsGone ? null : Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{delivery.DeliveryId}}"}""")));
        }
    }
}
