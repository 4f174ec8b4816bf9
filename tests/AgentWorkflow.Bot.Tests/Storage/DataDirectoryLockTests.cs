using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_Second_Is_Told_Who_Holds_The_Directory()
    {
        using DataDirectoryLock first = DataDirectoryLock.Acquire(_folder.Path, DataDirectoryLock.Serve);

        StorageException refusal = Assert.Throws<StorageException>(() => DataDirectoryLock.Acquire(_folder.Path, DataDirectoryLock.Serve));

        Assert.Equal("AW2512", refusal.Code);
        Assert.Contains($"process {Environment.ProcessId} holds serve.lock", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_Is_Free_Again_After_Its_Holder_Left()
    {
        DataDirectoryLock.Acquire(_folder.Path, DataDirectoryLock.Serve).Dispose();

        using DataDirectoryLock second = DataDirectoryLock.Acquire(_folder.Path, DataDirectoryLock.Serve);

        Assert.NotNull(second);
    }
}
