namespace AgentWorkflow.Bot.Sandbox;

/// <summary>The settings section <c>Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sandbox";

    /// <summary>The names that <see cref="Provider"/> may have.</summary>
    public static IReadOnlyList<string> Providers { get; } =
        ["auto", BubblewrapSandbox.ProviderName, ContainerSandbox.ProviderName, SandboxSelector.None, UnsafeHostSandbox.ProviderName];

    /// <summary><c>auto</c>, <c>bubblewrap</c>, <c>container</c>, <c>none</c> or <c>unsafe-host</c>.</summary>
    public string Provider { get; set; } = SandboxSelector.Auto;

    /// <summary>What <c>install</c> may see besides the network.</summary>
    public SandboxInstallOptions Install { get; set; } = new();

    /// <summary>The images of the container provider.</summary>
    public SandboxImageOptions Images { get; set; } = new();
}

/// <summary>The settings section <c>Sandbox:Images</c>: for a mirror, for an image by its digest, for one with more tools. Each has <c>/bin/sh</c>.</summary>
internal sealed class SandboxImageOptions
{
    /// <summary>For <c>dotnet</c>.</summary>
    public string DotNet { get; set; } = "mcr.microsoft.com/dotnet/sdk:10.0";

    /// <summary>For <c>node</c>, <c>npm</c> and <c>npx</c>.</summary>
    public string Node { get; set; } = "docker.io/library/node:20";

    /// <summary>For <c>python3</c>, <c>python</c> and <c>pip</c>.</summary>
    public string Python { get; set; } = "docker.io/library/python:3.11";

    /// <summary>For every other program, and for the trial run.</summary>
    public string Other { get; set; } = "docker.io/library/debian:12-slim";
}

/// <summary>The settings section <c>Sandbox:Install</c>: package feeds, proxies and company certificates.</summary>
internal sealed class SandboxInstallOptions
{
    /// <summary>Environment variables of <c>install</c>, by name; they win over those taken from the host.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Absolute paths of files that <c>install</c> sees; one below the bot's home folder appears at the same place of the box's home.</summary>
    public IList<string> Files { get; } = [];
}

/// <summary>Where boxes keep things on the host. The process decides it, not a setting.</summary>
/// <param name="WorkFolder">The private folder for checkouts and caches; everything below it may be deleted at start.</param>
/// <param name="PackageFolder">
/// A NuGet packages folder that boxes may read, so that packages the host has already are not fetched again; null for none.
/// Whoever sets it shows all packages in it, private ones too, to the commands.
/// </param>
internal sealed record SandboxPlaces(string WorkFolder, string? PackageFolder)
{
    /// <summary>True only in the command line's <c>generate</c>: <c>unsafe-host</c> may be chosen.</summary>
    public bool AllowsHost { get; init; }

    /// <summary>The packages folder of this user, or null when there is none.</summary>
    public static string? UserPackages()
    {
        string folder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Path.IsPathFullyQualified(folder) && Directory.Exists(folder) ? folder : null;
    }
}
