namespace AgentWorkflow.Bot.Sandbox;

/// <summary>The argument list of one <c>docker run</c> or <c>podman run</c>.</summary>
internal sealed record ContainerCall
{
    /// <summary>The user and group in the container.</summary>
    public const string User = "1000:1000";

    private static readonly Dictionary<string, string> s_images = new(StringComparer.Ordinal)
    {
        ["dotnet"] = "mcr.microsoft.com/dotnet/sdk:10.0",
        ["node"] = "docker.io/library/node:20",
        ["npm"] = "docker.io/library/node:20",
        ["npx"] = "docker.io/library/node:20",
        ["python3"] = "docker.io/library/python:3.11",
    };

    /// <summary>The command.</summary>
    public required SandboxCommand Command { get; init; }

    /// <summary>The container's name, to kill it by.</summary>
    public required string Name { get; init; }

    /// <summary>The host's packages to show, or null.</summary>
    public string? Packages { get; init; }

    /// <summary>Variables that <c>install</c> adds.</summary>
    public required IReadOnlyDictionary<string, string> InstallVariables { get; init; }

    /// <summary>Files and folders that <c>install</c> sees at their own place.</summary>
    public required IReadOnlyList<string> InstallFiles { get; init; }

    /// <summary>True where the engine maps users itself, so that the files' owner has to be kept.</summary>
    public required bool RootlessPodman { get; init; }

    /// <summary>The whole list.</summary>
    public IReadOnlyList<string> ToArguments()
    {
        List<string> arguments =
        [
            "run", "--rm", "--name", Name, "--init", "--hostname", "box", "--network", Command.Network ? "bridge" : "none",
            "--user", User, "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only",
            "--pids-limit", $"{Command.Limits.Processes}", "--memory", $"{Command.Limits.MemoryBytes}", "--memory-swap", $"{Command.Limits.MemoryBytes}",
            "--ulimit", "core=0", "--tmpfs", "/tmp:rw,exec,mode=1777,size=1g", "--log-driver", "none", "--workdir", Path.Join(BoxEnvironment.Work, Command.Directory),
            "--mount", Mount(Command.WorkFolder, BoxEnvironment.Work, false), "--mount", Mount(Command.CacheFolder, BoxEnvironment.Cache, false),
        ];
        if (RootlessPodman)
        {
            arguments.AddRange(["--userns", "keep-id:uid=1000,gid=1000"]);
        }

        if (Packages is not null)
        {
            arguments.AddRange(["--mount", Mount(Packages, BoxEnvironment.Packages, true)]);
        }

        foreach (string file in Command.Network ? InstallFiles : [])
        {
            arguments.AddRange(["--mount", Mount(file, file, true)]);
        }

        foreach ((string name, string value) in Variables())
        {
            arguments.AddRange(["--env", $"{name}={value}"]);
        }

        return [.. arguments, s_images.GetValueOrDefault(Command.Arguments[0], s_images["python3"]), .. Command.Arguments];
    }

    private IEnumerable<KeyValuePair<string, string>> Variables() => BoxEnvironment
        .Of("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", BoxEnvironment.Cache + "/home", "/tmp", Packages is null ? null : BoxEnvironment.Packages, Command.Network ? InstallVariables : null)
        .OrderBy(v => v.Key, StringComparer.Ordinal);

    private static string Mount(string source, string target, bool readOnly) =>
        $"type=bind,source={source},target={target}{(readOnly ? ",readonly" : "")}";
}
