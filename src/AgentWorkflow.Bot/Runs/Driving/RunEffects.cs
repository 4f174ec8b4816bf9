using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>
/// All effects of a run: those that its steps asked for, and the run's own, which are the reaction to the comment that asked
/// and the status comment, edited at most four times: start, verify, publish, end.
/// </summary>
internal sealed class RunEffects(EffectRunner runner, WriteCheck check, EffectLedger ledger, RunRecords records, RunMarker markers, RunLinks links)
{
    /// <summary>Applies a round of a step, in order; what an earlier process has recorded is not applied again.</summary>
    public async Task<ImmutableList<Receipt>> ApplyAsync(RunSession session, IReadOnlyList<Effect> planned, bool fresh, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, Receipt> known = await ledger.ReadReceiptsAsync(session.Lease.Id, cancellationToken);
        ImmutableList<Receipt> receipts = [];
        Effect[] allowed = [.. planned.Where(e => Forbidden(session, e) is null)];
        ForgeRights rights = RightsOf(session, allowed);
        CreateRepository? made = allowed.OfType<CreateRepository>().MaxBy(e => e.Settings.Visibility);
        if ((rights != ForgeRights.None || made is not null) && planned.Any(e => known.GetValueOrDefault(e.Key.Value) is not { Outcome: not EffectOutcome.Refused }) && await WhyNotAsync(session, rights, made, cancellationToken) is { } why)
        {
            return [Refused(planned[0], why)];
        }

        foreach (Effect effect in planned)
        {
            Receipt? before = known.GetValueOrDefault(effect.Key.Value);
            Receipt receipt = (before?.Outcome == EffectOutcome.Refused ? null : before)
                ?? Forbidden(session, effect)
                ?? await runner.ApplyAsync(session.Lease, effect, fresh, before: null, rights, cancellationToken);
            receipts = receipts.Add(receipt);
            if (receipt.Outcome == EffectOutcome.Refused)
            {
                break;
            }
        }

        return receipts;
    }

    /// <summary>How many effects of the run have a receipt.</summary>
    public async Task<int> CountRecordedAsync(RunSession session, CancellationToken cancellationToken) =>
        (await ledger.ReadReceiptsAsync(session.Lease.Id, cancellationToken)).Count;

    /// <summary>Tells that the run has begun.</summary>
    public async Task ReportStartAsync(RunSession session, CancellationToken cancellationToken)
    {
        RunPin pin = session.Lease.Pin;
        if (pin.CommentId is { } asked)
        {
            await ApplyOwnAsync(session, new AddReaction(new EffectKey($"reaction/{asked}/eyes"), asked, "eyes", pin.CommentPlace, pin.Facts.Issue?.Number), cancellationToken);
        }

        await TellAsync(session, "start", cancellationToken);
        if (pin is { Label: { } label, Facts.Issue: { } issue })
        {
            // The run has started: put on again, the label asks for another.
            await ApplyOwnAsync(session, new RemoveLabel(new EffectKey($"label/{issue.Number}/{label}"), issue.Number, label), cancellationToken);
        }
    }

    /// <summary>Tells that verification or publishing has begun.</summary>
    public async Task ReportProgressAsync(RunSession session, CancellationToken cancellationToken)
    {
        foreach (StepState step in session.State.Steps.Where(s => s.Status == StepStatus.Running && s.Item is null))
        {
            string? phase = session.Machine.KindOf(step) switch { "command" => "verify", "pull_request" => "publish", _ => null };
            if (phase is not null)
            {
                await TellAsync(session, phase, cancellationToken);
            }
        }
    }

    /// <summary>Tells what a waiting run waits for.</summary>
    public async Task ReportWaitAsync(RunSession session, CancellationToken cancellationToken)
    {
        // The words count too: who answered with a wrong hash is told so.
        string waits = string.Join('\n', session.State.Steps.Where(s => s.Status is StepStatus.Waiting or StepStatus.Retrying).Select(s => $"{s.Key} {s.Attempt} {s.Reason}"));
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(waits)))[..12];
        await TellAsync(session, $"wait/{digest}", cancellationToken);
        await NoteAsync(session, $"wait/{digest}", cancellationToken);
    }

    /// <summary>Tells how the run ended, and keeps its result.</summary>
    public async Task ReportEndAsync(RunSession session, CancellationToken cancellationToken)
    {
        await records.KeepAsync(session, cancellationToken);
        await TellAsync(session, "end", cancellationToken);
        await NoteAsync(session, "end", cancellationToken);
        RunFacts run = session.Lease.Pin.Facts;
        if (run.Issue is null)
        {
            await ApplyOwnAsync(session, EndCheck(session, run), cancellationToken);
        }
    }

    /// <summary>A run without an issue is told of on the commit that it stands on.</summary>
    private SetCheck EndCheck(RunSession session, RunFacts run)
    {
        RunSummary summary = RunSummary.Of(session.Machine, session.State);
        CheckConclusion conclusion = session.State.Status switch
        {
            RunStatus.Succeeded => CheckConclusion.Success,
            RunStatus.Failed => CheckConclusion.Failure,
            _ => CheckConclusion.Neutral,
        };
        return new SetCheck(
            new EffectKey($"check/run/{session.State.Tries}"), run.BaseCommit, $"agentworkflow / {run.WorkflowName}", conclusion,
            StatusComment.Title(session.State, summary), StatusComment.Compose(run, session.Workflow, session.State, summary, links), []);
    }

    /// <summary>Says it in a comment of its own, since an edit notifies nobody.</summary>
    private async Task NoteAsync(RunSession session, string what, CancellationToken cancellationToken)
    {
        RunFacts run = session.Lease.Pin.Facts;
        if (run.Issue is { } issue && StatusComment.Note(run, session.State, RunSummary.Of(session.Machine, session.State)) is { } text)
        {
            string key = $"{what}/{session.State.Tries}";
            await ApplyOwnAsync(session, new PutComment(new EffectKey($"comment/note/{key}"), issue.Number, markers.OfNote(session.Lease.Key, key), text), cancellationToken);
        }
    }

    private async Task TellAsync(RunSession session, string phase, CancellationToken cancellationToken)
    {
        if (session.Lease.Pin.Facts.Issue is { } issue)
        {
            string key = $"comment/status/{phase}/{session.State.Tries}";
            string body = StatusComment.Compose(session.Lease.Pin.Facts, session.Workflow, session.State, RunSummary.Of(session.Machine, session.State), links);
            await ApplyOwnAsync(session, new PutComment(new EffectKey(key), issue.Number, markers.Of(session.Lease.Key), body), cancellationToken);
        }
    }

    /// <summary>Applies an effect of the run's own once; a refusal of it does not stop the run.</summary>
    private async Task ApplyOwnAsync(RunSession session, Effect effect, CancellationToken cancellationToken)
    {
        if (Forbidden(session, effect) is not null)
        {
            return;
        }

        bool fresh = await ledger.PlanAsync(session.Lease.Id, effect, cancellationToken);
        CrashPoint.Here($"planned:{effect.Key}");
        IReadOnlyDictionary<string, Receipt> known = await ledger.ReadReceiptsAsync(session.Lease.Id, cancellationToken);
        if (!known.ContainsKey(effect.Key.Value))
        {
            // The run has one comment: each later word edits the one that the first left.
            Receipt? comment = IsStatus(effect.Key) ? known.Values.FirstOrDefault(r => IsStatus(r.Key) && r["commentId"] is not null) : null;
            try
            {
                await runner.ApplyAsync(session.Lease, effect, fresh, comment, RightsOf(session, [effect]), cancellationToken);
            }
            catch (ForgeException e) when (e.SaysWhen && !session.State.IsOver)
            {
                // The run goes on; what it has to say is said with its next word. The last one is never left out.
            }
        }
    }

    private static bool IsStatus(EffectKey key) => key.Value.StartsWith("comment/status/", StringComparison.Ordinal);

    private static Receipt? Forbidden(RunSession session, Effect effect)
    {
        Permissions allowed = session.Workflow.Permissions;
        (bool may, string permission) = effect switch
        {
            CreateBranch or CommitFiles => (allowed.Contents, "contents"),
            OpenPullRequest => (allowed.PullRequests, "pull-requests"),
            CreateRepository { Issues.Count: > 0 } when allowed.Contents => (allowed.Issues, "issues"),
            CreateRepository => (allowed.Contents, "contents"),
            PutComment or AddReaction or RemoveLabel => (allowed.Issues, "issues"),
            SetCheck => (allowed.Checks, "checks"),
            _ => (true, ""),
        };
        return may ? null : Refused(
            effect, $"The workflow has no permission '{permission}: write', which a {effect.Kind.Replace('_', ' ')} needs; add it under 'permissions' in {session.Workflow.Path}.");
    }

    private async Task<string?> WhyNotAsync(RunSession session, ForgeRights rights, CreateRepository? made, CancellationToken cancellationToken)
    {
        if (session.MayWrite && made is null)
        {
            return null;
        }

        string? why = await check.WhyNotAsync(session.Lease, rights, made, cancellationToken);
        session.MayWrite = why is null;
        return why;
    }

    /// <summary>What a round writes. A step that commits goes on to what the workflow permits besides, so that one right serves it all (promise P52).</summary>
    private static ForgeRights RightsOf(RunSession session, IReadOnlyList<Effect> round)
    {
        ForgeRights rights = ForgeRights.None;
        foreach (Effect effect in round)
        {
            rights |= effect switch
            {
                CommitFiles commit => ForgeRights.Contents | Allowed(session.Workflow.Permissions)
                    | (CiFiles.Differ(session.Lease.Pin.Facts.BaseTree, commit.Tree) ? ForgeRights.CiFiles : ForgeRights.None),
                CreateBranch => ForgeRights.Contents,
                OpenPullRequest => ForgeRights.PullRequests,
                SetCheck => ForgeRights.Checks,
                _ => ForgeRights.None,
            };
        }

        return rights;
    }

    private static ForgeRights Allowed(Permissions permissions) =>
        (permissions.PullRequests ? ForgeRights.PullRequests : ForgeRights.None) | (permissions.Checks ? ForgeRights.Checks : ForgeRights.None);

    private static Receipt Refused(Effect effect, string reason) =>
        new(effect.Key, effect.Kind, EffectOutcome.Refused, ImmutableSortedDictionary<string, string>.Empty, reason);
}
