using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;

namespace AgentWorkflow.Bot.Forges.GitHub.Setup;

/// <summary>What there is to say of any App.</summary>
internal static class AppFindings
{
    /// <summary>Whether it was given what it asks for, and nothing more.</summary>
    /// <param name="name">What the line is called.</param>
    /// <param name="app">The App as GitHub knows it.</param>
    /// <param name="manifest">What it asks for.</param>
    /// <param name="byChoice">Permissions that an operator may add.</param>
    /// <param name="web">Where people see GitHub.</param>
    public static ForgeFinding Rights(string name, AppAnswer app, AppManifest manifest, IReadOnlyList<string> byChoice, Uri web)
    {
        Dictionary<string, string> has = app.Permissions ?? [];
        string[] missing = [.. manifest.DefaultPermissions.Where(p => !TokenScopes.Holds(has, p.Key, p.Value)).Select(p => $"{p.Key}: {p.Value}")];
        string[] more = [.. has.Keys.Where(p => !manifest.DefaultPermissions.ContainsKey(p) && !byChoice.Contains(p))];
        return new ForgeFinding(
            name,
            missing.Length > 0 ? $"AW3061 the App lacks {string.Join(", ", missing)}; grant it at {SettingsOf(app, web)}/permissions, then accept it in each installation."
            : more.Length > 0 ? $"AW3062 the App may do more than it needs ({string.Join(", ", more)}); take it away at {SettingsOf(app, web)}/permissions."
            : null,
            string.Join(", ", has.Select(p => $"{p.Key} {p.Value}").Order(StringComparer.Ordinal)));
    }

    /// <summary>Where its owner sets it up.</summary>
    public static string SettingsOf(AppAnswer app, Uri web) => app.Owner?.Type == "Organization"
        ? $"{web}organizations/{app.Owner.Login}/settings/apps/{app.Slug}"
        : $"{web}settings/apps/{app.Slug}";
}
