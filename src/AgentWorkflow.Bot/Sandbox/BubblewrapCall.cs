namespace AgentWorkflow.Bot.Sandbox;

/// <summary>The argument list of one call of bubblewrap.</summary>
internal sealed record BubblewrapCall
{
    // Waits for the command as process 1 of the box: when it ends, the kernel ends everything else in the box, and bwrap
    // returns only after that. The command's words are arguments, never part of the script.
    private const string Init = "\"$@\"; exit $?";

    private static readonly string[] s_roots = ["bin", "sbin", "lib", "lib32", "lib64"];

    // Public parts of /etc that programs need; no keys, no accounts, no names of users.
    private static readonly string[] s_etc =
    [
        "/etc/alternatives", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ssl/cert.pem", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted",
        "/etc/ca-certificates/extracted", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/mime.types",
        "/etc/nsswitch.conf", "/etc/protocols", "/etc/services", "/etc/dotnet",
    ];

    private static readonly string[] s_network = ["/etc/resolv.conf", "/etc/hosts", "/etc/gai.conf"];

    /// <summary>The command.</summary>
    public required SandboxCommand Command { get; init; }

    /// <summary>The toolchains to show.</summary>
    public required Toolchains Tools { get; init; }

    /// <summary>A fresh folder of the host with <c>tmp</c> and <c>shm</c> for this command alone.</summary>
    public required string Scratch { get; init; }

    /// <summary>A folder of the host with the box's <c>passwd</c> and <c>group</c>; commands never write there.</summary>
    public required string Accounts { get; init; }

    /// <summary>The unprivileged user to become; null when this process is not root.</summary>
    public required uint? User { get; init; }

    /// <summary>The host's packages to show, or null.</summary>
    public string? Packages { get; init; }

    /// <summary>Variables that <c>install</c> adds.</summary>
    public required IReadOnlyDictionary<string, string> InstallVariables { get; init; }

    /// <summary>Files and folders that <c>install</c> sees at their own place.</summary>
    public required IReadOnlyList<string> InstallFiles { get; init; }

    /// <summary>The whole list.</summary>
    public IReadOnlyList<string> ToArguments() => [.. Apart(), .. View(), .. Variables(), "--", .. Limits(), "/bin/sh", "-c", Init, "sh", .. Command.Arguments];

    private List<string> Apart()
    {
        List<string> arguments =
        [
            "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "box",
            "--as-pid-1", "--die-with-parent", "--new-session",
        ];
        if (!Command.Network)
        {
            arguments.Add("--unshare-net");
        }

        // Root keeps just what setpriv needs to become somebody else; anybody else gets a user namespace of his own.
        arguments.AddRange(User is null
            ? ["--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"]
            : ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]);
        return arguments;
    }

    private List<string> View()
    {
        Mounts mounts = new();
        mounts.Show("/usr");
        foreach (string root in s_roots)
        {
            mounts.Root(root);
        }

        foreach (string place in s_etc.Concat(Tools.Folders).Concat(Command.Network ? s_network.Concat(InstallFiles) : []))
        {
            mounts.Show(place);
        }

        mounts.Show(Path.Combine(Accounts, "passwd"), "/etc/passwd");
        mounts.Show(Path.Combine(Accounts, "group"), "/etc/group");
        if (Packages is not null)
        {
            mounts.Show(Packages, BoxEnvironment.Packages);
        }

        return
        [
            .. mounts.Arguments,
            "--proc", "/proc", "--dev", "/dev",
            "--bind", Path.Combine(Scratch, "shm"), "/dev/shm", "--remount-ro", "/dev",
            "--bind", Path.Combine(Scratch, "tmp"), "/tmp",
            "--bind", Command.WorkFolder, BoxEnvironment.Work,
            "--bind", Command.CacheFolder, BoxEnvironment.Cache,
            "--remount-ro", "/", "--chdir", Path.Join(BoxEnvironment.Work, Command.Directory),
        ];
    }

    private IEnumerable<string> Variables()
    {
        string path = string.Join(':', Tools.Path.Concat(["/usr/local/bin", "/usr/bin", "/bin"]));
        Dictionary<string, string> variables = BoxEnvironment.Of(
            path, BoxEnvironment.Cache + "/home", "/tmp", Packages is null ? null : BoxEnvironment.Packages, Command.Network ? InstallVariables : null);
        return variables.OrderBy(v => v.Key, StringComparer.Ordinal).SelectMany(v => new[] { "--setenv", v.Key, v.Value }).Prepend("--clearenv");
    }

    private IEnumerable<string> Limits()
    {
        // Process limits count per user: as root each folder has a user of its own. A file of .NET's own code cache is 2 GiB long and empty.
        long file = Math.Max(Command.Limits.DiskBytes, 4L << 30);
        IEnumerable<string> limits = ["prlimit", $"--nproc={Command.Limits.Processes}", "--core=0", $"--fsize={file}", "--"];
        return User is { } user
            ? limits.Concat(
                [
                    "setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--inh-caps=-all", "--ambient-caps=-all",
                    "--bounding-set=-all", "--no-new-privs", "--pdeathsig=KILL", "--",
                ])
            : limits;
    }

    /// <summary>Read-only mounts; folders above them are made readable for everybody, which bwrap as root would not do.</summary>
    private sealed class Mounts
    {
        private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "/" };
        private readonly List<string> _shown = [];

        public List<string> Arguments { get; } = [];

        public void Show(string source, string? target = null)
        {
            string place = target ?? source;
            if ((File.Exists(source) || Directory.Exists(source)) && !_shown.Exists(s => Toolchains.IsBelow(place, s)))
            {
                Above(place);
                Arguments.AddRange(["--ro-bind", source, place]);
                _shown.Add(place);
            }
        }

        public void Root(string name)
        {
            DirectoryInfo folder = new("/" + name);
            if (folder.LinkTarget is { } link)
            {
                Arguments.AddRange(["--symlink", link, "/" + name]);
            }
            else
            {
                Show("/" + name);
            }
        }

        private void Above(string place)
        {
            string above = Path.GetDirectoryName(place) ?? "/";
            if (_folders.Add(above))
            {
                Above(above);
                Arguments.AddRange(["--perms", "0755", "--dir", above]);
            }
        }
    }
}
