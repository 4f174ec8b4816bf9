using System.Globalization;
using System.Net;
using System.Net.Sockets;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Tests.Contracts;

namespace AgentWorkflow.Bot.Tests.Sandbox;

/// <summary>Beside the contract: toolchains and sockets of the host, and counting from outside.</summary>
public sealed class BubblewrapSandboxTests : SandboxContract
{
    private readonly Box _box = new();

    private protected override Box Box => _box;

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
    public async Task A_Process_Limit_Holds_Between_Two_Looks_Of_The_Supervisor()
    {
        SandboxResult result = await _box.RunWith(
            Box.Small with { Processes = 50 }, "bash", "-c", "for i in $(seq 300); do sleep 0.05 & done 2>&1; wait; echo survived");
        Assert.True(result.Limit is not null || _box.Text.Contains("Resource temporarily unavailable", StringComparison.Ordinal), _box.Text);
        Assert.Empty(_box.Alive());
    }

    [Fact]
    public async Task Memory_Is_Counted_Over_All_Processes()
    {
        Assert.SkipUnless(HostTool.Find("python3") is not null, "python3 is not installed");
        SandboxResult result = await _box.RunWith(
            Box.Small with { MemoryBytes = 200 << 20 },
            "/bin/sh", "-c", "for i in 1 2 3; do python3 -c 'import time; x = bytearray(90 << 20); time.sleep(20)' & done; wait");
        Assert.Equal("memory: all processes together used more than 200 MiB", result.Limit);
        Assert.Empty(_box.Alive());
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
        Assert.Empty(_box.Alive());
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
}
