namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>
/// The settings section <c>GitHub</c>: the App that the bot acts as. The table of settings has checked every value before it is
/// bound here. The webhook secrets are read at each request from the configuration and not from here, since they may change.
/// </summary>
internal sealed class GitHubOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "GitHub";

    /// <summary>The address of GitHub itself.</summary>
    public const string PublicUrl = "https://github.com";

    private const string PublicHost = "github.com";

    // Enterprise Cloud with data residency: TENANT.ghe.com, whose API is at api.TENANT.ghe.com.
    private const string ResidencySuffix = ".ghe.com";

    /// <summary>The App's numeric id; null when the bot does not act on GitHub.</summary>
    public long? AppId { get; set; }

    /// <summary>The PEM file with the App's private key, which only this user may read.</summary>
    public string? PrivateKeyPath { get; set; }

    /// <summary>Where people see GitHub: <c>https://github.com</c>, or an Enterprise Server.</summary>
    public string? Url { get; set; }

    /// <summary>The address of the REST API where it does not follow from <see cref="Url"/>.</summary>
    public string? ApiUrl { get; set; }

    /// <summary>The address for links where it is not <see cref="Url"/>.</summary>
    public string? WebUrl { get; set; }

    /// <summary>Seconds between two looks for missed deliveries and events; null where webhooks come in by themselves.</summary>
    public int? PollSeconds { get; set; }

    /// <summary>The second App, which makes repositories.</summary>
    public AppCredentials Creator { get; } = new() { Section = "GitHub__Creator" };

    /// <summary>The App that everything else is done by.</summary>
    public AppCredentials App => new() { Section = Section, AppId = AppId, PrivateKeyPath = PrivateKeyPath };

    /// <summary>True when an App is configured.</summary>
    public bool IsConfigured => AppId is not null;

    /// <summary>The address for links; it ends with a slash.</summary>
    public Uri WebAddress => Folder(Given(WebUrl) ?? Given(Url) ?? PublicUrl);

    /// <summary>The address of the REST API; it ends with a slash.</summary>
    public Uri RestAddress
    {
        get
        {
            if (Given(ApiUrl) is { } set)
            {
                return Folder(set);
            }

            Uri url = Folder(Given(Url) ?? PublicUrl);
            return HasOwnApiHost(url.Host) ? new UriBuilder(url) { Host = $"api.{url.Host}", Path = "/" }.Uri : new Uri(url, "api/v3/");
        }
    }

    /// <summary>The address of the GraphQL API.</summary>
    public Uri GraphQlAddress
    {
        get
        {
            // An Enterprise Server has /api/v3/ beside /api/graphql.
            Uri rest = RestAddress;
            return rest.AbsolutePath.EndsWith("/api/v3/", StringComparison.Ordinal) ? new Uri(rest, "../graphql") : new Uri(rest, "graphql");
        }
    }

    private static bool HasOwnApiHost(string host) =>
        host.Equals(PublicHost, StringComparison.OrdinalIgnoreCase) || host.EndsWith(ResidencySuffix, StringComparison.OrdinalIgnoreCase);

    // An empty variable is how container files say "unset".
    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static Uri Folder(string address) => new(address.EndsWith('/') ? address : address + "/");
}

/// <summary>Which App, and the key by which it proves that.</summary>
internal sealed record AppCredentials
{
    /// <summary>The section of the settings, as the environment spells it.</summary>
    public string Section { get; init; } = "";

    /// <summary>The App's numeric id; null where there is no App.</summary>
    public long? AppId { get; set; }

    /// <summary>The PEM file with the App's private key, which only this user may read.</summary>
    public string? PrivateKeyPath { get; set; }

    /// <summary>True when the App is configured.</summary>
    public bool IsConfigured => AppId is not null && !string.IsNullOrWhiteSpace(PrivateKeyPath);
}
