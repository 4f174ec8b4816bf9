namespace AgentWorkflow.Bot.Sandbox;

/// <summary>The environment of commands: the same in every provider, so that a result does not depend on it.</summary>
internal static class BoxEnvironment
{
    /// <summary>Where the files are in a box.</summary>
    public const string Work = "/src";

    /// <summary>Where the cache folder is in a box.</summary>
    public const string Cache = "/cache";

    /// <summary>Where the host's packages are in a box.</summary>
    public const string Packages = "/packages";

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["LANG"] = "C.UTF-8",
        ["TZ"] = "UTC",
        ["CI"] = "true",

        // No greetings, no certificates nobody asked for, and no server processes that outlive their command.
        ["DOTNET_NOLOGO"] = "true",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "true",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "false",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["UseSharedCompilation"] = "false",
        ["npm_config_update_notifier"] = "false",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>The variables of one command.</summary>
    /// <param name="path">PATH.</param>
    /// <param name="home">HOME as the command sees it.</param>
    /// <param name="temporary">TMPDIR as the command sees it.</param>
    /// <param name="packages">The packages folder as the command sees it, or null.</param>
    /// <param name="install">What <c>install</c> adds; null in <c>run</c>.</param>
    public static Dictionary<string, string> Of(
        string path, string home, string temporary, string? packages, IReadOnlyDictionary<string, string>? install)
    {
        Dictionary<string, string> variables = new(s_settings, StringComparer.Ordinal)
        {
            ["PATH"] = path,
            ["HOME"] = home,
            ["TMPDIR"] = temporary,
        };
        if (packages is not null)
        {
            variables["NUGET_FALLBACK_PACKAGES"] = packages;
        }

        foreach ((string name, string value) in install ?? new Dictionary<string, string>())
        {
            variables[name] = value;
        }

        return variables;
    }
}
