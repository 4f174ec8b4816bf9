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
}
