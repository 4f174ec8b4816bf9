using System.Diagnostics;
using System.Globalization;

using AgentWorkflow.Bot.Runs.Store;

namespace AgentWorkflow.Bot.Tests.Runs.Store;

/// <summary>When a lease need not be waited for: its owner is known to be gone. Who is not known to be gone is waited for.</summary>
public sealed class LeaseOwnerTests
{
    private static readonly LeaseOwner s_serve = LeaseOwner.Current with { HoldsDirectory = true };

    [Fact]
    public void This_Process_Is_There() => Assert.False(LeaseOwner.Current.KnowsGone(LeaseOwner.Current.ToString()));

    [Fact]
    public void A_Process_That_Never_Was_And_One_Whose_Id_Another_Has_Now_Are_Gone()
    {
        Assert.True(LeaseOwner.Current.KnowsGone((LeaseOwner.Current with { ProcessId = int.MaxValue }).ToString()));
        Assert.True(LeaseOwner.Current.KnowsGone((LeaseOwner.Current with { Started = LeaseOwner.Current.Started - 1 }).ToString()));
    }

    [Fact]
    public void Whoever_Lives_On_Another_Machine_Or_Cannot_Be_Read_Is_Waited_For()
    {
        foreach (string owner in new[] { "elsewhere:1:1", "", "::", "vm:x:1", $"{LeaseOwner.Current.Machine}:1:x", "a:1:1:1:1" })
        {
            Assert.False(LeaseOwner.Current.KnowsGone(owner), owner);
            Assert.False(s_serve.KnowsGone(owner), owner);
        }
    }

    [Fact]
    public void Who_Holds_The_Directory_Knows_That_Its_Predecessor_Is_Gone_Wherever_That_Was()
    {
        LeaseOwner before = new("the-same-container/0/0", 1, 1) { HoldsDirectory = true };

        Assert.True(s_serve.KnowsGone(before.ToString()));
        Assert.False(s_serve.KnowsGone(s_serve.ToString()));
        Assert.False(s_serve.KnowsGone((before with { HoldsDirectory = false }).ToString()));
        Assert.False(LeaseOwner.Current.KnowsGone(before.ToString()));
    }

    [Fact]
    public void On_Linux_The_Machine_Is_Told_By_Its_Boot_And_Its_Process_Numbers_Too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells boots apart.");

        string[] parts = LeaseOwner.Current.Machine.Split('/');

        Assert.Equal(3, parts.Length);
        Assert.StartsWith(parts[1], File.ReadAllText("/proc/sys/kernel/random/boot_id"));
        Assert.NotEmpty(parts[2]);
    }

    [Fact]
    public void A_Killed_Process_That_Nobody_Has_Asked_After_Is_Gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux keeps the dead like this.");

        // The shell becomes a program that never asks how its child ended.
        using Process parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            int id = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            string stat = "";
            Assert.True(SpinWait.SpinUntil(() => (stat = File.ReadAllText($"/proc/{id}/stat")).Contains(") Z ", StringComparison.Ordinal), TimeSpan.FromSeconds(30)), stat);
            long started = long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);

            Assert.True(LeaseOwner.Current.KnowsGone((LeaseOwner.Current with { ProcessId = id, Started = started }).ToString()));
        }
        finally
        {
            parent.Kill(entireProcessTree: true);
            parent.WaitForExit();
        }
    }
}
