namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>An installation's token for one repository. Its text is only for the header of a request: it shows itself nowhere.</summary>
internal sealed class AccessToken(string text, DateTimeOffset madeAt)
{
    /// <summary>Never used when older than this (design, section 9); a request that starts before may end a little later.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromMinutes(9);

    /// <summary>The secret.</summary>
    public string Text => text;

    /// <summary>True while it may be used.</summary>
    public bool IsFresh(DateTimeOffset now) => now >= madeAt && now - madeAt < Life;

    /// <inheritdoc/>
    public override string ToString() => "(token)";
}
