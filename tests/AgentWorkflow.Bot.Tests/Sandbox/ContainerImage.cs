using System.Formats.Tar;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Sandbox;

namespace AgentWorkflow.Bot.Tests.Sandbox;

/// <summary>A small image made of this machine's busybox, and the answer whether an engine can run anything here at all.</summary>
public sealed class ContainerImage : IAsyncLifetime
{
    private static readonly string[] s_tools =
    [
        "sh", "env", "cat", "chown", "dd", "echo", "false", "grep", "head", "id", "ln", "ls", "mkdir", "mount", "printf", "rm", "seq", "setsid",
        "sleep", "test", "touch", "true", "truncate", "yes",
    ];

    private readonly string? _program = HostTool.Find("podman") ?? HostTool.Find("docker");
    private ContainerEngine? _engine;

    public string Name { get; } = "localhost/agentworkflow-test:" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    public string? Absent { get; private set; }

    public async ValueTask InitializeAsync()
    {
        string? busybox = HostTool.Find("busybox");
        Absent = _program is null ? "there is no Docker or Podman" : busybox is null ? "busybox, of which the image is made, is not installed" : null;
        if (_program is null || busybox is null)
        {
            return;
        }

        _engine = new ContainerEngine(_program, TimeProvider.System);
        using PrivateFolder folder = PrivateFolder.Create(Path.GetTempPath());
        string archive = Path.Combine(folder.Path, "image.tar");
        await WriteAsync(archive, busybox);
        Absent = await AskAsync("import", archive, Name) != 0 ? "the engine takes no image"
            : await AskAsync("run", "--rm", "--network", "none", Name, "true") != 0 ? $"the engine cannot run even a plain container: {_said}"
            : null;
    }

    public async Task<int> AskAsync(params string[] arguments)
    {
        // Hosts that are containers themselves may not raise limits, which Podman does unless told.
        string[] told = Path.GetFileName(_program) == "podman" && arguments[0] == "run" ? ["run", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", .. arguments[1..]] : arguments;
        (int code, string said) = await (_engine ?? throw new InvalidOperationException("There is no engine.")).AskAsync(told, CancellationToken.None);
        _said = ContainerEngine.LastLine(said);
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await AskAsync("rmi", "--force", Name);
        }
    }

    private string _said = "";

    private static async Task WriteAsync(string archive, string busybox)
    {
        await using FileStream file = File.Create(archive);
        await using TarWriter tar = new(file);
        foreach (string name in (string[])["bin/", "cache/", "dev/", "etc/", "proc/", "src/", "sys/", "tmp/"])
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, name) { Mode = (UnixFileMode)0b111_101_101 });
        }

        await using FileStream program = File.OpenRead(busybox);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = program });
        foreach (string tool in s_tools)
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + tool) { LinkName = "busybox" });
        }
    }
}
