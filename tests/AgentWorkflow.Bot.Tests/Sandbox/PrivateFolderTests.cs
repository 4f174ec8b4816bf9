using AgentWorkflow.Bot.Sandbox;

namespace AgentWorkflow.Bot.Tests.Sandbox;

public sealed class PrivateFolderTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("private-");

    public void Dispose() => _root.Delete(true);

    [Fact]
    public void A_Sweep_Takes_What_A_Crash_Left_And_Leaves_What_Is_In_Use()
    {
        using PrivateFolder used = PrivateFolder.Create(_root.FullName);
        string crashed = _root.CreateSubdirectory("box-00").CreateSubdirectory("work/deep").FullName;
        File.WriteAllText(Path.Combine(_root.FullName, "box-00.lock"), "");
        string other = _root.CreateSubdirectory("mine").FullName;
        Assert.Equal(1, PrivateFolder.Sweep(_root.FullName));
        Assert.False(Directory.Exists(crashed));
        Assert.True(Directory.Exists(used.Path) && Directory.Exists(other));
        Assert.False(File.Exists(Path.Combine(_root.FullName, "box-00.lock")));
    }

    [Fact]
    public async Task Hostile_Trees_Are_Deleted_And_Links_Are_Not_Followed()
    {
        string precious = Path.Combine(_root.CreateSubdirectory("precious").FullName, "file");
        await File.WriteAllTextAsync(precious, "x", TestContext.Current.CancellationToken);
        string path;
        using (PrivateFolder folder = PrivateFolder.Create(_root.FullName))
        {
            path = folder.Path;
            await HostTool.RunAsync(
                "/bin/bash",
                ["-c", $"cd '{path}' && ln -s '{Path.GetDirectoryName(precious)}' link && touch $'bad\\xff\\xfename' $'new\\nline' && mkdir -p locked/in && chmod 0 locked && for i in $(seq 300); do mkdir {new string('d', 200)} && cd {new string('d', 200)}; done"],
                TimeProvider.System,
                TestContext.Current.CancellationToken);
        }

        Assert.False(Directory.Exists(path));
        Assert.True(File.Exists(precious));
    }
}
