using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Tests.Runs;

public sealed class RunMarkerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aw-marker-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_Marker_Is_The_Same_Each_Time_And_Only_This_Instance_Makes_It()
    {
        using InstanceKey ours = Key("ours");
        using InstanceKey theirs = Key("theirs");

        string marker = new RunMarker(ours).Of("abc");

        Assert.Matches("^<!-- aw:abc:[0-9a-f]{20} -->$", marker);
        Assert.Equal(marker, new RunMarker(ours).Of("abc"));
        Assert.NotEqual(marker, new RunMarker(theirs).Of("abc"));
        Assert.NotEqual(marker.Replace("abc", "abd", StringComparison.Ordinal), new RunMarker(ours).Of("abd"));
    }

    [Fact]
    public void Nothing_Of_A_Deliverys_Id_Gets_Into_A_Comment()
    {
        using InstanceKey key = Key("ours");

        Assert.Matches("^<!-- aw:refusal:[0-9a-f]{20} -->$", new RunMarker(key).OfRefusal("--> <img src=x> @all"));
    }

    private InstanceKey Key(string name)
    {
        string folder = Path.Combine(_folder.FullName, name);
        return InstanceKey.Load(new StorageOptions { DataDirectory = folder, ConnectionString = StorageOptions.SqliteFile(folder) }, null);
    }
}
