using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentWorkflow.Bot.Forges.GitHub.Setup;

/// <summary>What the App asks for: <c>app-manifest.yml</c>, the one place from which it is quoted.</summary>
internal sealed class AppManifest
{
    private const string Resource = "app-manifest.yml";

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

    /// <summary>Reads the file that the program carries.</summary>
    public static AppManifest Read()
    {
        using Stream stored = typeof(AppManifest).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The program does not carry '{Resource}'.");
        using StreamReader text = new(stored);
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build().Deserialize<AppManifest>(text);
    }

    /// <summary>The address that fills in GitHub's form for a new App with all this.</summary>
    /// <param name="web">Where people see GitHub; it ends with a slash.</param>
    public Uri RegistrationLink(Uri web)
    {
        IEnumerable<string> fields = [
            "name=agentworkflow-bot", "url=https://example.com", $"public={(Public ? "true" : "false")}", "webhook_active=true",
            .. DefaultPermissions.Select(p => $"{p.Key}={p.Value}"), .. DefaultEvents.Select(e => $"events[]={e}")];
        return new Uri(web, $"settings/apps/new?{string.Join('&', fields)}");
    }
}
