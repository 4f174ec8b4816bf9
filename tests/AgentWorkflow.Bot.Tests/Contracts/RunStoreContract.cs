using System.Collections.Immutable;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Runs.Store;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>What the table of runs keeps on every database: one run a cause (P23), one holder a run, nothing written by who lost it.</summary>
public abstract class RunStoreContract(IDatabaseFixture database)
{
    private static readonly LeaseOwner s_elsewhere = new("elsewhere", 1, 1);
    private static readonly LeaseOwner s_other = new("other", 1, 1);
    private static readonly LeaseOwner s_dead = new(LeaseOwner.Current.Machine, int.MaxValue, 1);
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_over = TimeSpan.FromSeconds(-1);
    private static readonly EffectKey s_key = new("reaction/1/eyes");

    private readonly MemoryContentStore _contents = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IStepWriter Writer => field ??= database.Options.Provider is DatabaseProvider.Sqlite ? new SqliteStepWriter(database.Options) : new PostgresStepWriter(database.Factory);

    private RunStore Store => new(database.Factory, Writer, _contents, new SystemRandomSource(), new DatabaseClock(database.Options, _time), _time);

    [Fact]
    public async Task Two_Hundred_Identical_Requests_At_Once_Make_One_Run()
    {
        NewRun run = NewRuns.Of("same");

        (string Id, bool Created)[] made = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Store.CreateAsync(run, Cancel), Cancel)));

        Assert.Single(made.Select(m => m.Id).Distinct());
        Assert.Single(made, m => m.Created);
    }

    [Fact]
    public async Task Of_Many_Who_Claim_At_Once_One_Gets_The_Run()
    {
        string id = await CreateAsync("claimed");

        RunLease?[] leases = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Store.TryClaimAsync(id, new LeaseOwner($"m{i}", 1, 1), s_long, reopen: false, Cancel), Cancel)));

        Assert.Single(leases, l => l is not null);
    }

    [Fact]
    public async Task Of_Many_Runs_Of_A_Group_That_Are_Claimed_At_Once_The_Oldest_Is_Taken_Alone()
    {
        List<string> ids = [];
        for (int i = 0; i < 6; i++)
        {
            ids.Add(await CreateAsync($"crowd{i}", "crowd"));
        }

        RunLease?[] leases = await Task.WhenAll(ids.SelectMany(id => Enumerable.Range(0, 3).Select(_ => Task.Run(() => Store.TryClaimAsync(id, s_elsewhere, s_long, reopen: false, Cancel), Cancel))));

        Assert.Equal([ids[0]], leases.OfType<RunLease>().Select(l => l.Id));
    }

    [Fact]
    public async Task A_Lease_That_Ran_Out_Can_Be_Taken_Over()
    {
        string id = await CreateAsync("expired");
        Assert.False((await ClaimAsync(id, s_over)).TakenOver);

        RunLease? second = await Store.TryClaimAsync(id, s_other, s_long, reopen: false, Cancel);

        Assert.True(second?.TakenOver);
        Assert.Null(await Store.TryClaimAsync(id, s_elsewhere, s_long, reopen: false, Cancel));
    }

    [Fact]
    public async Task A_Renewal_Keeps_The_Lease()
    {
        string id = await CreateAsync("renewed");
        RunLease lease = await ClaimAsync(id, s_over);

        await Store.RenewAsync(lease, s_long, Cancel);

        Assert.Null(await Store.TryClaimAsync(id, s_other, s_long, reopen: false, Cancel));
    }

    [Fact]
    public async Task The_Lease_Of_A_Process_Of_This_Machine_That_Died_Is_Taken_At_Once()
    {
        string id = await CreateAsync("dead");
        Assert.NotNull(await Store.TryClaimAsync(id, s_dead, s_long, reopen: false, Cancel));

        Assert.True((await Store.TryClaimAsync(id, LeaseOwner.Current, s_long, reopen: false, Cancel))?.TakenOver);
        Assert.Null(await Store.TryClaimAsync(id, s_other, s_long, reopen: false, Cancel));
    }

    [Fact]
    public async Task Who_Lost_The_Run_Writes_Nothing()
    {
        string id = await CreateAsync("fenced");
        RunLease stale = await ClaimAsync(id, s_over);
        RunLease now = await ClaimAsync(id, s_long);
        RunState mine = Working("b");
        await Store.SaveAsync(now, null, mine, [], Cancel);

        await Assert.ThrowsAsync<LeaseLostException>(() => Store.SaveAsync(stale, null, Working("a") with { Status = RunStatus.Failed }, [], Cancel));
        await Assert.ThrowsAsync<LeaseLostException>(() => Store.RenewAsync(stale, s_long, Cancel));
        await Store.ReleaseAsync(stale, until: null, Cancel);

        Assert.Null(await Store.TryClaimAsync(id, s_other, s_long, reopen: false, Cancel));
        await Store.ReleaseAsync(now, until: null, Cancel);
        Assert.Equal(["b"], (await ClaimAsync(id, s_long)).State!.Steps.Select(s => s.Key));
    }

    [Fact]
    public async Task A_Run_That_Was_Let_Go_Was_Not_Taken_Over()
    {
        string id = await CreateAsync("released");
        await Store.ReleaseAsync(await ClaimAsync(id, s_long), until: null, Cancel);

        Assert.False((await ClaimAsync(id, s_long)).TakenOver);
    }

    [Fact]
    public async Task Runs_Of_A_Group_Come_One_After_The_Other_Oldest_First()
    {
        string first = await CreateAsync("g1", "group");
        string second = await CreateAsync("g2", "group");
        string third = await CreateAsync("g3", "group");
        Assert.Null(await TryClaimAsync(second));
        RunLease one = await ClaimAsync(first, s_long);
        Assert.Null(await TryClaimAsync(second));
        await Store.SaveAsync(one, null, Working("a") with { Status = RunStatus.Waiting }, [], Cancel);
        await Store.ReleaseAsync(one, until: null, Cancel);
        Assert.Null(await TryClaimAsync(second));

        one = await ClaimAsync(first, s_long);
        await EndAsync(one);

        Assert.Null(await TryClaimAsync(third));
        await EndAsync((await TryClaimAsync(second))!);
        Assert.NotNull(await TryClaimAsync(third));
    }

    [Fact]
    public async Task A_Newer_Run_Tells_The_Older_Ones_Of_Its_Group_To_End()
    {
        string first = await CreateAsync("c1", "cancelling");
        string other = await CreateAsync("c2", "another");

        await Store.CreateAsync(NewRuns.Of("c3", "cancelling", at: NextSecond()) with { CancelInProgress = true }, Cancel);
        await Store.CreateAsync(NewRuns.Of("c3", "cancelling", at: NextSecond()) with { CancelInProgress = true }, Cancel);

        Assert.Equal([RunSignal.Cancel], (await Store.ReadSignalsAsync(first, Cancel)).Select(s => s.Kind));
        Assert.Empty(await Store.ReadSignalsAsync(other, Cancel));
    }

    [Fact]
    public async Task State_And_Steps_Come_Back_As_They_Were_Saved()
    {
        string id = await CreateAsync("state");
        RunLease lease = await ClaimAsync(id, s_long);
        RunState before = Working("a", "each", "z");
        await Store.SaveAsync(lease, null, before, [], Cancel);
        RunState after = before with
        {
            Status = RunStatus.Waiting,
            Tries = 2,
            Steps = before.Steps.InsertRange(2, Enumerable.Range(0, 12).Select(i => new StepState { Key = $"each[{i}]", StepId = "each", Item = i, ItemValue = JsonValue.Create(i) }))
                .SetItem(0, before.Steps[0] with
                {
                    Status = StepStatus.Succeeded,
                    Outputs = new JsonObject { ["n"] = 1 },
                    Changes = TreeDelta.Between(WorkspaceTree.Empty, _contents.Tree(("ä.txt", "x"))),
                    Receipts = [ReceiptOf(EffectOutcome.Applied)],
                }),
        };
        await Store.SaveAsync(lease, before, after, [], Cancel);
        await Store.ReleaseAsync(lease, until: null, Cancel);

        RunLease found = await ClaimAsync(id, s_long);

        Assert.Equal(StateText(after), StateText(found.State!));
        Assert.Equal(["ä.txt"], found.State!.Steps[0].Changes.Written.Keys.Select(p => p.Value));
        Assert.Equal(_contents.Tree(("README.md", "hello")).Fingerprint(), found.Pin.Facts.BaseTree.Fingerprint());
    }

    [Fact]
    public async Task An_Effect_Is_Stored_As_Planned_And_Its_Receipt_After()
    {
        string id = await CreateAsync("effects");
        RunLease lease = await ClaimAsync(id, s_long);
        RunState acting = new() { Status = RunStatus.Running, Steps = [new StepState { Key = "a", StepId = "a", Status = StepStatus.Acting, Planned = [new AddReaction(s_key, 1, "eyes")] }] };
        EffectLedger ledger = new(database.Factory, _time);

        await Store.SaveAsync(lease, null, acting, [], Cancel);
        Assert.Equal(["planned"], (await ledger.ListAsync(id, Cancel)).Select(e => e.Outcome));
        Assert.Empty(await ledger.ReadReceiptsAsync(id, Cancel));

        await ledger.RecordAsync(id, ReceiptOf(EffectOutcome.Adopted));
        await ledger.RecordAsync(id, ReceiptOf(EffectOutcome.Adopted));
        Assert.Equal(EffectOutcome.Adopted, (await ledger.ReadReceiptsAsync(id, Cancel))[s_key.Value].Outcome);
        Assert.False(await ledger.PlanAsync(id, new AddReaction(s_key, 1, "eyes"), Cancel));
    }

    [Fact]
    public async Task A_Word_Is_Kept_Until_It_Was_Taken_In_And_A_Run_That_Is_Over_Hears_Only_Retry()
    {
        string id = await CreateAsync("words");
        RunLease lease = await ClaimAsync(id, s_long);
        Assert.True(await Store.SignalAsync(id, RunSignal.Answer, new JsonObject { ["approved"] = true }, Cancel));
        RunSignal word = Assert.Single(await Store.ReadSignalsAsync(id, Cancel));
        Assert.True(word.Payload["approved"]!.GetValue<bool>());

        await Store.SaveAsync(lease, null, Working("a"), [word], Cancel);
        Assert.Empty(await Store.ReadSignalsAsync(id, Cancel));

        await Store.SignalAsync(id, RunSignal.Cancel, [], Cancel);
        await EndAsync(lease, Working("a"));
        Assert.Empty(await Store.ReadSignalsAsync(id, Cancel));
        Assert.False(await Store.SignalAsync(id, RunSignal.Cancel, [], Cancel));
        Assert.True(await Store.SignalAsync(id, RunSignal.Retry, [], Cancel));
    }

    [Fact]
    public async Task A_Run_That_Is_Over_Is_Taken_Only_For_A_Retry()
    {
        string id = await CreateAsync("again");
        await EndAsync(await ClaimAsync(id, s_long));
        Assert.Null(await TryClaimAsync(id));
        Assert.DoesNotContain(id, await Store.FindDueAsync(LeaseOwner.Current, Cancel));

        await Store.SignalAsync(id, RunSignal.Retry, [], Cancel);

        Assert.Contains(id, await Store.FindDueAsync(LeaseOwner.Current, Cancel));
        Assert.True((await TryClaimAsync(id))?.State?.IsOver);
    }

    [Fact]
    public async Task Due_Is_What_Is_Queued_Died_Over_Its_Time_Or_Told_A_Word()
    {
        string queued = await CreateAsync("d-queued");
        string held = await CreateAsync("d-held");
        await Store.SaveAsync(await ClaimAsync(held, s_long), null, Working("a"), [], Cancel);
        string died = await CreateAsync("d-died");
        await Store.SaveAsync((await Store.TryClaimAsync(died, s_dead, s_long, reopen: false, Cancel))!, null, Working("a"), [], Cancel);
        string waits = await WaitingAsync("d-waits", null);
        string later = await WaitingAsync("d-later", DateTimeOffset.MaxValue.AddYears(-10));
        string due = await WaitingAsync("d-due", _time.GetUtcNow().AddYears(-1));
        string told = await WaitingAsync("d-told", null);
        await Store.SignalAsync(told, RunSignal.Answer, [], Cancel);

        IReadOnlyList<string> found = await Store.FindDueAsync(LeaseOwner.Current, Cancel);

        Assert.Equal([queued, died, due, told], found.Where(f => new[] { queued, held, died, waits, later, due, told }.Contains(f)));
    }

    private static RunState Working(params IEnumerable<string> steps) =>
        new() { Status = RunStatus.Running, Steps = [.. steps.Select(s => new StepState { Key = s, StepId = s })] };

    private static Receipt ReceiptOf(EffectOutcome outcome) => new(s_key, "reaction", outcome, ImmutableSortedDictionary<string, string>.Empty.Add("url", "u"));

    private static string StateText(RunState state) => System.Text.Json.JsonSerializer.Serialize(state, StateJson.Options);

    private async Task<string> WaitingAsync(string key, DateTimeOffset? until)
    {
        string id = await CreateAsync(key);
        RunLease lease = await ClaimAsync(id, s_long);
        RunState state = new() { Status = RunStatus.Waiting, Steps = [new StepState { Key = "a", StepId = "a", Status = StepStatus.Waiting, WakeAt = until }] };
        await Store.SaveAsync(lease, null, state, [], Cancel);
        await Store.ReleaseAsync(lease, until: null, Cancel);
        return id;
    }

    private async Task EndAsync(RunLease lease, RunState? before = null)
    {
        RunState over = Working("a") with { Status = RunStatus.Succeeded, FinishedAt = _time.GetUtcNow() };
        await Store.SaveAsync(lease, before ?? lease.State, over, [], Cancel);
        await Store.ReleaseAsync(lease, until: null, Cancel);
    }

    private async Task<RunLease> ClaimAsync(string id, TimeSpan duration) =>
        await Store.TryClaimAsync(id, s_elsewhere, duration, reopen: false, Cancel) ?? throw new InvalidOperationException("not claimed");

    private Task<RunLease?> TryClaimAsync(string id) => Store.TryClaimAsync(id, s_elsewhere, s_long, reopen: false, Cancel);

    private async Task<string> CreateAsync(string key, string? group = null) =>
        (await Store.CreateAsync(NewRuns.Of(key, group, _contents.Tree(("README.md", "hello")), NextSecond()), Cancel)).Id;

    private DateTimeOffset NextSecond()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return _time.GetUtcNow();
    }
}

public sealed class SqliteRunStoreTests(SqliteDatabase database) : RunStoreContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresRunStoreTests(PostgresDatabase database) : RunStoreContract(database), IClassFixture<PostgresDatabase>;
