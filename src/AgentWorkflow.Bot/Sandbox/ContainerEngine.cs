using System.Collections.Concurrent;
using System.Globalization;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>The command line of Docker or Podman, and what its box needs to be told on this host.</summary>
/// <param name="program">The absolute path of the program.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerEngine(string program, TimeProvider time)
{
    // The client is trusted and needs to find its engine; nothing of this reaches a container.
    private static readonly string[] s_passed =
    [
        "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "DBUS_SESSION_BUS_ADDRESS", "CONTAINERS_CONF", "CONTAINER_HOST",
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
    ];

    private const int HighestLimit = 32_768;
    private static readonly TimeSpan s_answer = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_fetch = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, bool> _images = new(StringComparer.Ordinal);

    /// <summary><c>podman</c> or <c>docker</c>.</summary>
    public string Name { get; } = Path.GetFileName(program);

    private bool IsPodman => Name == "podman";

    /// <summary>Asks it something; the exit code is -1 when it does not answer.</summary>
    public Task<(int ExitCode, string Output)> AskAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        HostTool.RunAsync(program, arguments, Variables(), s_answer, time, cancellationToken);

    /// <summary>Starts a container in the foreground.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public Task<ChildProcess> StartAsync(IReadOnlyList<string> arguments) => ChildProcess.StartAsync(program, arguments, Variables());

    /// <summary>Fetches an image that is not there, outside the limits of a command; null when it is there then, else one sentence.</summary>
    public async Task<string?> FetchAsync(string image, CancellationToken cancellationToken)
    {
        if (_images.ContainsKey(image) || (await AskAsync(["image", "inspect", "--format", "{{.Id}}", image], cancellationToken)).ExitCode == 0)
        {
            _images[image] = true;
            return null;
        }

        (int code, string said) = await HostTool.RunAsync(program, ["pull", "--quiet", image], Variables(), s_fetch, time, cancellationToken);
        _ = code == 0 && _images.TryAdd(image, true);
        return code == 0 ? null : $"the image {image} is not on this host and could not be fetched: {LastLine(said)}";
    }

    /// <summary>Who the files belong to inside, and what keeps it so.</summary>
    public async Task<ContainerUser> UserAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            return new ContainerUser("1000:1000", OwnsFiles: false, Podman());
        }

        if (IsPodman)
        {
            return new ContainerUser("1000:1000", OwnsFiles: true, [.. Podman(), "--userns", "keep-id:uid=1000,gid=1000"]) { IsMapped = true };
        }

        // Rootless Docker shows its own user as root inside; it has no capability and is nobody outside.
        (_, string options) = await AskAsync(["info", "--format", "{{.SecurityOptions}}"], cancellationToken);
        bool rootless = options.Contains("rootless", StringComparison.Ordinal);
        (_, string user) = rootless ? (0, "0") : await HostTool.RunAsync("id", ["-u"], time, cancellationToken);
        (_, string group) = rootless ? (0, "0") : await HostTool.RunAsync("id", ["-g"], time, cancellationToken);
        return new ContainerUser($"{user.Trim()}:{group.Trim()}", OwnsFiles: true, []);
    }

    /// <summary>The last line that says something, without terminal sequences.</summary>
    public static string LastLine(string said) =>
        TerminalText.Strip(said).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";

    // Podman hands on the host's proxies, with their passwords, and raises limits, which a host that is a container itself may not.
    private List<string> Podman() => IsPodman
        ? ["--http-proxy=false", "--ulimit", $"nofile={Hard("Max open files")}", "--ulimit", $"nproc={Hard("Max processes")}"]
        : [];

    // --pids-limit is what holds a box; this is only low enough to be allowed everywhere.
    private static string Hard(string limit)
    {
        string? line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith(limit, StringComparison.Ordinal)) : null;
        string[] fields = (line ?? "").Replace(limit, "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int most = fields.Length > 1 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out int given) ? Math.Min(given, HighestLimit) : HighestLimit;
        return string.Create(CultureInfo.InvariantCulture, $"{most}:{most}");
    }

    private static Dictionary<string, string> Variables()
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ["LANG"] = "C.UTF-8",
        };
        foreach (string name in s_passed)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                variables[name] = value;
            }
        }

        return variables;
    }
}

/// <summary>The user of a container.</summary>
/// <param name="Id">User and group inside.</param>
/// <param name="OwnsFiles">True when that is this process's own user outside, so that files need no new owner.</param>
/// <param name="Arguments">What the engine has to be told for it.</param>
internal sealed record ContainerUser(string Id, bool OwnsFiles, IReadOnlyList<string> Arguments)
{
    /// <summary>True where the engine maps users itself; its bridge is then not for everybody, its own default network is.</summary>
    public bool IsMapped { get; init; }
}
