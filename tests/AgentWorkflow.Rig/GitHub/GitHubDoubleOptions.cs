namespace AgentWorkflow.Rig.GitHub;

/// <summary>How the GitHub double starts; everything has a default.</summary>
public sealed record GitHubDoubleOptions
{
    /// <summary>The port on the loopback address; 0 asks the system for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The app's number.</summary>
    public long AppId { get; init; } = 4242;

    /// <summary>The app's name in addresses; its account is this with <c>[bot]</c> behind.</summary>
    public string AppSlug { get; init; } = "agentworkflow";

    /// <summary>The organisation that owns the app.</summary>
    public string AppOwner { get; init; } = "octo";

    /// <summary>The app's private key (PEM); made and written (0600) where the file is absent, and into the double's folder where null.</summary>
    public string? AppKeyFile { get; init; }

    /// <summary>Where webhooks go; null keeps them for the deliveries API as failed.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>The secret that webhooks are signed with.</summary>
    public string WebhookSecret { get; set; } = "It's a Secret to Everybody";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
