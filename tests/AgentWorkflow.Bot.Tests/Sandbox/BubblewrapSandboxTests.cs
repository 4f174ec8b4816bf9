using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using AgentWorkflow.Bot.Sandbox;

namespace AgentWorkflow.Bot.Tests.Sandbox;

public sealed class BubblewrapSandboxTests : IDisposable
{
    private readonly Box _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task The_Trial_Run_Passes_Here()
    {
        Box.SkipWithoutBubblewrap();
        SandboxChoice choice = await _box.Selector.ChooseAsync(TestContext.Current.CancellationToken);
        Assert.Null(choice.Refusal);
        Assert.Equal("bubblewrap", choice.Sandbox?.Name);
    }

    [Theory]
    [InlineData("dotnet")]
    [InlineData("node")]
    [InlineData("python3")]
    [InlineData("npm")]
    public async Task A_Toolchain_Of_The_Host_Works_In_The_Box(string program)
    {
        Assert.SkipUnless(HostTool.Find(program) is not null, $"{program} is not installed");
        SandboxResult result = await _box.Run(program, "--version");
        Assert.True(result is { ExitCode: 0, Limit: null }, _box.Text);
        Assert.Matches(@"\d+\.\d+", _box.Text);
    }

    [Fact]
    public async Task Run_Has_The_Loopback_Alone()
    {
        using TcpListener host = new(IPAddress.Loopback, 0);
        host.Start();
        int port = ((IPEndPoint)host.LocalEndpoint).Port;
        await _box.Run("/bin/sh", "-c", "grep -c : /proc/net/dev; bash -c 'echo x > /dev/tcp/127.0.0.1/" + port + "' 2>&1; bash -c 'echo x > /dev/udp/10.255.255.53/53' 2>&1; getent hosts example.com || echo no name");
        Assert.Equal("1", _box.Said.First());
        Assert.Contains("Connection refused", _box.Text, StringComparison.Ordinal);
        Assert.Contains("Network is unreachable", _box.Text, StringComparison.Ordinal);
        Assert.EndsWith("no name", _box.Text, StringComparison.Ordinal);
        Assert.False(host.Pending());
    }

    [Fact]
    public async Task Abstract_Sockets_Of_The_Host_Are_Out_Of_Reach_Of_Run()
    {
        using Socket host = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        host.Bind(new UnixDomainSocketEndPoint("\0box-test-" + Path.GetFileName(_box.Root)));
        host.Listen();
        Assert.SkipUnless(HostTool.Find("python3") is not null, "python3 is not installed");
        SandboxResult result = await _box.Run(
            "python3", "-c", $"import socket; socket.socket(socket.AF_UNIX).connect('\\0box-test-{Path.GetFileName(_box.Root)}')");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("ConnectionRefused", _box.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_Of_The_Host_Is_Seen()
    {
        string canary = "canary-" + Path.GetFileName(_box.Root);
        string variable = "AW_" + canary.Replace('-', '_');
        Environment.SetEnvironmentVariable(variable, canary);
        string file = Path.Combine(_box.Root, "secret.txt");
        await File.WriteAllTextAsync(file, canary, TestContext.Current.CancellationToken);
        try
        {
            SandboxResult result = await _box.Run(
                "/bin/sh", "-c",
                $"cat /proc/*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c {canary}; ls {_box.Root} {Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}/.bashrc /proc/{Environment.ProcessId} 2>&1;"
                + $"grep -rl --include=* {canary} / --exclude-dir=proc --exclude-dir=usr --exclude-dir=packages 2>/dev/null; ls /home /var /run /sys /opt 2>&1; ls /proc | grep -c '^[0-9]'");
            string[] said = [.. _box.Said];
            Assert.Equal("0", said[0]);
            Assert.DoesNotContain(said, line => line.StartsWith('/'));
            Assert.True(int.Parse(said[^1], CultureInfo.InvariantCulture) < 8, _box.Text);
            Assert.Equal(0, result.ExitCode);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Fact]
    public async Task The_Environment_Is_A_Short_List()
    {
        await _box.Run("/usr/bin/env");
        string[] expected =
        [
            "CI", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_CLI_USE_MSBUILD_SERVER", "DOTNET_GENERATE_ASPNET_CERTIFICATE", "DOTNET_NOLOGO",
            "DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK", "HOME", "LANG", "MSBUILDDISABLENODEREUSE", "PATH", "PWD", "PYTHONDONTWRITEBYTECODE", "TMPDIR",
            "TZ", "UseSharedCompilation", "npm_config_update_notifier",
        ];
        Assert.Equal(expected, _box.Said.Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nothing_Can_Be_Written_Outside()
    {
        await _box.Run(
            "/bin/sh", "-c",
            "for f in /x /etc/x /etc/passwd /usr/x /usr/bin/sh /dev/x /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do (echo hi > $f) 2>/dev/null && echo wrote $f; done;"
            + "echo ok > /src/a && echo ok > /cache/b && echo ok > /tmp/c && echo ok > /dev/shm/d && echo ok > $HOME/e && echo all; mount -t tmpfs x /src 2>&1; chown 0 /src/a 2>&1; id -u");
        Assert.Equal("all", _box.Said.First());
        Assert.NotEqual("0", _box.Said.Last());
        Assert.DoesNotContain("wrote", _box.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_box.Work, "a")));
        Assert.True(File.Exists(Path.Combine(_box.Cache, "b")));
    }

    [Fact]
    public async Task Each_Command_Has_A_Fresh_Temporary_Folder_And_Keeps_Its_Home()
    {
        await _box.Run("/bin/sh", "-c", "echo 1 > /tmp/x; echo 2 > $HOME/y");
        SandboxResult result = await _box.Run("/bin/sh", "-c", "test ! -e /tmp/x && cat $HOME/y");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["2"], _box.Said);
    }

    [Fact]
    public async Task A_Signal_Gives_128_And_Its_Number()
    {
        Assert.Equal(128 + 11, (await _box.Run("/bin/sh", "-c", "kill -SEGV $$")).ExitCode);
        Assert.Equal(3, (await _box.Run("/bin/sh", "-c", "exit 3")).ExitCode);
        Assert.Equal(127, (await _box.Run("no-such-program")).ExitCode);
    }

    [Fact]
    public async Task A_Time_Out_Ends_What_Ignores_Signals()
    {
        long start = Stopwatch.GetTimestamp();
        SandboxResult result = await _box.RunWith(
            Box.Small with { Time = TimeSpan.FromSeconds(1) }, "/bin/sh", "-c", "trap '' TERM INT HUP; echo begun; while :; do sleep 60 & wait; done");
        Assert.Equal("time: it ran longer than 1 s", result.Limit);
        Assert.Equal(137, result.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(4));
        NothingIsAlive();
    }

    [Fact]
    public async Task A_Daemon_Dies_With_Its_Command()
    {
        SandboxResult result = await _box.Run("/bin/sh", "-c", "setsid sh -c '(sleep 61 &) ; sleep 62' >/dev/null 2>&1 & exec echo done");
        Assert.Equal(0, result.ExitCode);
        NothingIsAlive();
    }

    [Fact]
    public async Task A_Fork_Bomb_Stays_In_Its_Box()
    {
        SandboxResult result = await _box.RunWith(
            Box.Small with { Time = TimeSpan.FromSeconds(3), Processes = 200 }, "bash", "-c", ":(){ :|:& };: ; sleep 60");
        Assert.True(result.Limit is not null || result.ExitCode != 0);
        NothingIsAlive();
    }

    [Fact]
    public async Task A_Process_Limit_Holds_Between_Two_Looks_Of_The_Supervisor()
    {
        SandboxResult result = await _box.RunWith(
            Box.Small with { Processes = 50 }, "bash", "-c", "for i in $(seq 300); do sleep 0.05 & done 2>&1; wait; echo survived");
        Assert.True(result.Limit is not null || _box.Text.Contains("Resource temporarily unavailable", StringComparison.Ordinal), _box.Text);
        NothingIsAlive();
    }

    [Fact]
    public async Task Memory_Is_Counted_Over_All_Processes()
    {
        Assert.SkipUnless(HostTool.Find("python3") is not null, "python3 is not installed");
        SandboxResult result = await _box.RunWith(
            Box.Small with { MemoryBytes = 200 << 20 },
            "/bin/sh", "-c", "for i in 1 2 3; do python3 -c 'import time; x = bytearray(90 << 20); time.sleep(20)' & done; wait");
        Assert.Equal("memory: all processes together used more than 200 MiB", result.Limit);
        NothingIsAlive();
    }

    [Fact]
    public async Task A_Flood_Of_Output_Ends_The_Command()
    {
        SandboxResult result = await _box.RunWith(Box.Small with { OutputBytes = 1 << 20 }, "yes");
        Assert.Equal("output: more than 1 MiB of output", result.Limit);
        Assert.True(_box.Said.Count > 1000);
        Assert.True(_box.Said.Sum(l => l.Length + 1) <= 1 << 20);
        NothingIsAlive();
    }

    [Theory]
    [InlineData("head -c 40000000 /dev/zero > /src/big; sleep 0.1")]
    [InlineData("head -c 40000000 /dev/zero > /tmp/big; sleep 20")]
    [InlineData("head -c 40000000 /dev/zero > /dev/shm/big; sleep 20")]
    [InlineData("truncate -s 40M /src/sparse; sleep 20")]
    [InlineData("d=$(printf '%0250d' 1); for i in $(seq 20); do mkdir $d; cd $d; done; head -c 40000000 /dev/zero > x; sleep 0.1")]
    [InlineData("mkdir /cache/m; cd /cache/m; seq 6000 | xargs touch; sleep 20")]
    public async Task Disk_Is_Counted(string script)
    {
        SandboxResult result = await _box.RunWith(Box.Small with { DiskBytes = 20 << 20 }, "/bin/sh", "-c", script);
        Assert.Equal("disk: it wrote more than 20 MiB", result.Limit);
        Assert.True(result.Duration < TimeSpan.FromSeconds(18));
        NothingIsAlive();
    }

    [Fact]
    public async Task Cancellation_Kills_The_Tree()
    {
        Box.SkipWithoutBubblewrap();
        using CancellationTokenSource cancel = new();
        int seen = 0;
        SandboxCommand command = _box.Command(false, Box.Small, "/bin/sh", "-c", "(trap '' TERM; sleep 63) & echo begun; wait") with
        {
            Output = _ =>
            {
                seen = Alive().Count();
                cancel.Cancel();
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _box.Provider("bubblewrap").RunAsync(command, cancel.Token));
        Assert.True(seen >= 2);
        NothingIsAlive();
    }

    [Fact]
    public async Task Terminal_Sequences_Do_Not_Reach_The_Log()
    {
        await _box.Run("printf", "\\033[31mred\\033[0m\\033]0;title\\007 \\033(Bplain\\r\\n\\302\\233 31mx\\342\\200\\256y\\0z\\n");
        Assert.Equal(["red plain", "xyz"], _box.Said);
    }

    [Fact]
    public async Task A_Link_In_Place_Of_The_Home_Folder_Is_Not_Followed_By_The_Host()
    {
        string target = Path.Combine(_box.Root, "target");
        await _box.Run("/bin/sh", "-c", $"rm -rf /cache/home && ln -s {target} /cache/home");
        SandboxResult result = await _box.Run("true");
        Assert.Equal("the home folder of the box was replaced by an earlier command", result.Limit);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public async Task A_Broken_Bubblewrap_Is_No_Sandbox()
    {
        using BubblewrapSandbox broken = new(
            _box.Get<SandboxPlaces>(), _box.Get<InstallSettings>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<BubblewrapSandbox>.Instance)
        {
            Program = "/bin/false",
        };
        Assert.Equal("bubblewrap is installed but cannot make a box here (exit code 1)", await broken.TryAsync(TestContext.Current.CancellationToken));
    }

    private void NothingIsAlive() => Assert.Empty(Alive());

    // Every process of the box has the work folder in its mounts.
    private IEnumerable<string> Alive() => Directory.EnumerateDirectories("/proc")
        .Where(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Where(f => Mounts(f).Contains(_box.Work, StringComparison.Ordinal));

    private static string Mounts(string process)
    {
        try
        {
            return File.ReadAllText(process + "/mountinfo");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
