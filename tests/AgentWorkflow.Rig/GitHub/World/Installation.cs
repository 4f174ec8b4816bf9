namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>The app on one account.</summary>
public sealed class Installation
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>Which app.</summary>
    public required ForgeApp App { get; init; }

    /// <summary>Where it is installed.</summary>
    public required Account Account { get; init; }

    /// <summary>When it was installed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the account granted: name to <c>read</c> or <c>write</c>.</summary>
    public Dictionary<string, string> Permissions { get; init; } = [];

    /// <summary>The repositories, or null for all of the account.</summary>
    public HashSet<long>? Repositories { get; set; }

    /// <summary>When it was suspended, or null.</summary>
    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>Whether it was taken off.</summary>
    public bool Deleted { get; set; }

    /// <summary>Whether it covers a repository.</summary>
    public bool Covers(ForgeRepository repository) =>
        !Deleted && repository.Owner == Account && (Repositories is null || Repositories.Contains(repository.Id));
}

/// <summary>An installation's access token.</summary>
public sealed class AccessToken
{
    /// <summary>The secret.</summary>
    public required string Value { get; init; }

    /// <summary>The installation.</summary>
    public required Installation Installation { get; init; }

    /// <summary>What it may do.</summary>
    public required Dictionary<string, string> Permissions { get; init; }

    /// <summary>The repositories, or null for all of the installation.</summary>
    public required HashSet<long>? Repositories { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it was revoked.</summary>
    public bool Revoked { get; set; }

    /// <summary>Whether it covers a repository.</summary>
    public bool Covers(ForgeRepository repository) => Installation.Covers(repository) && (Repositories is null || Repositories.Contains(repository.Id));

    /// <summary>Whether it has a permission (write includes read).</summary>
    public bool Has(string name, string access) => (name, access) is ("metadata", "read") || (Permissions.TryGetValue(name, out string? granted) && (granted == access || granted is "write" or "admin"));
}
