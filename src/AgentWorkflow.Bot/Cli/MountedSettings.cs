using Microsoft.Extensions.FileProviders;

namespace AgentWorkflow.Bot.Cli;

/// <summary>
/// Settings as files: a folder with one file a key (<c>GitHub__WebhookSecret</c>), as containers mount secrets. A file that is
/// replaced counts after a few seconds without a restart, which is how webhook secrets are changed.
/// </summary>
internal static class MountedSettings
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "AGENTWORKFLOW_SETTINGS";

    /// <summary>Adds the folder; nothing without a name.</summary>
    /// <exception cref="SettingsException">The folder is not there.</exception>
    public static IConfigurationBuilder AddMountedSettings(this IConfigurationBuilder builder, string? folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            return builder;
        }

        string path = Path.GetFullPath(folder);
        if (!Directory.Exists(path))
        {
            throw new SettingsException($"AW2529 {Variable} names '{path}', which is no folder; mount one with a file for each setting, or leave the variable out");
        }

        // Mounted secrets are links that are swapped, which only a look at the files themselves notices.
        return builder.AddKeyPerFile(source =>
        {
            source.FileProvider = new PhysicalFileProvider(path) { UsePollingFileWatcher = true, UseActivePolling = true };
            source.Optional = true;
            source.ReloadOnChange = true;
        });
    }
}
