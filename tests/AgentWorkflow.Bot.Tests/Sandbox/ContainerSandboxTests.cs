using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Tests.Contracts;

namespace AgentWorkflow.Bot.Tests.Sandbox;

/// <summary>The contract with a real engine, where one can run a container; the image is made here, so nothing is fetched.</summary>
public sealed class ContainerSandboxTests(ContainerImage image) : SandboxContract, IClassFixture<ContainerImage>
{
    private readonly Box _box = new(
        ("Sandbox:Provider", "container"), ("Sandbox:Images:DotNet", image.Name), ("Sandbox:Images:Node", image.Name),
        ("Sandbox:Images:Python", image.Name), ("Sandbox:Images:Other", image.Name))
    {
        Absent = image.Absent,
    };

    private protected override Box Box => _box;

    private protected override string[] AddedVariables => ["HOSTNAME", "SHLVL", "TERM", "container"];

    [Fact]
    public async Task Run_Has_The_Loopback_Alone_And_Install_Has_More()
    {
        await _box.Run("grep", "-c", ":", "/proc/net/dev");
        await _box.RunIn(true, Box.Small, "grep", "-c", ":", "/proc/net/dev");
        Assert.Equal(["1", "2"], _box.Said);
    }

    [Fact]
    public async Task No_Capability_Is_Left_And_None_Can_Be_Won()
    {
        SandboxResult result = await _box.Run("grep", "-E", "^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):", "/proc/self/status");
        Assert.Equal(0, result.ExitCode);
        Assert.All(_box.Said.Where(l => l.StartsWith("Cap", StringComparison.Ordinal)), l => Assert.Matches("^Cap...:\\s+0+$", l));
        Assert.Contains("NoNewPrivs:\t1", _box.Said);
    }

    [Fact]
    public async Task Memory_And_Processes_Have_Hard_Limits()
    {
        SandboxResult result = await _box.RunWith(Box.Small with { MemoryBytes = 100 << 20 }, "dd", "if=/dev/zero", "of=/dev/null", "bs=400M", "count=1");
        Assert.Equal(137, result.ExitCode);
        result = await _box.RunWith(Box.Small with { Processes = 30 }, "/bin/sh", "-c", "for i in $(seq 100); do sleep 1 & done 2>&1; wait; echo survived");
        Assert.DoesNotContain("survived", _box.Text, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(_box.Alive());
    }

    [Fact]
    public async Task An_Image_That_Cannot_Be_Had_Is_A_Sentence()
    {
        _box.SkipWithoutProvider();
        using Box other = new(("Sandbox:Provider", "container"), ("Sandbox:Images:Other", "localhost:1/no/such:image"));
        string? reason = await other.Sandbox.TryAsync(TestContext.Current.CancellationToken);
        Assert.Contains("cannot make a box here (the image localhost:1/no/such:image is not on this host and could not be fetched: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Container_That_A_Dead_Bot_Left_Is_Swept_By_The_Next_Trial_Run()
    {
        _box.SkipWithoutProvider();
        string label = $"agentworkflow.work={_box.Get<SandboxPlaces>().WorkFolder}";
        string orphan = "agentworkflow-box-" + Path.GetFileName(_box.Root);
        Assert.Equal(0, await image.AskAsync("run", "--detach", "--network", "none", "--name", orphan, "--label", label, image.Name, "sleep", "600"));
        Assert.Null(await _box.Sandbox.TryAsync(TestContext.Current.CancellationToken));
        Assert.NotEqual(0, await image.AskAsync("container", "inspect", orphan));
    }
}
