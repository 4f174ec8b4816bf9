namespace AgentWorkflow.Bot.Web;

/// <summary>The settings section <c>Web</c>: how the bot is reached.</summary>
internal sealed class WebOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Web";

    /// <summary>Only this machine may come.</summary>
    public const string NoLogin = "none";

    /// <summary>Anybody may come, and finds only the public routes.</summary>
    public const string WebhooksOnly = "webhooks-only";

    /// <summary>The address that people reach the bot at; without one, texts hold no links to it.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Who may come besides this machine.</summary>
    public string Login { get; set => field = string.IsNullOrEmpty(value) ? NoLogin : value; } = NoLogin;

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> is believed; none unless listed.</summary>
    public IList<string> TrustedProxies { get; } = [];
}
