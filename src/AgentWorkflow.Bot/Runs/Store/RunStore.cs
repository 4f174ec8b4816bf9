using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Runs in the database. The tables are the truth: whoever claims a run goes on from what stands here. One transaction a
/// step; contents are stored before the row that names them; every write of a holder carries its fencing token.
/// </summary>
internal sealed class RunStore(
    IDbContextFactory<BotDb> databases, IStepWriter writer, IContentStore contents, IRandomSource random, DatabaseClock clock, TimeProvider time)
{
    private static readonly string[] ActiveStatuses = [Name(RunStatus.Queued), Name(RunStatus.Running), Name(RunStatus.Waiting)];

    /// <summary>Stores a run, or finds the one that the same cause made before.</summary>
    /// <returns>The run's id, and whether it is new.</returns>
    public async Task<(string Id, bool Created)> CreateAsync(NewRun run, CancellationToken cancellationToken)
    {
        string baseTree = await contents.PutAsync(JsonSerializer.SerializeToUtf8Bytes(run.Pin.Facts.BaseTree, StateJson.Options), cancellationToken);
        using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await FindByKeyAsync(db, run.Key, cancellationToken) is { } existing)
        {
            return (existing, false);
        }

        RunRow row = NewRow(run, random.NextBase32(26), baseTree);
        db.Add(row);
        if (run.CancelInProgress)
        {
            List<string> older = await db.Set<RunRow>()
                .Where(r => r.FinishedAt == null && r.ConcurrencyGroup == run.ConcurrencyGroup && ActiveStatuses.Contains(r.Status)).Select(r => r.Id).ToListAsync(cancellationToken);
            db.AddRange(older.Select(id => Signal(id, RunSignal.Cancel, new JsonObject { ["reason"] = "A newer run of the same concurrency group was started." })));
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return (row.Id, true);
        }
        catch (DbUpdateException e) when (StorageErrors.IsDuplicate(e))
        {
            string? other = await FindByKeyAsync(db, run.Key, cancellationToken);
            return (other ?? throw new InvalidOperationException("A run's key was taken and is gone again.", e), false);
        }
    }

    /// <summary>
    /// Takes the run if nobody holds it, its turn in the concurrency group has come and it is not over. All in one write:
    /// who loses a race leaves nothing behind, no group that is held by a run which nobody drives.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="owner">Who takes it.</param>
    /// <param name="duration">How long it is held without a renewal.</param>
    /// <param name="reopen">True to take also a run that is over, for a retry; without it such a run is taken only if somebody left that word.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public async Task<RunLease?> TryClaimAsync(string id, LeaseOwner owner, TimeSpan duration, bool reopen, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        RunRow? seen = await ReadAsync(db, id, cancellationToken);
        DateTimeOffset now = await clock.NowAsync(db, cancellationToken);
        if (seen is { BaseTree: "" } && reopen)
        {
            throw new StorageException("AW2050", $"The files of run {id[..8]} were removed some time after its end (Retention__WorkspaceDays), so it cannot be tried again; start a new one.");
        }

        if (seen is null or { BaseTree: "" } || (seen.LeaseOwner is not null && seen.LeaseUntil > now && !owner.KnowsGone(seen.LeaseOwner)))
        {
            return null;
        }

        RunClaim claim = new(id, seen.Fencing, seen.LeaseUntil, owner.ToString(), now + duration, seen.ConcurrencyGroup, seen.CreatedAt, reopen);
        if (!await writer.ClaimAsync(claim, cancellationToken))
        {
            return null;
        }

        // Read again: a holder whose lease had run out may have gone on writing until the claim.
        CrashPoint.Here("claimed");
        return await ReadAsync(db, id, cancellationToken) is { } row && row.Fencing == seen.Fencing + 1
            ? await LoadAsync(db, row, takenOver: seen.LeaseOwner is not null, cancellationToken)
            : null;
    }

    /// <summary>Holds the run for another while.</summary>
    /// <exception cref="LeaseLostException">Another process holds it.</exception>
    public async Task RenewAsync(RunLease lease, TimeSpan duration, CancellationToken cancellationToken)
    {
        using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset until = await clock.NowAsync(db, cancellationToken) + duration;
        Require(lease, await Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(r => r.LeaseUntil, until), cancellationToken));
    }

    /// <summary>Lets go of the run, so that it can be claimed at once, or not before a time.</summary>
    public async Task ReleaseAsync(RunLease lease, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (until is not null)
        {
            string waiting = Name(RunStatus.Waiting);
            await Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(r => r.Status, waiting).SetProperty(r => r.WakeAt, until).SetProperty(r => r.Moves, r => r.Moves + 1), cancellationToken);
        }

        await Held(db, lease).ExecuteUpdateAsync(s => s.SetProperty(r => r.LeaseOwner, (string?)null).SetProperty(r => r.LeaseUntil, (DateTimeOffset?)null), cancellationToken);
    }

    /// <summary>
    /// Saves what changed, in one transaction: the run, its steps, effects that are newly planned, signals that were taken in. A run
    /// that is over is let go of with it.
    /// </summary>
    /// <exception cref="LeaseLostException">Another process holds it; nothing was written.</exception>
    public async Task SaveAsync(RunLease lease, RunState? before, RunState after, IReadOnlyList<RunSignal> taken, CancellationToken cancellationToken)
    {
        string status = Name(after.Status);
        string state = JsonSerializer.Serialize(after with { Steps = [] }, StateJson.Options);
        if (taken.Count == 0 && TryWrite(lease, before, after, status, state) is { } write)
        {
            Require(lease, await writer.WriteAsync(write, cancellationToken) ? 1 : 0);
            return;
        }

        using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        bool isOver = after.IsOver;
        Require(lease, await Held(db, lease).ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Status, status).SetProperty(r => r.State, state).SetProperty(r => r.Code, after.Code).SetProperty(r => r.Reason, after.Reason)
                .SetProperty(r => r.FinishedAt, after.FinishedAt).SetProperty(r => r.WakeAt, after.WakeAt).SetProperty(r => r.Moves, r => r.Moves + 1)
                .SetProperty(r => r.LeaseOwner, r => isOver ? null : r.LeaseOwner).SetProperty(r => r.LeaseUntil, r => isOver ? null : r.LeaseUntil),
            cancellationToken));
        await SaveStepsAsync(db, lease.Id, before, after, cancellationToken);
        if (after.IsOver)
        {
            await db.Set<RunGroupRow>().Where(g => g.RunId == lease.Id).ExecuteDeleteAsync(cancellationToken);

            // What nobody took in would hit a later retry.
            await db.Set<RunSignalRow>().Where(s => s.RunId == lease.Id && s.Kind != RunSignal.Retry).ExecuteDeleteAsync(cancellationToken);
        }

        long[] signals = [.. taken.Select(s => s.Id)];
        if (signals.Length > 0)
        {
            await db.Set<RunSignalRow>().Where(s => signals.Contains(s.Id)).ExecuteDeleteAsync(cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        CrashPoint.Here("uncommitted:state");
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Signals that wait for the holder.</summary>
    public async Task<IReadOnlyList<RunSignal>> ReadSignalsAsync(string id, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<RunSignalRow> rows = await db.Set<RunSignalRow>().AsNoTracking().Where(s => s.RunId == id).OrderBy(s => s.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(r => new RunSignal(r.Id, r.Kind, JsonNode.Parse(r.Payload)?.AsObject() ?? []))];
    }

    /// <summary>Leaves a word for the run.</summary>
    /// <returns>False when the run is over and the word is none to such a run, or its files were removed; nothing was left.</returns>
    public async Task<bool> SignalAsync(string id, string kind, JsonObject payload, CancellationToken cancellationToken)
    {
        using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<RunRow>().AnyAsync(r => r.Id == id && r.FinishedAt != null && (kind != RunSignal.Retry || r.BaseTree == ""), cancellationToken))
        {
            return false;
        }

        db.Add(Signal(id, kind, payload));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Runs that this process should take now: queued and not behind another of their group, died with their process, due, or with a signal; not what is paused. Oldest first.</summary>
    public async Task<IReadOnlyList<string>> FindDueAsync(LeaseOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = await clock.NowAsync(db, cancellationToken);
        string queued = Name(RunStatus.Queued);
        string running = Name(RunStatus.Running);
        var rows = await db.Set<RunRow>().AsNoTracking()
            .Where(r => r.FinishedAt == null
                ? (r.Status == queued && !db.Set<RunGroupRow>().Any(g => g.Name == r.ConcurrencyGroup && g.RunId != r.Id)) || r.Status == running || r.WakeAt <= now || db.Set<RunSignalRow>().Any(s => s.RunId == r.Id)
                : db.Set<RunSignalRow>().Any(s => s.RunId == r.Id && s.Kind == RunSignal.Retry))
#pragma warning disable CA1862 // The database compares, and knows no StringComparison.
            .Where(r => !db.Set<PauseRow>().Any(p => p.Repository == PauseRow.Everything || p.Repository == r.Repository.ToLower()))
#pragma warning restore CA1862
            .OrderBy(r => r.CreatedAt).Select(r => new { r.Id, r.LeaseOwner, r.LeaseUntil }).ToListAsync(cancellationToken);
        return [.. rows.Where(r => r.LeaseOwner is null || r.LeaseUntil <= now || owner.KnowsGone(r.LeaseOwner)).Select(r => r.Id)];
    }

    /// <summary>Whether processes died with the run one after the other, as far as that is stored; the next claim counts the last of them.</summary>
    public async Task<bool> IsSuspectAsync(string id, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string? state = await db.Set<RunRow>().Where(r => r.Id == id).Select(r => r.State).SingleOrDefaultAsync(cancellationToken);
        return !string.IsNullOrEmpty(state) && Read<RunState>(state).IsSuspect;
    }

    /// <summary>The suspects that processes which are known to be gone have left.</summary>
    public async Task<HashSet<string>> FindSuspectsAsync(LeaseOwner owner, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Set<RunRow>().Where(r => r.FinishedAt == null && r.LeaseOwner != null).Select(r => new { r.Id, r.LeaseOwner, r.State }).ToListAsync(cancellationToken);
        return [.. rows.Where(r => owner.KnowsGone(r.LeaseOwner!) && !string.IsNullOrEmpty(r.State) && Read<RunState>(r.State).IsSuspect).Select(r => r.Id)];
    }

    /// <summary>The newest run of an issue or pull request.</summary>
    public async Task<string?> FindNewestAsync(string forge, RepoRef repository, long? issue, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string name = repository.ToString();
        return await db.Set<RunRow>().Where(r => r.Forge == forge && r.Repository == name && r.Issue == issue)
            .OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Select(r => r.Id).FirstOrDefaultAsync(cancellationToken);
    }

    private static RunRow NewRow(NewRun run, string id, string baseTree)
    {
        RunPin pin = run.Pin with { Facts = run.Pin.Facts with { Id = id, BaseTree = WorkspaceTree.Empty } };
        return new RunRow
        {
            Id = id,
            Key = run.Key,
            Forge = pin.Facts.Forge,
            Repository = pin.Facts.Repository.ToString(),
            Issue = pin.Facts.Issue?.Number,
            Branch = pin.Facts.Branch.Value,
            Generation = pin.Facts.Generation,
            WorkflowName = pin.Facts.WorkflowName,
            WorkflowPath = run.WorkflowPath,
            WorkflowText = run.WorkflowText,
            ConcurrencyGroup = run.ConcurrencyGroup,
            Status = Name(RunStatus.Queued),
            Facts = JsonSerializer.Serialize(pin, StateJson.Options),
            BaseTree = baseTree,
            State = "",
            CreatedAt = pin.Facts.CreatedAt,
        };
    }

    private static async Task<string?> FindByKeyAsync(BotDb db, string key, CancellationToken cancellationToken) =>
        await db.Set<RunRow>().Where(r => r.Key == key).Select(r => r.Id).SingleOrDefaultAsync(cancellationToken);

    private static Task<RunRow?> ReadAsync(BotDb db, string id, CancellationToken cancellationToken) =>
        db.Set<RunRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancellationToken);

    private async Task<RunLease> LoadAsync(BotDb db, RunRow row, bool takenOver, CancellationToken cancellationToken)
    {
        RunPin pin = Read<RunPin>(row.Facts);
        await using Stream stored = contents.OpenRead(row.BaseTree);
        WorkspaceTree tree = await JsonSerializer.DeserializeAsync<WorkspaceTree>(stored, StateJson.Options, cancellationToken) ?? WorkspaceTree.Empty;
        RunState? state = null;
        if (row.State.Length > 0)
        {
            List<RunStepRow> steps = await db.Set<RunStepRow>().AsNoTracking().Where(s => s.RunId == row.Id).OrderBy(s => s.Ordinal).ToListAsync(cancellationToken);
            state = Read<RunState>(row.State) with { Steps = [.. steps.Select(s => Read<StepState>(s.State))] };
        }

        return new RunLease
        {
            Id = row.Id,
            Key = row.Key,
            Fencing = row.Fencing,
            TakenOver = takenOver,
            Pin = pin with { Facts = pin.Facts with { BaseTree = tree } },
            WorkflowPath = row.WorkflowPath,
            WorkflowText = row.WorkflowText,
            ConcurrencyGroup = row.ConcurrencyGroup,
            State = state,
        };
    }

    /// <summary>The move as the writer takes it; null where there is more to write: a step went or came late, or one asks for effects.</summary>
    private static StepWrite? TryWrite(RunLease lease, RunState? before, RunState after, string status, string state)
    {
        bool isNew = before is null or { Steps.Count: 0 };
        if ((!isNew && before?.Steps.Count != after.Steps.Count) || after.IsOver != after.FinishedAt is not null)
        {
            return null;
        }

        List<(string Key, string State)> moved = [];
        List<(string Key, int Ordinal, string State)> added = [];
        foreach ((int i, (StepState step, int ordinal)) in WithOrdinals(after).Index())
        {
            StepState? old = isNew ? null : before?.Steps[i];
            if ((old is not null && old.Key != step.Key) || (step.Status == StepStatus.Acting && !ReferenceEquals(old?.Planned, step.Planned)))
            {
                return null;
            }

            if (old is null)
            {
                added.Add((step.Key, ordinal, Write(step)));
            }
            else if (!ReferenceEquals(old, step))
            {
                moved.Add((step.Key, Write(step)));
            }
        }

        return new StepWrite
        {
            RunId = lease.Id,
            Fencing = lease.Fencing,
            Status = status,
            State = state,
            Code = after.Code,
            Reason = after.Reason,
            FinishedAt = after.FinishedAt,
            WakeAt = after.WakeAt,
            Moved = moved,
            Added = added,
        };
    }

    /// <summary>The steps with their places: room between them, so that the items of one can be added without moving the others.</summary>
    private static IEnumerable<(StepState Step, int Ordinal)> WithOrdinals(RunState state)
    {
        int container = 0;
        foreach (StepState step in state.Steps)
        {
            container += step.Item is null ? 1 : 0;
            yield return (step, (container * 100_000) + (step.Item + 1 ?? 0));
        }
    }

    private async Task SaveStepsAsync(BotDb db, string id, RunState? before, RunState after, CancellationToken cancellationToken)
    {
        Dictionary<string, StepState> known = (before?.Steps ?? []).ToDictionary(s => s.Key, StringComparer.Ordinal);
        foreach ((StepState step, int ordinal) in WithOrdinals(after))
        {
            if (!known.Remove(step.Key, out StepState? old))
            {
                db.Add(new RunStepRow { RunId = id, Key = step.Key, Ordinal = ordinal, State = Write(step) });
            }
            else if (!ReferenceEquals(old, step))
            {
                string written = Write(step);
                await db.Set<RunStepRow>().Where(s => s.RunId == id && s.Key == step.Key).ExecuteUpdateAsync(s => s.SetProperty(r => r.State, written), cancellationToken);
            }

            if (step.Status == StepStatus.Acting && !ReferenceEquals(old?.Planned, step.Planned))
            {
                await PlanEffectsAsync(db, id, step.Planned, cancellationToken);
            }
        }

        string[] gone = [.. known.Keys];
        if (gone.Length > 0)
        {
            await db.Set<RunStepRow>().Where(s => s.RunId == id && gone.Contains(s.Key)).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private async Task PlanEffectsAsync(BotDb db, string id, IReadOnlyList<Effect> effects, CancellationToken cancellationToken)
    {
        List<string> planned = await db.Set<RunEffectRow>().Where(e => e.RunId == id).Select(e => e.Key).ToListAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        db.AddRange(effects.Where(e => !planned.Contains(e.Key.Value)).Select((e, i) => EffectLedger.NewRow(id, e, planned.Count + i, now)));
    }

    private static RunSignalRow Signal(string id, string kind, JsonObject payload) => new() { RunId = id, Kind = kind, Payload = payload.ToJsonString() };

    private static IQueryable<RunRow> Held(BotDb db, RunLease lease) => db.Set<RunRow>().Where(r => r.Id == lease.Id && r.Fencing == lease.Fencing);

    private static void Require(RunLease lease, int rows)
    {
        if (rows != 1)
        {
            throw new LeaseLostException(lease.Id);
        }
    }

    private static string Name(RunStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static string Write(StepState step) => JsonSerializer.Serialize(step, StateJson.Options);

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, StateJson.Options) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");
}
