using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Text;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>What was taken in is decided on (promise P1), side by side (P35), in order within a repository, and once whoever comes at the same time (P23).</summary>
public sealed class InboxTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string One = "  - { id: a, uses: script }";

    [Fact]
    public async Task A_Delivery_That_Is_Decided_Twice_Leads_To_One_Run()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);
        await ForgetAsync(d => d.RunId == id);

        InboxDecision again = Assert.Single(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));

        Assert.Equal(id, again.RunId);
        await world.FinishAsync(id);
    }

    [Fact]
    public async Task A_Forge_That_Does_Not_Answer_For_One_Holds_Up_No_Other_And_Is_Given_Up_After_A_While()
    {
        await using RunWorld world = new(database);
        ActorId stranger = new(99, "mallory");
        string id = await world.AskAsync(One);
        await world.FinishAsync(id);
        world.Forge.Finding = effect => effect is PutComment ? throw new ForgeException(ForgeFault.Unavailable, "The forge does not answer.") : Task.CompletedTask;
        await world.Get<LocalPeople>().CommentAsync(world.Repository, stranger, world.Issue, "/generate w", RunWorld.Cancel);

        InboxDecision mine = await world.SayAsync("/retry");
        Assert.Equal($"told run {id}: retry", mine.Reason);

        List<InboxDecision> tries = [];
        for (int round = 0; round < 20; round++)
        {
            world.Clock.Skip(TimeSpan.FromHours(1));
            tries.AddRange(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));
        }

        // On a slow machine the clock, which runs faster, may have let one of the tries come before these.
        Assert.InRange(tries.Count, 3, 7);
        Assert.Equal("given up after 8 tries: The forge does not answer.", tries[^1].Reason);
    }

    [Fact]
    public async Task A_Refusal_Is_Told_Once_However_Often_It_Is_Decided()
    {
        await using RunWorld world = new(database);
        ActorId stranger = new(99, "mallory");
        string id = await world.AskAsync(One);

        InboxDecision decision = await world.SayAsync("/generate w", stranger);
        await ForgetAsync(d => d.DeliveryId == decision.DeliveryId);
        await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel);

        Assert.StartsWith("AW2021", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(2, world.Forge.Applied.Count);
        await world.FinishAsync(id);
    }

    [Fact]
    public async Task A_Word_To_A_Run_That_Is_Over_Or_To_None_Does_Nothing()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);
        await world.FinishAsync(id);

        Assert.Equal($"run {id} is over", (await world.SayAsync("/cancel")).Reason);
        Assert.Null(await world.DriveAsync(id));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"action\":\"created\"}")]
    [InlineData("{\"action\":\"created\",\"repository\":{\"id\":1,\"full_name\":\"no/where\"},\"sender\":{\"id\":2,\"type\":\"User\"},\"comment\":{\"id\":1,\"body\":\"/generate\",\"user\":{\"id\":2}}}")]
    public async Task What_Is_No_Trigger_Is_Marked_And_Forgotten(string body)
    {
        await using RunWorld world = new(database);
        IDatabaseFixture fixture = database;
        await using (BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel))
        {
            db.Add(new DeliveryRow { Forge = "local", DeliveryId = world.Get<IRandomSource>().NextBase32(26), Event = "issue_comment", Source = DeliverySource.Local, Body = PackedBody.PackExactly(Encoding.UTF8.GetBytes(body)), ReceivedAt = world.Clock.GetUtcNow(), DueAt = world.Clock.GetUtcNow() });
            await db.SaveChangesAsync(RunWorld.Cancel);
        }

        Assert.Null(Assert.Single(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel)).RunId);
        Assert.Empty(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));
    }

    [Fact]
    public async Task What_Was_Being_Decided_When_The_Process_Ended_Is_Decided_By_The_Next()
    {
        await using RunWorld world = new(database);
        await world.MakeAsync(("README.md", "x"), (".agentworkflow/workflows/w.yml", $"on: {{ manual: true }}\nsteps:\n{One}\n"));
        await world.Get<LocalPeople>().CommentAsync(world.Repository, LocalForge.You, world.Issue, "/generate w", RunWorld.Cancel);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(RunWorld.Cancel);
        world.Forge.Asking = async _ =>
        {
            await stop.CancelAsync();
            stop.Token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Get<Inbox>().DecideAllAsync(ownComment: null, stop.Token));
        Assert.Empty(await world.Get<RunIndex>().FindActiveAsync("local", world.Repository, RunWorld.Cancel));

        world.Forge.Asking = null;
        await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel);
        await world.FinishAsync(Assert.Single(await world.Get<RunIndex>().FindActiveAsync("local", world.Repository, RunWorld.Cancel)));
    }

    [Fact]
    public async Task A_Forge_That_Hangs_For_One_Owner_Lets_Another_Through()
    {
        await using RunWorld world = new(database);
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await world.MakeAsync(("README.md", "x"));
        (RepoRef hanging, long issue) = (world.Repository, world.Issue);
        await world.AskInAsync([("README.md", "x"), (".agentworkflow/workflows/w.yml", $"on: {{ manual: true }}\nsteps:\n{One}\n")], "An idea.", "/generate w");
        world.Forge.Asking = repository => repository == hanging ? gate.Task : Task.CompletedTask;
        for (int i = 0; i < 20; i++)
        {
            await world.Get<LocalPeople>().CommentAsync(hanging, LocalForge.You, issue, $"/status {i}=", RunWorld.Cancel);
        }

        await world.Get<LocalPeople>().CommentAsync(world.Repository, LocalForge.You, world.Issue, "/generate w", RunWorld.Cancel);
        List<Task<InboxDecision>> open = [.. await world.Get<Inbox>().TakeAsync(ownComment: null, RunWorld.Cancel)];

        // Whatever was left by other tests is decided on too; what hangs is not.
        for (int left = open.Count; left > 20; left--)
        {
            open.Remove(await Task.WhenAny(open).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, RunWorld.Cancel));
        }

        Assert.All(open, d => Assert.False(d.IsCompleted));
        Assert.Equal(2, (await RunsAsync(world)).Count);

        // What is being decided on is not taken again: nothing that is taken now hangs.
        await Task.WhenAll(await world.Get<Inbox>().TakeAsync(ownComment: null, RunWorld.Cancel)).WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System, RunWorld.Cancel);
        gate.SetResult();
        Assert.All(await Task.WhenAll(open), d => Assert.StartsWith("AW2022", d.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Happens_In_A_Repository_Is_Decided_In_Order()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(One));
        ConcurrentQueue<string> order = [];
        world.Forge.Finding = async effect =>
        {
            await Task.Yield();
            if (effect is PutComment said)
            {
                order.Enqueue(said.Body);
            }
        };
        for (int i = 0; i < 30; i++)
        {
            world.Clock.Skip(TimeSpan.FromSeconds(1));
            await world.Get<LocalPeople>().CommentAsync(world.Repository, LocalForge.You, world.Issue, $"/generate w x{i}=1", RunWorld.Cancel);
        }

        await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"x{i}"), order.Select(text => Regex.Match(text, "(?<=`)x[0-9]+(?=`)", RegexOptions.None, TimeSpan.FromSeconds(1)).Value));
    }

    [Fact]
    public async Task Two_Hundred_Deliveries_Of_One_Command_On_Three_Replicas_Make_One_Run()
    {
        await using RunWorld one = new(database);
        await using RunWorld two = new(database);
        await using RunWorld three = new(database);
        string first = await one.AskAsync(One);
        await one.FinishAsync(first);
        await one.Get<LocalPeople>().CommentAsync(one.Repository, LocalForge.You, one.Issue, "/generate w", RunWorld.Cancel);
        await CopyLastAsync(200);

        List<RunWorld> replicas = [one, two, three];
        IReadOnlyList<InboxDecision>[] decided = await Task.WhenAll(replicas.Select(r => Task.Run(() => r.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel))));

        Assert.True(decided.Sum(d => d.Count) >= 200);
        Assert.Single(decided.SelectMany(d => d).Select(d => d.RunId).OfType<string>().Distinct());
        Assert.Equal(2, (await RunsAsync(one)).Count);
    }

    private async Task CopyLastAsync(int times)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        DeliveryRow last = await db.Set<DeliveryRow>().AsNoTracking().Where(d => d.DecidedAt == null).OrderByDescending(d => d.ReceivedAt).FirstAsync(RunWorld.Cancel);
        db.AddRange(Enumerable.Range(0, times).Select(i => new DeliveryRow { Forge = last.Forge, DeliveryId = $"{last.DeliveryId}-{i}", Event = last.Event, Source = last.Source, Body = last.Body, ReceivedAt = last.ReceivedAt, DueAt = last.DueAt }));
        await db.SaveChangesAsync(RunWorld.Cancel);
    }

    private async Task<List<string>> RunsAsync(RunWorld world)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        string repository = world.Repository.ToString();
        return await db.Set<AgentWorkflow.Bot.Runs.Store.RunRow>().Where(r => r.Repository == repository).Select(r => r.Id).ToListAsync(RunWorld.Cancel);
    }

    private async Task ForgetAsync(Expression<Func<DeliveryRow, bool>> which)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        await db.Set<DeliveryRow>().Where(which).ExecuteUpdateAsync(s => s.SetProperty(d => d.DecidedAt, (DateTimeOffset?)null), RunWorld.Cancel);
    }
}
