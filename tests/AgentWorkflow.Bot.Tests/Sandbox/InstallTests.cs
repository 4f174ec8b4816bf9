using System.Net;
using System.Net.Sockets;

using AgentWorkflow.Bot.Sandbox;

namespace AgentWorkflow.Bot.Tests.Sandbox;

public sealed class InstallTests : IDisposable
{
    private Box _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task Install_Reaches_The_Network_And_Run_Does_Not()
    {
        using TcpListener host = new(IPAddress.Loopback, 0);
        host.Start();
        string script = $"echo x > /dev/tcp/127.0.0.1/{((IPEndPoint)host.LocalEndpoint).Port}";
        Assert.Equal(0, (await _box.RunIn(true, Box.Small, "bash", "-c", script)).ExitCode);
        Assert.NotEqual(0, (await _box.RunIn(false, Box.Small, "bash", "-c", script)).ExitCode);
        Assert.Equal(0, (await _box.RunIn(true, Box.Small, "/bin/sh", "-c", "test -r /etc/resolv.conf && test -r /etc/hosts && test -d /etc/ssl/certs")).ExitCode);
    }

    [Fact]
    public async Task The_Operators_Variables_And_Files_Are_There_In_Install_Alone()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.SkipUnless(Directory.Exists(home) && home.Length > 1 && File.Exists("/etc/hostname"), "this machine has no home folder or no /etc/hostname");
        string name = ".aw-test-" + Path.GetFileName(_box.Root);
        string inHome = Path.Combine(home, name);
        await File.WriteAllTextAsync(inHome, "home secret", TestContext.Current.CancellationToken);
        try
        {
            _box.Dispose();
            _box = new Box(("Sandbox:Install:Environment:FEED_TOKEN", "t0ken"), ("Sandbox:Install:Files:0", inHome), ("Sandbox:Install:Files:1", "/etc/hostname"));
            string script = $"echo $FEED_TOKEN; cat $HOME/{name} 2>/dev/null && echo; ls /etc/hostname 2>/dev/null; true";
            await _box.RunIn(true, Box.Small, "/bin/sh", "-c", script);
            Assert.Equal(["t0ken", "home secret", "/etc/hostname"], _box.Said);
            Assert.False(File.Exists(Path.Combine(_box.Cache, "home", name)));
            _box.Said.Clear();
            await _box.RunIn(false, Box.Small, "/bin/sh", "-c", script + "; grep -rl t0ken /cache /src /tmp /etc /proc/self/environ 2>/dev/null");
            Assert.Equal([""], _box.Said);
        }
        finally
        {
            File.Delete(inHome);
        }
    }

    [Fact]
    public async Task The_Hosts_Own_File_Is_Not_Overwritten_Through_A_Link()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string folder = Directory.CreateDirectory(Path.Combine(home, ".aw-test-" + Path.GetFileName(_box.Root))).FullName;
        string secret = Path.Combine(folder, "feed");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        string target = Directory.CreateTempSubdirectory("box-target-").FullName;
        try
        {
            _box.Dispose();
            _box = new Box(("Sandbox:Install:Files:0", secret));
            await _box.RunIn(false, Box.Small, "/bin/sh", "-c", $"ln -s {target} $HOME/{Path.GetFileName(folder)}");
            SandboxResult result = await _box.RunIn(true, Box.Small, "true");
            Assert.Contains("an earlier command put something else", result.Limit, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(target));
        }
        finally
        {
            Directory.Delete(folder, true);
            Directory.Delete(target, true);
        }
    }

    [Theory]
    [InlineData("http://proxy:3128", false)]
    [InlineData("http://ann:secret@proxy:3128", true)]
    [InlineData("ann:secret@proxy:3128", true)]
    [InlineData("/etc/ssl/certs/ca.pem", false)]
    public void An_Address_With_A_Password_Is_Not_Taken_From_The_Host(string value, bool holds) =>
        Assert.Equal(holds, InstallSettings.HoldsPassword(value));
}
