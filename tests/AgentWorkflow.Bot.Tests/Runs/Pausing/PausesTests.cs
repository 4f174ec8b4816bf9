using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Tests.Runs.Pausing;

public sealed class PausesTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Two = "  - { id: a, uses: script }\n  - { id: b, uses: script }";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Run_Stops_After_Its_Current_Step_And_Goes_On_Afterwards(bool everything)
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(Two);
        string? repository = everything ? null : world.Repository.ToString().ToUpperInvariant();
        world.Script.On("a", async (_, cancel) =>
        {
            // Two looks at the table pass by the clock of the run before the step ends.
            Assert.True(await world.Get<Pauses>().PauseAsync(repository, cancel));
            await Task.Delay(TimeSpan.FromSeconds(10), world.Clock, cancel);
            return ScriptStep.Done;
        });

        RunState? stopped = await world.DriveAsync(id);

        Assert.False(stopped!.IsOver);
        Assert.Equal(["a"], world.Script.Calls);
        Assert.DoesNotContain(id, await world.Store.FindDueAsync(LeaseOwner.Current, RunWorld.Cancel));
        Assert.True(await world.Get<Pauses>().ResumeAsync(repository, RunWorld.Cancel));
        Assert.Contains(id, await world.Store.FindDueAsync(LeaseOwner.Current, RunWorld.Cancel));
        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
        Assert.Equal(["a", "b"], world.Script.Calls);
    }

    [Fact]
    public async Task Deliveries_Are_Kept_While_Everything_Or_Their_Repository_Is_Paused()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(Two));
        foreach (string? repository in (string?[])[null, world.Repository.ToString()])
        {
            await world.Get<Pauses>().PauseAsync(repository, RunWorld.Cancel);
            await world.Get<AgentWorkflow.Bot.Forges.Local.LocalPeople>().CommentAsync(world.Repository, AgentWorkflow.Bot.Forges.Local.LocalForge.You, world.Issue, "/generate w", RunWorld.Cancel);

            Assert.All(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel), d => Assert.Equal("kept: its repository is paused", d.Reason));
            await world.Get<Pauses>().ResumeAsync(repository, RunWorld.Cancel);
            await world.Get<DeliveryStore>().ReleaseAsync(RunWorld.Cancel);

            InboxDecision decided = Assert.Single(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));
            await world.FinishAsync(decided.RunId!);
        }
    }

    [Fact]
    public async Task A_Pause_Is_Made_And_Ended_Once()
    {
        await using RunWorld world = new(database);
        Pauses pauses = world.Get<Pauses>();

        Assert.True(await pauses.PauseAsync("Octo/One", RunWorld.Cancel));
        Assert.False(await pauses.PauseAsync("octo/one", RunWorld.Cancel));
        PauseState state = await pauses.ReadAsync(RunWorld.Cancel);
        Assert.Equal((true, false, false), (state.Holds("OCTO/one"), state.Holds("octo/two"), state.IsEverything));
        Assert.True(await pauses.ResumeAsync("octo/ONE", RunWorld.Cancel));
        Assert.False(await pauses.ResumeAsync("octo/one", RunWorld.Cancel));
        Assert.Null((await pauses.ReadAsync(RunWorld.Cancel)).Sentence);
    }
}
