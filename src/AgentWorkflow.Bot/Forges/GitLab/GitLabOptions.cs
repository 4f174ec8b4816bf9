namespace AgentWorkflow.Bot.Forges.GitLab;

/// <summary>
/// The settings section <c>GitLab</c>: the account that the bot acts as. The table of settings has checked every value before it
/// is bound here. The secrets of webhooks are read at each request from the configuration and not from here, since they may change.
/// </summary>
internal sealed class GitLabOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "GitLab";

    /// <summary>The address of GitLab itself.</summary>
    public const string PublicUrl = "https://gitlab.com";

    /// <summary>Where GitLab is; a path is kept, since an installation may live below one.</summary>
    public string? Url { get; set; }

    /// <summary>The token of the account that the bot acts as; null when the bot does not act on GitLab.</summary>
    public string? Token { get; set; }

    /// <summary>Seconds between two looks for missed events; null where webhooks come in by themselves.</summary>
    public int? PollSeconds { get; set; }

    /// <summary>True when an account is configured.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(Token);

    /// <summary>The address for links and for git; it ends with a slash.</summary>
    public Uri WebAddress
    {
        get
        {
            // An empty variable is how container files say "unset".
            string address = string.IsNullOrWhiteSpace(Url) ? PublicUrl : Url.Trim();
            return new Uri(address.EndsWith('/') ? address : address + "/");
        }
    }

    /// <summary>The address of the REST API, without a slash at its end.</summary>
    public Uri ApiAddress => new(WebAddress, "api/v4");
}
