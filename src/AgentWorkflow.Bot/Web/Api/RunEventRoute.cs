using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Engine.Execution;

using Microsoft.AspNetCore.Mvc;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>
/// Follows a run. The first events tell how it stands, the next ones what changes, and the stream ends with the run. A client
/// that was cut off says the last id it has, and goes on from there.
/// </summary>
internal static class RunEventRoute
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Answers.</summary>
    public static async Task<IResult> FollowAsync(
        string id, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, RunReader runs, RunWatch watch, HttpContext context, CancellationToken cancellationToken)
    {
        RunProgress told = RunProgress.Read(lastEventId);
        if (await runs.ReadAsync(id, cancellationToken) is not { } view)
        {
            return Problems.NotFound("run");
        }

        if (view.State.IsOver && !told.Since(view.State).Any())
        {
            // A browser that is told so comes back no more.
            return TypedResults.NoContent();
        }

        Caller caller = Caller.Of(context);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.ServerSentEvents(EventsAsync(id, told, runs, watch, caller, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<RunEvent>> EventsAsync(
        string id, RunProgress told, RunReader runs, RunWatch watch, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Watched before it is read, so that no move falls between the two.
        using RunWatch.Follower follower = watch.Follow(id, caller);
        while (await runs.ReadAsync(id, cancellationToken) is { } view)
        {
            bool isSilent = true;
            foreach ((RunProgress next, StepState? step) in told.Since(view.State))
            {
                told = next;
                isSilent = false;
                yield return new SseItem<RunEvent>(RunEvent.Of(view, step), step is null ? "run" : "step") { EventId = next.ToString() };
            }

            if (view.State.IsOver)
            {
                yield break;
            }

            if (isSilent)
            {
                // Without an id: whoever is cut off after it goes on from the event before.
                yield return new SseItem<RunEvent>(new RunEvent(id, Word.Of(view.State.Status), null, null, null), "ping");
            }

            if (!await follower.WaitAsync(Silence, cancellationToken))
            {
                yield break;
            }
        }
    }
}

/// <summary>Something that happened in a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">How the run stands.</param>
/// <param name="Code">The stable code of its failure.</param>
/// <param name="Reason">Why it failed, was cancelled or waits.</param>
/// <param name="Step">The step that moved; null where it was the run.</param>
internal sealed record RunEvent(string Run, string Status, string? Code, string? Reason, RunStep? Step)
{
    /// <summary>Reads it.</summary>
    public static RunEvent Of(RunView view, StepState? step) => new(
        view.Facts.Id, Word.Of(view.State.Status), step is null ? view.State.Code : null, step is null ? view.State.Reason : null, step is null ? null : RunStep.Of(step));
}
