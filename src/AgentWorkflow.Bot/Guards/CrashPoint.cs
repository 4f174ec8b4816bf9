using System.Diagnostics;
using System.Globalization;

namespace AgentWorkflow.Bot.Guards;

/// <summary>
/// Named places at which a test lets the process die as if by SIGKILL. <c>AGENTWORKFLOW_CRASH=N</c> dies at the N-th place
/// that is passed; <c>AGENTWORKFLOW_CRASH_LOG=FILE</c> lists the places passed. Compiled out of Release.
/// </summary>
internal static class CrashPoint
{
    private static int _passed;

    /// <summary>A place worth dying at.</summary>
    [Conditional("DEBUG")]
    public static void Here(string name)
    {
        int number = Interlocked.Increment(ref _passed);
        if (Environment.GetEnvironmentVariable("AGENTWORKFLOW_CRASH_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"{number} {name}\n"));
        }

        if (int.TryParse(Environment.GetEnvironmentVariable("AGENTWORKFLOW_CRASH"), CultureInfo.InvariantCulture, out int at) && at == number)
        {
            using Process self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }
}
