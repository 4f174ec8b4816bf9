using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;

using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Runs: looking at them, and telling them something.</summary>
internal static class RunRoutes
{
    private const int MostReason = 500;

    /// <summary>Maps them.</summary>
    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        routes.Map(ApiTable.ListRuns, ListAsync);
        routes.Map(ApiTable.GetRun, GetAsync);
        routes.Map(ApiTable.CancelRun, CancelAsync);
        routes.Map(ApiTable.RetryRun, RetryAsync);
        routes.Map(ApiTable.ApproveRun, ApproveAsync);
        routes.Map(ApiTable.RejectRun, RejectAsync);
        routes.Map(ApiTable.FollowRun, RunEventRoute.FollowAsync).Produces(StatusCodes.Status200OK, contentType: "text/event-stream").Produces(StatusCodes.Status204NoContent);
        routes.Map(ApiTable.GetRunLog, RunLogRoute.GetAsync).Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    private static async Task<Results<Ok<Page<RunLine>>, ProblemHttpResult>> ListAsync(
        RunPages pages, HttpContext context, string? status, string? repository, string? workflow, int? limit, string? after, CancellationToken cancellationToken)
    {
        if ((Paging.Read(limit, after, out int most, out PagePlace? before) ?? Paging.Read(repository, out _) ?? WrongStatus(status)) is { } problem)
        {
            return problem;
        }

        _ = Paging.Read(repository, out RepositoryScope wanted);
        IReadOnlyList<RunLine> rows = await pages.ListAsync(new RunFilter(Caller.Of(context).Scope, wanted, status, workflow), before, most + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(rows, most, r => r, r => new PagePlace(r.CreatedAt, r.Id)));
    }

    private static async Task<Results<Ok<RunDetails>, ProblemHttpResult>> GetAsync(string id, RunReader runs, ProjectStore projects, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(id, cancellationToken) is not { } view)
        {
            return Problems.NotFound("run");
        }

        GeneratedProject? project = view.State.IsOver ? await projects.FindByRunAsync(id, cancellationToken) : null;
        return TypedResults.Ok(RunDetails.Of(view, project?.Id));
    }

    private static async Task<Results<Accepted<RunTold>, ProblemHttpResult>> CancelAsync(
        string id, Word? word, RunStore runs, InboxSignal signal, HttpContext context, CancellationToken cancellationToken)
    {
        string by = Caller.Of(context).Name;
        return word?.Reason is { Length: > MostReason }
            ? TooLong()
            : await TellAsync(id, RunSignal.Cancel, new JsonObject { ["reason"] = word?.Reason ?? $"Cancelled by '{by}' over the API." }, runs, signal, cancellationToken);
    }

    private static async Task<Results<Accepted<RunTold>, ProblemHttpResult>> RetryAsync(
        string id, RunReader reader, RunStore runs, InboxSignal signal, CancellationToken cancellationToken) =>
        await reader.ReadAsync(id, cancellationToken) is not { } view ? Problems.NotFound("run")
        : view.State.Status is RunStatus.Failed or RunStatus.Cancelled ? await TellAsync(id, RunSignal.Retry, [], runs, signal, cancellationToken)
        : Problems.Of(StatusCodes.Status409Conflict, "AW2630", $"Only a run that failed or was cancelled is tried again; this one is {Word.Of(view.State.Status)}.");

    private static Task<Results<Accepted<RunTold>, ProblemHttpResult>> ApproveAsync(
        string id, Approval approval, RunReader reader, RunStore runs, InboxSignal signal, CancellationToken cancellationToken) =>
        AnswerAsync(id, new JsonObject { ["approved"] = true, ["hash"] = approval.Hash }, reader, runs, signal, cancellationToken);

    private static async Task<Results<Accepted<RunTold>, ProblemHttpResult>> RejectAsync(
        string id, Word? word, RunReader reader, RunStore runs, InboxSignal signal, CancellationToken cancellationToken) =>
        word?.Reason is { Length: > MostReason }
            ? TooLong()
            : await AnswerAsync(id, new JsonObject { ["approved"] = false, ["reason"] = word?.Reason }, reader, runs, signal, cancellationToken);

    /// <summary>An answer is a person's: on the Local forge it is the one at the machine, elsewhere a token says nothing of who that is.</summary>
    private static async Task<Results<Accepted<RunTold>, ProblemHttpResult>> AnswerAsync(
        string id, JsonObject answer, RunReader reader, RunStore runs, InboxSignal signal, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(id, cancellationToken) is not { } view)
        {
            return Problems.NotFound("run");
        }

        if (view.Facts.Forge != LocalForge.ForgeName)
        {
            return Problems.Of(StatusCodes.Status409Conflict, "AW2631", $"A run on {view.Facts.Forge} is approved there, by a comment: a token does not say which person answers.");
        }

        if (!view.State.Steps.Exists(s => s is { Status: StepStatus.Waiting, WakeAt: null }))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "AW2632", $"The run waits for no answer; it is {Word.Of(view.State.Status)}.");
        }

        ActorId you = LocalForge.You;
        answer["by"] = new JsonObject { ["id"] = you.Id, ["login"] = you.Login };
        return await TellAsync(id, RunSignal.Answer, answer, runs, signal, cancellationToken);
    }

    private static async Task<Results<Accepted<RunTold>, ProblemHttpResult>> TellAsync(
        string id, string kind, JsonObject payload, RunStore runs, InboxSignal signal, CancellationToken cancellationToken)
    {
        if (!await runs.SignalAsync(id, kind, payload, cancellationToken))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "AW2633", "The run is over; what it left is in its record, and 'retry' tries it again.");
        }

        signal.Set();
        return TypedResults.Accepted($"/api/v1/runs/{id}", new RunTold(id, kind));
    }

    private static ProblemHttpResult? WrongStatus(string? status) =>
        status is null || Enum.GetValues<RunStatus>().Any(s => Word.Of(s) == status)
            ? null
            : Problems.Of(StatusCodes.Status400BadRequest, "AW2625", $"There is no status '{status}'; there are {string.Join(", ", Enum.GetValues<RunStatus>().Select(Word.Of))}.", "status");

    private static ProblemHttpResult TooLong() => Problems.Of(StatusCodes.Status400BadRequest, "AW2626", $"A reason has at most {MostReason} characters.", "$.reason");
}

/// <summary>A word to a run.</summary>
/// <param name="Reason">Why, for people; at most 500 characters.</param>
internal sealed record Word(string? Reason = null)
{
    /// <summary>How the API spells a value of a set.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>An approval.</summary>
/// <param name="Hash">What the run has shown, 20 characters.</param>
internal sealed record Approval(string Hash);

/// <summary>A run was told something; it takes it in as soon as it can.</summary>
/// <param name="Id">The run.</param>
/// <param name="Told"><c>cancel</c>, <c>retry</c> or <c>answer</c>.</param>
internal sealed record RunTold(string Id, string Told);
