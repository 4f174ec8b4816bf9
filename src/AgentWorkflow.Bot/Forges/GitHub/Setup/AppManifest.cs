using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentWorkflow.Bot.Forges.GitHub.Setup;

/// <summary>What an App asks for: a file at the repository's root, the one place from which it is quoted.</summary>
internal sealed class AppManifest
{
    /// <summary>The App that the bot acts as.</summary>
    public const string Bot = "app-manifest.yml";

    /// <summary>The second App, which makes repositories.</summary>
    public const string Creator = "creator-manifest.yml";

    /// <summary>The App's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>What it is for, one sentence.</summary>
    public string Description { get; set; } = "";

    /// <summary>True where anybody may install it.</summary>
    public bool Public { get; set; }

    /// <summary>The permissions by their names: <c>read</c> or <c>write</c>.</summary>
    public Dictionary<string, string> DefaultPermissions { get; set; } = [];

    /// <summary>The events that are delivered.</summary>
    public List<string> DefaultEvents { get; set; } = [];

    /// <summary>Reads a file that the program carries.</summary>
    public static AppManifest Read(string resource = Bot)
    {
        using Stream stored = typeof(AppManifest).Assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"The program does not carry '{resource}'.");
        using StreamReader text = new(stored);
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<AppManifest>(text);
    }

    /// <summary>The address that fills in GitHub's form for a new App with all this.</summary>
    /// <param name="web">Where people see GitHub; it ends with a slash.</param>
    /// <param name="name">A name for it, which must be free on all of GitHub.</param>
    public Uri RegistrationLink(Uri web, string name = "agentworkflow-bot")
    {
        IEnumerable<string> fields = [
            $"name={name}", "url=https://example.com", $"public={(Public ? "true" : "false")}", $"webhook_active={(DefaultEvents.Count > 0 ? "true" : "false")}",
            .. DefaultPermissions.Select(p => $"{p.Key}={p.Value}"), .. DefaultEvents.Select(e => $"events[]={e}")];
        return new Uri(web, $"settings/apps/new?{string.Join('&', fields)}");
    }
}
