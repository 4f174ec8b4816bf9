using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Cli;

/// <summary>The closed table of settings: an unknown key under one of our sections is an error with the nearest name.</summary>
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
        "Limits:Files",
        "Limits:Minutes",
        "Signing:KeyPath",
    ];

    /// <summary>Adds the program's settings: <c>appsettings.json</c> beside it, user secrets, the environment.</summary>
    public static IConfigurationBuilder AddBotSettings(this IConfigurationBuilder builder) => builder
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
        .AddUserSecrets(typeof(SettingsTable).Assembly, optional: true, reloadOnChange: false)
        .AddEnvironmentVariables();

    /// <summary>Refuses unknown keys.</summary>
    /// <exception cref="SettingsException">A key is unknown.</exception>
    public static void Check(IConfiguration configuration)
    {
        HashSet<string> sections = [.. Keys.Where(k => k.Contains(':')).Select(k => k.Split(':')[0]).Where(s => s != "ConnectionStrings")];
        IEnumerable<string> given = configuration.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => pair.Key);
        foreach (string key in given.Where(k => k.Contains(':') && sections.Contains(k.Split(':')[0], StringComparer.OrdinalIgnoreCase)))
        {
            if (!Keys.Any(known => Matches(known, key)))
            {
                string? nearest = NearestName.Of(key, Keys);
                string hint = nearest is null ? $"known are {string.Join(", ", Keys.Select(Spell))}" : $"did you mean '{Spell(nearest)}'?";
                throw new SettingsException($"AW2501 the setting '{Spell(key)}' is unknown; {hint}");
            }
        }
    }

    private static bool Matches(string known, string key) =>
        Regex.IsMatch(key, $"^{Regex.Escape(known).Replace("\\*", "[^:]+", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static string Spell(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>A setting is wrong; the message is one sentence.</summary>
internal sealed class SettingsException(string message) : Exception(message);
