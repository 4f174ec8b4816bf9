using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>What <c>install</c> may see of the host besides the network: settings of feeds, proxies and certificates.</summary>
internal sealed class InstallSettings(IOptions<SandboxOptions> options)
{
    // Well-known and public. Anything that may hold a password comes through the settings alone.
    private static readonly string[] s_public =
    [
        "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "npm_config_registry", "NPM_CONFIG_REGISTRY",
        "NUGET_CERT_REVOCATION_MODE", "PIP_INDEX_URL", "PIP_CERT",
    ];

    private static readonly string[] s_places = ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "PIP_CERT"];

    /// <summary>The variables: those of the host that are public, then the operator's.</summary>
    public IReadOnlyDictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach (string name in s_public)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && !HoldsPassword(value))
            {
                variables[name] = value;
            }
        }

        foreach ((string name, string value) in options.Value.Install.Environment)
        {
            variables[name] = value;
        }

        return variables;
    }

    /// <summary>Files and folders of certificates that the variables name.</summary>
    public IReadOnlyList<string> CertificatePlaces()
    {
        IReadOnlyDictionary<string, string> variables = Variables();
        return
        [
            .. s_places.Select(variables.GetValueOrDefault).OfType<string>()
                .SelectMany(value => value.Split(':'))
                .Where(place => Path.IsPathFullyQualified(place) && (File.Exists(place) || Toolchains.IsNarrow(place)))
                .Distinct(),
        ];
    }

    /// <summary>The operator's files that are outside the home folder: shown at their own place.</summary>
    public IReadOnlyList<string> SharedFiles() => [.. Files().Where(f => RelativeToHome(f) is null)];

    /// <summary>The operator's files below the home folder, with their place in the box's home.</summary>
    public IReadOnlyList<(string File, string Place)> HomeFiles() =>
        [.. Files().Select(f => (f, RelativeToHome(f))).Where(f => f.Item2 is not null).Select(f => (f.f, f.Item2 ?? ""))];

    /// <summary>True for a text with <c>user:password@</c> in an address.</summary>
    public static bool HoldsPassword(string value)
    {
        int scheme = value.IndexOf("://", StringComparison.Ordinal);
        string rest = scheme < 0 ? value : value[(scheme + 3)..];
        return rest.Contains('@', StringComparison.Ordinal);
    }

    private static string? RelativeToHome(string file)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 1 && file != home && Toolchains.IsBelow(file, home) ? Path.GetRelativePath(home, file) : null;
    }

    private IEnumerable<string> Files() => options.Value.Install.Files
        .Where(Path.IsPathFullyQualified)
        .Select(Path.GetFullPath)
        .Where(File.Exists);
}
