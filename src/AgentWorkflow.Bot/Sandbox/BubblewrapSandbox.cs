using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>
/// Boxes by bubblewrap: own root view, own processes, no network in <c>run</c>. As root, the mounts are made first, then an
/// unprivileged user that exists for one work folder alone runs the command.
/// </summary>
internal sealed partial class BubblewrapSandbox(
    SandboxPlaces places, InstallSettings install, TimeProvider time, ILogger<BubblewrapSandbox> logger) : ISandbox, IDisposable
{
    /// <summary>The name in settings.</summary>
    public const string ProviderName = "bubblewrap";

    // Far above the users of systems and containers.
    private const uint FirstUser = 0x6000_0000;
    private readonly SemaphoreSlim _gate = new(1);
    private Toolchains? _tools;

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public bool Isolates => true;

    /// <summary>The program; null when it is not installed. Tests put a broken one here.</summary>
    internal string? Program { get; init; } = HostTool.Find("bwrap");

    /// <inheritdoc/>
    public async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "bubblewrap works on Linux only";
        }

        string? missing = Program is null ? ProviderName
            : HostTool.Find("prlimit") is null ? "prlimit (util-linux)"
            : Environment.IsPrivilegedProcess && HostTool.Find("setpriv") is null ? "setpriv (util-linux), which root needs to become an unprivileged user,"
            : null;
        if (missing is not null)
        {
            return $"{missing} is not installed";
        }

        return await TrialRun.MakeAsync(this, places, cancellationToken) is { } reason
            ? $"bubblewrap is installed but cannot make a box here ({reason})"
            : null;
    }

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string File, string Place)> files = command.Network ? install.HomeFiles() : [];
        if (HomeFolder.Prepare(command.CacheFolder, files) is { } refusal)
        {
            return new SandboxResult(126, TimeSpan.Zero, refusal);
        }

        using PrivateFolder scratch = PrivateFolder.Create(places.WorkFolder);
        try
        {
            BubblewrapCall call = await PrepareAsync(command, scratch, cancellationToken);
            return await RunAsync(call, cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception broken)
        {
            Log.CannotStart(logger, broken);
            return new SandboxResult(126, TimeSpan.Zero, $"the box could not be started: {broken.Message}");
        }
        finally
        {
            HomeFolder.Clear(command.CacheFolder, files);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<SandboxResult> RunAsync(BubblewrapCall call, CancellationToken cancellationToken)
    {
        // bwrap stays readable as /proc/1 until it has become the command: its own environment must hold nothing either.
        using ChildProcess child = await ChildProcess.StartAsync(
            Program ?? ProviderName, call.ToArguments(), new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" });
        SandboxCommand command = call.Command;
        return await new Supervisor(time).FollowAsync(
            child,
            command,
            [command.WorkFolder, command.CacheFolder, call.Scratch],
            () =>
            {
                Kill(child);
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    private async Task<BubblewrapCall> PrepareAsync(SandboxCommand command, PrivateFolder scratch, CancellationToken cancellationToken)
    {
        string temporary = scratch.Add("tmp");
        string shared = scratch.Add("shm");
        string accounts = scratch.Add("etc");
        uint? user = Environment.IsPrivilegedProcess ? UserOf(command.WorkFolder) : null;
        uint inside = user ?? 1000;
        await File.WriteAllTextAsync(
            Path.Combine(accounts, "passwd"), $"root:x:0:0::/:/bin/false\nbuild:x:{inside}:{inside}::{BoxEnvironment.Cache}/home:/bin/sh\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(accounts, "group"), $"root:x:0:\nbuild:x:{inside}:\n", cancellationToken);
        if (user is not null)
        {
            // chown follows no link here (-P, -h), and nothing of the box is alive.
            await HostTool.RunAsync(
                "chown", ["-R", "-P", "-h", $"{user}:{user}", command.WorkFolder, command.CacheFolder, temporary, shared], time, cancellationToken);
        }

        return new BubblewrapCall
        {
            Command = command,
            Tools = await ToolsAsync(cancellationToken),
            Scratch = scratch.Path,
            Accounts = accounts,
            User = user,
            Packages = places.PackageFolder,
            InstallVariables = install.Variables(),
            InstallFiles = [.. install.CertificatePlaces(), .. install.SharedFiles()],
        };
    }

    private async Task<Toolchains> ToolsAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _tools ??= await Toolchains.FindAsync(time, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static uint UserOf(string workFolder) =>
        FirstUser + (BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(workFolder))) & 0x0fff_ffff);

    // Process 1 of the box takes everything in it along; bwrap itself then returns. Without one yet, bwrap is killed and its child dies with it.
    private static void Kill(ChildProcess child)
    {
        if (ProcessTree.Below(child.Id).FirstChild is { } init)
        {
            try
            {
                using Process process = Process.GetProcessById(init);
                process.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended by itself in this moment.
            }
        }
        else
        {
            child.Kill(tree: false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "bubblewrap could not be started.")]
        public static partial void CannotStart(ILogger logger, Exception exception);
    }
}
