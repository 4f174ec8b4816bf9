using AgentWorkflow.Bot.Sandbox;

namespace AgentWorkflow.Bot.Tests.Sandbox;

/// <summary>The argument list, also where there is no engine.</summary>
public sealed class ContainerCallTests
{
    [Fact]
    public void Run_Has_No_Network_No_Rights_And_Limits()
    {
        string line = Line(network: false);
        foreach (string part in new[]
        {
            "run --name box-1 --label l=w --pull never", "--network none", "--user 1000:1000", "--cap-drop ALL", "--security-opt no-new-privileges", "--read-only",
            "--pids-limit 1024", "--memory 4294967296 --memory-swap 4294967296", "type=bind,source=/w,target=/src", "type=bind,source=/c,target=/cache",
            "type=bind,source=/t,target=/tmp", "--stop-timeout 0", "--workdir /src/app", "--entrypoint /bin/sh image:1 -c \"$@\"; exit $? sh dotnet test",
        })
        {
            Assert.Contains(part, line, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("FEED", line, StringComparison.Ordinal);
        Assert.DoesNotContain("/ca.pem", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Install_Has_The_Network_And_The_Settings_Of_Feeds()
    {
        string line = Line(network: true);
        Assert.Contains("--network bridge", line, StringComparison.Ordinal);
        Assert.Contains("--env FEED=x", line, StringComparison.Ordinal);
        Assert.Contains("type=bind,source=/ca.pem,target=/ca.pem,readonly", line, StringComparison.Ordinal);
    }

    private static string Line(bool network) => string.Join(' ', new ContainerCall
    {
        Command = new SandboxCommand
        {
            Arguments = ["dotnet", "test"],
            WorkFolder = "/w",
            CacheFolder = "/c",
            Directory = "app",
            Network = network,
            Limits = SandboxLimits.Default,
            Output = _ => { },
        },
        Image = "image:1",
        User = new ContainerUser("1000:1000", OwnsFiles: false, []),
        Name = "box-1",
        Label = "l=w",
        Temporary = "/t",
        InstallVariables = new Dictionary<string, string> { ["FEED"] = "x" },
        InstallFiles = ["/ca.pem"],
    }.ToArguments());
}
