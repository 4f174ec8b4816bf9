namespace AgentWorkflow.Rig.GitLab;

/// <summary>How the GitLab double starts; everything has a default.</summary>
public sealed record GitLabDoubleOptions
{
    /// <summary>The port on the loopback address; 0 asks the system for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The bot's service account.</summary>
    public string BotUsername { get; init; } = "agentworkflow";

    /// <summary>The service account's token; made where null.</summary>
    public string? Token { get; init; }

    /// <summary>The scopes of that token.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["api", "read_repository", "write_repository"];

    /// <summary>Where each new project's webhook goes; null makes none, and then the bot has to make it.</summary>
    public string? WebhookUrl { get; set; }

    /// <summary>The plain secret of those webhooks, or null.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The signing token of those webhooks (<c>whsec_...</c>), or null.</summary>
    public string? SigningToken { get; set; }

    /// <summary>The release that the double says it is.</summary>
    public string Version { get; init; } = "18.6.1-ee";

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
