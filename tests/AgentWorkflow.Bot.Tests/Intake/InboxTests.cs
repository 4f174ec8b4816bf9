using System.Linq.Expressions;
using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Intake;

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
        Assert.Empty(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));

        List<InboxDecision> tries = [];
        for (int round = 0; round < 20; round++)
        {
            world.Clock.Skip(TimeSpan.FromHours(1));
            tries.AddRange(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));
        }

        Assert.Equal(7, tries.Count);
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

    private async Task ForgetAsync(Expression<Func<DeliveryRow, bool>> which)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        await db.Set<DeliveryRow>().Where(which).ExecuteUpdateAsync(s => s.SetProperty(d => d.DecidedAt, (DateTimeOffset?)null), RunWorld.Cancel);
    }
}
