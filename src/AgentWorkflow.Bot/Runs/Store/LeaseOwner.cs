using System.Diagnostics;
using System.Globalization;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>Who holds a run: a process of a machine. The start time tells a process from a later one with the same id.</summary>
internal sealed record LeaseOwner(string Machine, int ProcessId, long Started)
{
    /// <summary>This process.</summary>
    public static LeaseOwner Current { get; } = OfThisProcess();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine}:{ProcessId}:{Started}");

    /// <summary>True when the owner was a process of this machine that is no more: its lease need not be waited for.</summary>
    public static bool IsGone(string owner)
    {
        string[] parts = owner.Split(':');
        if (parts.Length != 3 || parts[0] != Current.Machine || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int id) || !long.TryParse(parts[2], CultureInfo.InvariantCulture, out long started))
        {
            return false;
        }

        return StartOf(id) != started;
    }

    private static LeaseOwner OfThisProcess() => new(Environment.MachineName.Replace(':', '-'), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>When the process began, in the kernel's own ticks where there are any: they do not move when the clock is set. Null when there is none.</summary>
    private static long? StartOf(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                string stat = File.ReadAllText($"/proc/{processId}/stat");
                return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
            }

            using Process process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
