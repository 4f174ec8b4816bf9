using AgentWorkflow.Rig.Faults;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Serving;

/// <summary>What differs between the forges in the way of a request: who asks, what it means, and how limits and refusals are worded.</summary>
internal interface IDialect
{
    /// <summary>The media type of an answer that is no JSON.</summary>
    string RawType { get; }

    /// <summary>Checks what can be checked without the world, names the operation, and says how to do the work.</summary>
    Func<Answer> Prepare(HttpContext context, Exchange exchange);

    /// <summary>Sets who asks; an answer where they may not ask at all. The world is still.</summary>
    Answer? Identify(HttpContext context, Exchange exchange);

    /// <summary>A refusal in the forge's words.</summary>
    Answer Error(int status, string message);

    /// <summary>The headers that every answer has.</summary>
    void Headers(IHeaderDictionary headers, Exchange exchange, LimitBook.Standing standing);

    /// <summary>The refusal of who asked too much.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="until">When asking is allowed again.</param>
    /// <param name="primary">Whether the points are used up; else it was too much at once.</param>
    /// <param name="status">The status where the forge has several; 0 for its usual one.</param>
    Answer Limited(Exchange exchange, IHeaderDictionary headers, DateTimeOffset until, bool primary, int status);
}

/// <summary>What the way of a request needs of the world behind it.</summary>
internal interface IForgeWorld
{
    /// <summary>The clock.</summary>
    TimeProvider Time { get; }

    /// <summary>How many reads will not see what is made now: set by a fault while a request is at work.</summary>
    int HiddenReads { get; set; }
}
