namespace AgentWorkflow.Bot.Forges;

/// <summary>What went wrong with a forge.</summary>
internal enum ForgeFault
{
    /// <summary>It is not there, or we may not see it.</summary>
    NotFound,

    /// <summary>A precondition failed: something of that key is there already, or has moved.</summary>
    Conflict,

    /// <summary>Not before <see cref="ForgeException.Until"/>.</summary>
    RateLimited,

    /// <summary>We have no right to.</summary>
    Denied,

    /// <summary>It does not answer; nothing has happened.</summary>
    Unavailable,

    /// <summary>It may have happened.</summary>
    Ambiguous,
}

/// <summary>The one exception of the forge adapters.</summary>
internal sealed class ForgeException(ForgeFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind.</summary>
    public ForgeFault Fault { get; } = fault;

    /// <summary>When to come back, for <see cref="ForgeFault.RateLimited"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True where nothing has happened and the forge says when it may.</summary>
    public bool SaysWhen => Fault == ForgeFault.RateLimited && Until is not null;
}
