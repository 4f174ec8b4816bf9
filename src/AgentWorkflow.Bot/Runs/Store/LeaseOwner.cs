using System.Diagnostics;
using System.Globalization;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Who holds a run: a process of a machine. The machine is told by its name and by the boot and the process ids' namespace
/// that number its processes; the start time tells a process from a later one with the same id.
/// </summary>
internal sealed record LeaseOwner(string Machine, int ProcessId, long Started)
{
    private const string ServeMark = "serve";

    /// <summary>This process.</summary>
    public static LeaseOwner Current { get; } = OfThisProcess();

    /// <summary>True for the <c>serve</c> that holds its data directory's lock: of those there is one at a time.</summary>
    public bool HoldsDirectory { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine}:{ProcessId}:{Started}{(HoldsDirectory ? $":{ServeMark}" : "")}");

    /// <summary>True when this process knows that the owner is no more, so that its lease need not be waited for.</summary>
    /// <param name="owner">The owner as text.</param>
    public bool KnowsGone(string owner)
    {
        string[] parts = owner.Split(':');
        if (parts.Length is < 3 or > 4 || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int id) || !long.TryParse(parts[2], CultureInfo.InvariantCulture, out long started))
        {
            return false;
        }

        // The kernel gave us the lock that the other one held: also where it ran in a container or before the machine's restart.
        bool lockWasItsOwn = HoldsDirectory && parts.Length == 4 && owner != ToString();
        return lockWasItsOwn || (parts[0] == Current.Machine && StartOf(id) != started);
    }

    private static LeaseOwner OfThisProcess() => new(NameMachine(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    // Machines of one image share their name, and containers of one machine number their processes alike.
    private static string NameMachine()
    {
        string name = Environment.MachineName.Replace(':', '-');
        try
        {
            return OperatingSystem.IsLinux()
                ? $"{name}/{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()[..8]}/{string.Concat((new FileInfo("/proc/self/ns/pid").LinkTarget ?? "").Where(char.IsAsciiDigit))}"
                : name;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            return name;
        }
    }

    /// <summary>When the process began, in the kernel's own ticks where there are any: they do not move when the clock is set. Null when it is no more.</summary>
    private static long? StartOf(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                string stat = File.ReadAllText($"/proc/{processId}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

                // Dead, though nobody has asked how it ended: so do processes stay whose parent does not care, as in many containers.
                return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
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
