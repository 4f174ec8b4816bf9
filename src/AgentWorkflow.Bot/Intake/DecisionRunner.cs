using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Carries a decision out.</summary>
internal sealed class DecisionRunner(RunRequests requests, RunStore runs, RunIndex index, RunReader reader, RunLinks links, WorkflowFileCheck files, Replies replies, WatchBook watched)
{
    /// <summary>Does what was decided; a repeat adds nothing.</summary>
    public async Task<InboxDecision> RunAsync(Situation situation, Decision decision, CancellationToken cancellationToken)
    {
        InboxDecision done = await DoAsync(situation, decision, cancellationToken);
        if (situation.Happened.Push is { After: not null } push && push.Branch == situation.Facts.Repository.DefaultBranch)
        {
            await watched.LearnAsync(situation.Forge.Name, situation.Facts.Repository, push, situation.Workflows, cancellationToken);
        }

        return done;
    }

    /// <summary>Ends what is at work on repositories that the forge took from us; nothing is asked there any more.</summary>
    public async Task<InboxDecision> StopAsync(Occurrence occurrence, Decision.Stop stop, CancellationToken cancellationToken)
    {
        int told = 0;
        foreach (RepoRef repository in stop.Repositories)
        {
            foreach (string run in await index.FindActiveAsync(occurrence.Forge, repository, cancellationToken))
            {
                told += await runs.SignalAsync(run, RunSignal.Cancel, new JsonObject { ["reason"] = stop.Reason }, cancellationToken) ? 1 : 0;
            }
        }

        return new InboxDecision(occurrence.DeliveryId, null, $"stopped {told} runs: {stop.Reason}");
    }

    private async Task<InboxDecision> DoAsync(Situation situation, Decision decision, CancellationToken cancellationToken) => decision switch
    {
        Decision.Start start => await StartAsync(situation, start, cancellationToken),
        Decision.Tell tell => await TellAsync(situation, tell, cancellationToken),
        Decision.Answer answer => await AnswerAsync(situation, answer, cancellationToken),
        Decision.Check check => await CheckAsync(situation, check, cancellationToken),
        Decision.Stop stop => await StopAsync(situation.Occurrence, stop, cancellationToken),
        Decision.Refuse refuse => await RefuseAsync(situation, refuse, cancellationToken),
        Decision.Ignore ignore => Done(situation, null, ignore.Reason),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision, "Unknown decision."),
    };

    private async Task<InboxDecision> StartAsync(Situation situation, Decision.Start start, CancellationToken cancellationToken)
    {
        RunStart started = await requests.StartAsync(situation, start, cancellationToken);
        return started is { RunId: { } id }
            ? Done(situation, id, $"started run {id}")
            : await RefuseAsync(situation, new Decision.Refuse(started.Code ?? "AW2036", started.Refusal ?? "Nothing was run."), cancellationToken);
    }

    private async Task<InboxDecision> TellAsync(Situation situation, Decision.Tell tell, CancellationToken cancellationToken)
    {
        if (await FindAsync(situation, tell.RunKey, cancellationToken) is not { } run)
        {
            return await RefuseAsync(situation, new Decision.Refuse("AW2037", "There is no run here yet; `/aw generate` starts one."), cancellationToken);
        }

        if (!await runs.SignalAsync(run, tell.Signal, tell.Payload.DeepClone().AsObject(), cancellationToken))
        {
            await replies.RefuseAsync(situation, tell.Signal == TriggerRules.Retry
                ? new Decision.Refuse("AW2050", $"Nothing was done: the files of run {run[..8]} were removed some time after its end; `/aw generate` starts a new one.")
                : new Decision.Refuse("AW2038", $"Nothing was done: run {run[..8]} is over; `/aw retry` tries it again, `/aw status` says how it ended."), cancellationToken);
            return Done(situation, run, $"run {run} is over");
        }

        await replies.AcknowledgeAsync(situation, cancellationToken);
        return Done(situation, run, $"told run {run}: {tell.Signal}");
    }

    private async Task<InboxDecision> AnswerAsync(Situation situation, Decision.Answer answer, CancellationToken cancellationToken)
    {
        string? run = answer.Text is null ? await FindAsync(situation, key: null, cancellationToken) : null;
        string text = answer.Text
            ?? (run is not null && await reader.ReadAsync(run, cancellationToken) is { } view
                ? StatusComment.Brief(view, links)
                : "There is no run here yet; `/aw generate` starts one, `/aw help` says what else is possible.");
        await replies.AnswerAsync(situation, text, cancellationToken);
        return Done(situation, run, "answered");
    }

    private async Task<InboxDecision> CheckAsync(Situation situation, Decision.Check check, CancellationToken cancellationToken)
    {
        IReadOnlyList<RepositoryFile> there = check.Paths is { Count: 0 } ? []
            : check.Commit == situation.Facts.Repository.Head ? situation.Facts.WorkflowFiles
            : await situation.Forge.Reader.ReadWorkflowFilesAsync(situation.Repository, check.Commit, cancellationToken);
        List<string> done = [];
        if (files.Of(check.Commit, there, check.Paths) is { } result)
        {
            await replies.CheckAsync(situation, result, cancellationToken);
            done.Add($"checked {check.Commit.Short}: {result.Title}");
        }

        string? first = null;
        foreach (Decision.Start start in check.Then)
        {
            RunStart started = await requests.StartAsync(situation, start, cancellationToken);
            first ??= started.RunId;
            done.Add(started.RunId is { } id ? $"started run {id}" : $"{started.Code}: {started.Refusal}");
        }

        return Done(situation, first, done.Count == 0 ? "it has no workflow file" : string.Join("; ", done));
    }

    private async Task<InboxDecision> RefuseAsync(Situation situation, Decision.Refuse refuse, CancellationToken cancellationToken)
    {
        await replies.RefuseAsync(situation, refuse, cancellationToken);
        return Done(situation, null, $"{refuse.Code}: {refuse.Reason}");
    }

    /// <summary>The run that is meant: the named one, the newest of the issue, of the branch of our pull request, or of the branch that was checked.</summary>
    private async Task<string?> FindAsync(Situation situation, string? key, CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            return (await index.FindByKeyAsync(key, cancellationToken))?.Id;
        }

        string? branch = situation.Happened.Check?.Branch ?? (situation.Facts.Issue is { Pull: { IsFork: false } pull } ? pull.Head : null);
        return (branch is null ? null : (await index.FindByBranchAsync(situation.Forge.Name, situation.Repository, branch, cancellationToken))?.Id)
            ?? (situation.Happened.Issue is { } issue ? await runs.FindNewestAsync(situation.Forge.Name, situation.Repository, issue, cancellationToken) : null);
    }

    private static InboxDecision Done(Situation situation, string? run, string reason) => new(situation.Occurrence.DeliveryId, run, reason);
}
