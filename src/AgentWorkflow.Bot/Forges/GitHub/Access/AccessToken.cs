using AgentWorkflow.Bot.Forges.GitHub.Http;

namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>An installation's token for one repository. Its text is only for the header of a request: it shows itself nowhere.</summary>
internal sealed class AccessToken(string text, ForgeRights rights, RepositoryAnswer? repository, DateTimeOffset madeAt)
{
    /// <summary>Never used when older than this (design, section 9); a request that starts before may end a little later.</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromMinutes(9);

    /// <summary>The secret.</summary>
    public string Text => text;

    /// <summary>The repository as it was when the token was made; null where GitHub did not tell.</summary>
    public RepositoryAnswer? Repository => repository;

    /// <summary>True while it may be used, and does what is wanted.</summary>
    public bool Serves(ForgeRights wanted, DateTimeOffset now) => now >= madeAt && now - madeAt < Life && (rights & wanted) == wanted;

    /// <inheritdoc/>
    public override string ToString() => "(token)";
}
