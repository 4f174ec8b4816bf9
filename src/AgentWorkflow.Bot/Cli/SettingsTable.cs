using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Cli;

/// <summary>
/// The closed table of settings: an unknown key under one of our sections is an error with the nearest name. Keys and values that
/// are planned and not there yet say so: ignoring a limit or a login that somebody relies on would be worse than refusing it.
/// </summary>
internal static class SettingsTable
{
    /// <summary>The keys of this version. <c>*</c> stands for a name or a number.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "DataDirectory",
        "Database:Provider",
        "ConnectionStrings:Default",
        "Agents:Default",
        "Sandbox:Provider",
        "Sandbox:Install:Environment:*",
        "Sandbox:Install:Files:*",
        "Sandbox:Images:DotNet", "Sandbox:Images:Node", "Sandbox:Images:Python", "Sandbox:Images:Other",
        "Signing:KeyPath",
        "Storage:Provider", "Storage:S3:Endpoint", "Storage:S3:Bucket", "Storage:S3:AccessKey", "Storage:S3:SecretKey", "Storage:S3:Region",
        "GitHub:AppId", "GitHub:PrivateKeyPath", "GitHub:WebhookSecret", "GitHub:PreviousWebhookSecret", "GitHub:Url", "GitHub:ApiUrl", "GitHub:WebUrl",
        "GitHub:PollSeconds", "GitHub:Creator:AppId", "GitHub:Creator:PrivateKeyPath",
        "GitLab:Url", "GitLab:Token", "GitLab:WebhookSecret", "GitLab:PreviousWebhookSecret", "GitLab:SigningToken", "GitLab:PreviousSigningToken", "GitLab:PollSeconds",
        "Forges:Owners:*", "Forges:Repositories:*", "Repositories:Owners:*",
        "Triggers:MinimumPermission", "Triggers:AllowedBots:*", "Commands:Prefix",
        "Limits:Files", "Limits:Minutes",
        .. RetentionOptions.Keys,
        "Web:PublicUrl", "Web:Login", "Web:TrustedProxies:*",
    ];

    /// <summary>The keys of later versions.</summary>
    public static IReadOnlyList<string> Later { get; } =
    [
        "Agents:OpenAI:*", "Agents:Anthropic:*", "Agents:Prices:*:Input", "Agents:Prices:*:Output",
        "Apis:*:Description", "Apis:*:Auth", "Mcp:*:*",
        "Limits:RunUsd", "Limits:RepositoryDayUsd", "Retention:PromptDays",
        "Web:AdminIds:*",
    ];

    /// <summary>Keys with a closed set of values: those of this version, and those of later ones.</summary>
    private static readonly (string Key, IReadOnlyList<string> Now, IReadOnlyList<string> Later)[] Values =
    [
        ("Agents:Default", ["offline"], ["openai", "anthropic"]),
        ("Sandbox:Provider", SandboxOptions.Providers, []),
        ("Storage:Provider", ["Disk", "S3"], []),
        ("Web:Login", [WebOptions.NoLogin, WebOptions.WebhooksOnly], ["oidc", "github", "gitlab"]),
        ("Triggers:MinimumPermission", ["read", "triage", "write", "maintain", "admin"], []),
    ];

    private static readonly HashSet<string> Sections =
        new(Keys.Concat(Later).Where(k => k.Contains(':')).Select(k => k.Split(':')[0]).Where(s => s != "ConnectionStrings"), StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the program's settings: <c>appsettings.json</c> beside it, user secrets, a mounted folder, the environment.</summary>
    /// <exception cref="SettingsException">The folder of settings is not there.</exception>
    public static IConfigurationBuilder AddBotSettings(this IConfigurationBuilder builder) => builder
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
        .AddUserSecrets(typeof(SettingsTable).Assembly, optional: true, reloadOnChange: false)
        .AddMountedSettings(Environment.GetEnvironmentVariable(MountedSettings.Variable))
        .AddEnvironmentVariables();

    /// <summary>Refuses unknown keys, and values outside a closed set.</summary>
    /// <exception cref="SettingsException">A key or a value is wrong; the message is one sentence.</exception>
    public static void Check(IConfiguration configuration)
    {
        IEnumerable<string> given = configuration.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => pair.Key);
        foreach (string key in given.Where(k => k.Contains(':') && Sections.Contains(k.Split(':')[0])).Order(StringComparer.Ordinal))
        {
            CheckKey(key);
            SettingsValues.Check(key, configuration[key] ?? "");
        }

        foreach ((string key, IReadOnlyList<string> now, IReadOnlyList<string> later) in Values)
        {
            // An empty variable is how container files say "unset".
            if (configuration[key] is { Length: > 0 } value && !now.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                string hint = later.Contains(value, StringComparer.OrdinalIgnoreCase) ? "is not in this version"
                    : NearestName.Of(value, now) is { } nearest ? $"is unknown; did you mean '{nearest}'?"
                    : "is unknown";
                string known = hint.EndsWith('?') ? "" : $"; set it to {(now.Count == 1 ? $"'{now[0]}'" : $"one of {string.Join(", ", now)}")} or leave it out";
                throw new SettingsException($"AW2508 the value '{value}' of {Spell(key)} {hint}{known}");
            }
        }
    }

    private static void CheckKey(string key)
    {
        if (Keys.Any(known => Matches(known, key)))
        {
            return;
        }

        if (Later.Any(known => Matches(known, key)))
        {
            throw new SettingsException($"AW2509 the setting '{Spell(key)}' is not in this version; leave it out");
        }

        string hint = NearestName.Of(key, Keys.Concat(Later)) is { } nearest
            ? $"did you mean '{Spell(nearest)}'?"
            : $"known are {string.Join(", ", Keys.Select(Spell))}";
        throw new SettingsException($"AW2501 the setting '{Spell(key)}' is unknown; {hint}");
    }

    /// <summary>True when the key is the known one; <c>*</c> stands for a name or a number.</summary>
    internal static bool Matches(string known, string key) =>
        Regex.IsMatch(key, $"^{Regex.Escape(known).Replace("\\*", "[^:]+", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>The key as the environment spells it.</summary>
    internal static string Spell(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>A setting is wrong; the message is one sentence.</summary>
internal sealed class SettingsException(string message) : Exception(message);
