using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>
/// All effects of a run: those that its steps asked for, and the run's own, which are the reaction to the comment that asked
/// and the status comment, edited at most four times: start, verify, publish, end.
/// </summary>
internal sealed class RunEffects(EffectRunner runner, EffectLedger ledger, RunRecords records, RunMarker markers)
{
    /// <summary>Applies a round of a step, in order; what an earlier process has recorded is not applied again.</summary>
    public async Task<ImmutableList<Receipt>> ApplyAsync(RunSession session, IReadOnlyList<Effect> planned, bool fresh, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, Receipt> known = await ledger.ReadReceiptsAsync(session.Lease.Id, cancellationToken);
        ImmutableList<Receipt> receipts = [];
        foreach (Effect effect in planned)
        {
            Receipt? before = known.GetValueOrDefault(effect.Key.Value);
            Receipt receipt = (before?.Outcome == EffectOutcome.Refused ? null : before)
                ?? Forbidden(session, effect)
                ?? await runner.ApplyAsync(session.Lease, effect, fresh, before: null, cancellationToken);
            receipts = receipts.Add(receipt);
            if (receipt.Outcome == EffectOutcome.Refused)
            {
                break;
            }
        }

        return receipts;
    }

    /// <summary>Tells that the run has begun.</summary>
    public async Task ReportStartAsync(RunSession session, CancellationToken cancellationToken)
    {
        if (session.Lease.Pin.CommentId is { } asked)
        {
            await ApplyOwnAsync(session, new AddReaction(new EffectKey($"reaction/{asked}/eyes"), asked, "eyes"), cancellationToken);
        }

        await TellAsync(session, "start", cancellationToken);
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
    public Task ReportWaitAsync(RunSession session, CancellationToken cancellationToken)
    {
        // The words count too: who answered with a wrong hash is told so.
        string waits = string.Join('\n', session.State.Steps.Where(s => s.Status is StepStatus.Waiting or StepStatus.Retrying).Select(s => $"{s.Key} {s.Attempt} {s.Reason}"));
        return TellAsync(session, $"wait/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(waits)))[..12]}", cancellationToken);
    }

    /// <summary>Tells how the run ended, and keeps its result.</summary>
    public async Task ReportEndAsync(RunSession session, CancellationToken cancellationToken)
    {
        await records.KeepAsync(session, cancellationToken);
        await TellAsync(session, "end", cancellationToken);
    }

    private async Task TellAsync(RunSession session, string phase, CancellationToken cancellationToken)
    {
        if (session.Lease.Pin.Facts.Issue is { } issue)
        {
            string key = $"comment/status/{phase}/{session.State.Tries}";
            string body = StatusComment.Compose(session.Lease, session.Workflow, session.Machine, session.State);
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
            Receipt? comment = effect is PutComment ? known.Values.FirstOrDefault(r => r.Kind == "comment" && r["commentId"] is not null) : null;
            await runner.ApplyAsync(session.Lease, effect, fresh, comment, cancellationToken);
        }
    }

    private static Receipt? Forbidden(RunSession session, Effect effect)
    {
        Permissions allowed = session.Workflow.Permissions;
        (bool may, string permission) = effect switch
        {
            CreateBranch or CommitFiles => (allowed.Contents, "contents"),
            OpenPullRequest => (allowed.PullRequests, "pull-requests"),
            PutComment or AddReaction or RemoveLabel => (allowed.Issues, "issues"),
            SetCheck => (allowed.Checks, "checks"),
            _ => (true, ""),
        };
        return may ? null : new Receipt(
            effect.Key, effect.Kind, EffectOutcome.Refused, ImmutableSortedDictionary<string, string>.Empty,
            $"The workflow has no permission '{permission}: write', which a {effect.Kind.Replace('_', ' ')} needs; add it under 'permissions' in {session.Workflow.Path}.");
    }
}
