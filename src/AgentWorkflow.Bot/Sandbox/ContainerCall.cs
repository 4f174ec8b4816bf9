namespace AgentWorkflow.Bot.Sandbox;

/// <summary>The argument list of one <c>docker run</c> or <c>podman run</c>.</summary>
internal sealed record ContainerCall
{
    // As in bubblewrap: waits for the command as process 1; when it ends, the kernel ends everything else in the container.
    private const string Init = "\"$@\"; exit $?";
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>The command.</summary>
    public required SandboxCommand Command { get; init; }

    /// <summary>The image, which is on the host already.</summary>
    public required string Image { get; init; }

    /// <summary>The user inside.</summary>
    public required ContainerUser User { get; init; }

    /// <summary>The container's name, to end it by.</summary>
    public required string Name { get; init; }

    /// <summary>The label that says whose it is, to sweep it by.</summary>
    public required string Label { get; init; }

    /// <summary>A fresh folder of the host for <c>/tmp</c>, so that what is written there counts as disk.</summary>
    public required string Temporary { get; init; }

    /// <summary>The host's packages to show, or null.</summary>
    public string? Packages { get; init; }

    /// <summary>Variables that <c>install</c> adds.</summary>
    public required IReadOnlyDictionary<string, string> InstallVariables { get; init; }

    /// <summary>Files and folders that <c>install</c> sees at their own place.</summary>
    public required IReadOnlyList<string> InstallFiles { get; init; }

    /// <summary>The whole list.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        "run", "--name", Name, "--label", Label, "--pull", "never", "--hostname", "box", .. Network(), .. User.Arguments,
        "--user", User.Id, "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only",
        "--pids-limit", $"{Command.Limits.Processes}", "--memory", $"{Command.Limits.MemoryBytes}", "--memory-swap", $"{Command.Limits.MemoryBytes}",
        "--ulimit", "core=0", "--stop-timeout", "0", "--log-driver", "none", "--workdir", System.IO.Path.Join(BoxEnvironment.Work, Command.Directory),
        .. Mounts(), .. Variables(), "--entrypoint", "/bin/sh", Image, "-c", Init, "sh", .. Command.Arguments,
    ];

    private string[] Network() => !Command.Network ? ["--network", "none"] : User.IsMapped ? [] : ["--network", "bridge"];

    private IEnumerable<string> Mounts()
    {
        List<(string Source, string Target, bool ReadOnly)> mounts =
        [
            (Command.WorkFolder, BoxEnvironment.Work, false), (Command.CacheFolder, BoxEnvironment.Cache, false), (Temporary, "/tmp", false),
        ];
        if (Packages is not null)
        {
            mounts.Add((Packages, BoxEnvironment.Packages, true));
        }

        mounts.AddRange((Command.Network ? InstallFiles : []).Select(file => (file, file, true)));
        return mounts.SelectMany(m => new[] { "--mount", $"type=bind,source={m.Source},target={m.Target}{(m.ReadOnly ? ",readonly" : "")}" });
    }

    private IEnumerable<string> Variables() => BoxEnvironment
        .Of(Path, BoxEnvironment.Cache + "/home", "/tmp", Packages is null ? null : BoxEnvironment.Packages, Command.Network ? InstallVariables : null)
        .OrderBy(v => v.Key, StringComparer.Ordinal)
        .SelectMany(v => new[] { "--env", $"{v.Key}={v.Value}" });
}
