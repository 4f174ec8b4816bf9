namespace AgentWorkflow.Bench.Measuring;

/// <summary>What the kernel says of a process's memory; 0 where it does not.</summary>
internal static class ProcessMemory
{
    /// <summary>The largest resident size so far.</summary>
    public static long PeakKilobytes() => Read("self", "VmHWM:");

    /// <summary>The resident size of another process now.</summary>
    public static long ResidentKilobytes(int processId) => Read($"{processId}", "VmRSS:");

    private static long Read(string process, string name)
    {
        string file = $"/proc/{process}/status";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim());
    }
}
