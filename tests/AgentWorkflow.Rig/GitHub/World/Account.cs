namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>A person, an organisation or an app's account.</summary>
public sealed class Account
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The name, which can change hands.</summary>
    public required string Login { get; set; }

    /// <summary><c>User</c>, <c>Organization</c> or <c>Bot</c>.</summary>
    public required string Type { get; init; }

    /// <summary>An organisation's people by login: <c>admin</c> or <c>member</c>.</summary>
    public Dictionary<string, string> Members { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether an organisation's members may make private repositories, and public ones.</summary>
    public (bool Private, bool Public) MembersCreate { get; set; } = (true, true);

    /// <summary>How many repositories the plan holds, or null for any number.</summary>
    public int? Quota { get; set; }

    /// <summary>Whether the plan protects branches of private repositories.</summary>
    public bool ProtectsPrivate { get; set; } = true;
}
