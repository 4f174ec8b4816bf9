using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>What the steps of a run said, on this machine.</summary>
internal sealed class RunLogs(StorageOptions storage)
{
    /// <summary>Opens a step's log; null where it said nothing here.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="stepKey">A key of one of its steps, as its state says it: never as a request does.</param>
    public FileStream? Open(string runId, string stepKey)
    {
        try
        {
            return new FileStream(StepLog.PathOf(storage, runId, stepKey), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
