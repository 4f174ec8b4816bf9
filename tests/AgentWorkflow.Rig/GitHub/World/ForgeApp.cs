namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>A GitHub App.</summary>
public sealed class ForgeApp
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>Its name in addresses.</summary>
    public required string Slug { get; init; }

    /// <summary>Its own account.</summary>
    public required Account Bot { get; init; }

    /// <summary>Who owns it.</summary>
    public required Account Owner { get; init; }

    /// <summary>What it asks for: what a new installation is granted.</summary>
    public required Dictionary<string, string> Permissions { get; init; }
}
