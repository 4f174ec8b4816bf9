namespace AgentWorkflow.Bot.Tests.Storage;

/// <summary>A new folder that is deleted with all it holds.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aw-test-").FullName;

    public void Dispose()
    {
        // git makes its objects read-only; on Linux the folder's own mode decides about deleting.
        Directory.Delete(Path, recursive: true);
    }
}
