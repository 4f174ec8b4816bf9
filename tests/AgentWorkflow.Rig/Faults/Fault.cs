using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Faults;

/// <summary>Something that goes wrong, at named operations, a number of times.</summary>
/// <param name="Operation">An operation's name (<c>*</c> at its end or start matches anything), or an effect: <c>branch</c>, <c>commit</c>, <c>pull_request</c>, <c>comment</c>, <c>comment-edit</c>, <c>reaction</c>, <c>check</c>, <c>label</c>, <c>assignee</c>.</param>
/// <param name="Kind">What happens.</param>
public sealed record Fault(string Operation, FaultKind Kind)
{
    /// <summary>How often it still happens.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How many matching requests pass before it happens.</summary>
    public int Skip { get; init; }

    /// <summary>The status of an answer.</summary>
    public int Status { get; init; }

    /// <summary>The message of an answer; with <see cref="Body"/> set, unused.</summary>
    public string Message { get; init; } = "";

    /// <summary>The whole body of an answer.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>How long a delay or a limit lasts.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>How many reads do not yet see the write.</summary>
    public int Reads { get; init; }

    /// <summary>What people do meanwhile, in the double's world.</summary>
    public Action<object>? Then { get; init; }

    /// <summary>An answer instead of the work.</summary>
    public static Fault Answer(string operation, int status, string message, int times = 1) => new(operation, FaultKind.Answer) { Status = status, Message = message, Times = times };

    /// <summary>The work is done and the connection closed without a reply.</summary>
    public static Fault DropReply(string operation, int times = 1) => new(operation, FaultKind.DropReply) { Times = times };

    /// <summary>The connection is closed and no work done.</summary>
    public static Fault DropRequest(string operation, int times = 1) => new(operation, FaultKind.DropRequest) { Times = times };

    /// <summary>The answer comes late.</summary>
    public static Fault Delay(string operation, TimeSpan wait, int times = 1) => new(operation, FaultKind.Delay) { Wait = wait, Times = times };

    /// <summary>A refusal with no points left until a whole second after <paramref name="wait"/>.</summary>
    public static Fault PrimaryLimit(string operation, TimeSpan wait, int times = 1) => new(operation, FaultKind.PrimaryLimit) { Wait = wait, Times = times };

    /// <summary>403 or 429 with <c>Retry-After</c>.</summary>
    public static Fault SecondaryLimit(string operation, TimeSpan wait, int status = 403, int times = 1) => new(operation, FaultKind.SecondaryLimit) { Wait = wait, Status = status, Times = times };

    /// <summary>The write succeeds, and the next reads do not see it.</summary>
    public static Fault Stale(string operation, int reads, int times = 1) => new(operation, FaultKind.Stale) { Reads = reads, Times = times };

    /// <summary>Somebody does something just before the operation.</summary>
    public static Fault Before<TWorld>(string operation, Action<TWorld> then, int times = 1) => new(operation, FaultKind.Before) { Then = w => then((TWorld)w), Times = times };

    /// <summary>Somebody does something just after the operation.</summary>
    public static Fault After<TWorld>(string operation, Action<TWorld> then, int times = 1) => new(operation, FaultKind.After) { Then = w => then((TWorld)w), Times = times };
}

/// <summary>The kinds of faults.</summary>
public enum FaultKind
{
    /// <summary>An answer instead of the work.</summary>
    Answer,

    /// <summary>Work without a reply.</summary>
    DropReply,

    /// <summary>Neither work nor reply.</summary>
    DropRequest,

    /// <summary>A late answer.</summary>
    Delay,

    /// <summary>No points left.</summary>
    PrimaryLimit,

    /// <summary>Too much at once.</summary>
    SecondaryLimit,

    /// <summary>Reads that do not yet see the write.</summary>
    Stale,

    /// <summary>Somebody acts just before.</summary>
    Before,

    /// <summary>Somebody acts just after.</summary>
    After,
}
