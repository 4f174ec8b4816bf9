using System.Diagnostics;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Tests.Sandbox;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>What a box is, whoever makes it (P86, P88, and P84 for "no network"). The commands need a shell and the small tools beside it, no more.</summary>
public abstract class SandboxContract : IDisposable
{
    private protected abstract Box Box { get; }

    /// <summary>Variables that the provider cannot but add.</summary>
    private protected virtual string[] AddedVariables => [];

    public void Dispose()
    {
        Box.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_Trial_Run_Passes_Here()
    {
        Box.SkipWithoutProvider();
        SandboxChoice choice = await Box.Selector.ChooseAsync(TestContext.Current.CancellationToken);
        Assert.Null(choice.Refusal);
        Assert.Equal(Box.Sandbox.Name, choice.Sandbox?.Name);
    }

    [Fact]
    public async Task Nothing_Can_Be_Written_Outside()
    {
        await Box.Run(
            "/bin/sh", "-c",
            "for f in /x /etc/x /etc/passwd /usr/x /usr/bin/sh /dev/x /proc/sys/kernel/core_pattern /proc/sysrq-trigger; do (echo hi > $f) 2>/dev/null && echo wrote $f; done;"
            + "echo ok > /src/a && echo ok > /cache/b && echo ok > /tmp/c && echo ok > /dev/shm/d && echo ok > $HOME/e && echo all; mount -t tmpfs x /src 2>&1; chown 0 /src/a 2>&1; id -u");
        Assert.Equal("all", Box.Said.First());
        Assert.NotEqual("0", Box.Said.Last());
        Assert.DoesNotContain("wrote", Box.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Box.Work, "a")));
        Assert.True(File.Exists(Path.Combine(Box.Cache, "b")));
    }

    [Fact]
    public async Task Each_Command_Has_A_Fresh_Temporary_Folder_And_Keeps_Its_Home()
    {
        await Box.Run("/bin/sh", "-c", "echo 1 > /tmp/x; echo 2 > $HOME/y");
        SandboxResult result = await Box.Run("/bin/sh", "-c", "test ! -e /tmp/x && cat $HOME/y");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["2"], Box.Said);
    }

    [Fact]
    public async Task A_Signal_Gives_128_And_Its_Number()
    {
        Assert.Equal(128 + 11, (await Box.Run("/bin/sh", "-c", "kill -SEGV $$")).ExitCode);
        Assert.Equal(3, (await Box.Run("/bin/sh", "-c", "exit 3")).ExitCode);
        Assert.Equal(127, (await Box.Run("no-such-program")).ExitCode);
    }

    [Fact]
    public async Task A_Time_Out_Ends_What_Ignores_Signals()
    {
        long start = Stopwatch.GetTimestamp();
        SandboxResult result = await Box.RunWith(
            Box.Small with { Time = TimeSpan.FromSeconds(1) }, "/bin/sh", "-c", "trap '' TERM INT HUP; echo begun; while :; do sleep 60 & wait; done");
        Assert.Equal("time: it ran longer than 1 s", result.Limit);
        Assert.Equal(137, result.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(50));
        Assert.Empty(Box.Alive());
    }

    [Fact]
    public async Task A_Daemon_Dies_With_Its_Command()
    {
        SandboxResult result = await Box.Run("/bin/sh", "-c", "setsid sh -c '(sleep 61 &) ; sleep 62' >/dev/null 2>&1 & exec echo done");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(Box.Alive());
    }

    [Fact]
    public async Task A_Fork_Bomb_Stays_In_Its_Box()
    {
        SandboxResult result = await Box.RunWith(
            Box.Small with { Time = TimeSpan.FromSeconds(3), Processes = 200 }, "/bin/sh", "-c", "b() { b | b & }; b; sleep 60");
        Assert.True(result.Limit is not null || result.ExitCode != 0);
        Assert.Empty(Box.Alive());
    }

    [Fact]
    public async Task A_Flood_Of_Output_Ends_The_Command()
    {
        SandboxResult result = await Box.RunWith(Box.Small with { OutputBytes = 1 << 20 }, "yes");
        Assert.Equal("output: more than 1 MiB of output", result.Limit);
        Assert.True(Box.Said.Count > 1000);
        Assert.True(Box.Said.Sum(l => l.Length + 1) <= 1 << 20);
        Assert.Empty(Box.Alive());
    }

    [Fact]
    public async Task Cancellation_Kills_The_Tree()
    {
        Box.SkipWithoutProvider();
        using CancellationTokenSource cancel = new();
        int seen = 0;
        SandboxCommand command = Box.Command(false, Box.Small, "/bin/sh", "-c", "(trap '' TERM; sleep 63) & echo begun; wait") with
        {
            Output = _ =>
            {
                seen = Box.Alive().Count();
                cancel.Cancel();
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Box.Sandbox.RunAsync(command, cancel.Token));
        Assert.True(seen >= 2);
        Assert.Empty(Box.Alive());
    }

    [Fact]
    public async Task Terminal_Sequences_Do_Not_Reach_The_Log()
    {
        await Box.Run("printf", "\\033[31mred\\033[0m\\033]0;title\\007 \\033(Bplain\\r\\n\\302\\233 31mx\\342\\200\\256y\\0z\\n");
        Assert.Equal(["red plain", "xyz"], Box.Said);
    }

    [Fact]
    public async Task A_Link_In_Place_Of_The_Home_Folder_Is_Not_Followed_By_The_Host()
    {
        string target = Path.Combine(Box.Root, "target");
        await Box.Run("/bin/sh", "-c", $"rm -rf /cache/home && ln -s {target} /cache/home");
        SandboxResult result = await Box.Run("true");
        Assert.Equal("the home folder of the box was replaced by an earlier command", result.Limit);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public async Task The_Environment_Is_A_Short_List()
    {
        await Box.Run("env");
        string[] expected =
        [
            "CI", "DOTNET_CLI_TELEMETRY_OPTOUT", "DOTNET_CLI_USE_MSBUILD_SERVER", "DOTNET_GENERATE_ASPNET_CERTIFICATE", "DOTNET_NOLOGO",
            "DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK", "HOME", "LANG", "MSBUILDDISABLENODEREUSE", "PATH", "PWD", "PYTHONDONTWRITEBYTECODE", "TMPDIR",
            "TZ", "UseSharedCompilation", "npm_config_update_notifier",
        ];
        Assert.Equal(expected, Box.Said.Select(l => l.Split('=')[0]).Except(AddedVariables).Order(StringComparer.Ordinal));
    }
}
