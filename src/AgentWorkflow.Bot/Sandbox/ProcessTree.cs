using System.Globalization;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>What descends from a process, read from <c>/proc</c>.</summary>
/// <param name="FirstChild">The direct child: the box's init; null when there is none.</param>
/// <param name="Tasks">Processes and threads together, the root not counted.</param>
/// <param name="MemoryBytes">Anonymous and shared memory of all of them; pages of program files are not counted.</param>
internal sealed record ProcessTree(int? FirstChild, int Tasks, long MemoryBytes)
{
    /// <summary>Reads it now; processes that end meanwhile are left out.</summary>
    public static ProcessTree Below(int root)
    {
        ILookup<int, (int Id, int Threads)> children = All().ToLookup(p => p.Parent, p => (p.Id, p.Threads));
        Queue<int> open = new([root]);
        int tasks = 0;
        long memory = 0;
        while (open.TryDequeue(out int parent))
        {
            foreach ((int id, int threads) in children[parent])
            {
                tasks += threads;
                memory += Memory(id);
                open.Enqueue(id);
            }
        }

        return new ProcessTree(children[root].Select(c => (int?)c.Id).FirstOrDefault(), tasks, memory);
    }

    private static IEnumerable<(int Parent, int Id, int Threads)> All()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && Read($"{folder}/stat") is { } stat)
            {
                // The name is in parentheses and may hold anything; the last one ends it. Fields 4 and 20 follow.
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                yield return (int.Parse(fields[1], CultureInfo.InvariantCulture), id, int.Parse(fields[17], CultureInfo.InvariantCulture));
            }
        }
    }

    private static long Memory(int id)
    {
        long kib = 0;
        foreach (string line in (Read($"/proc/{id}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
            {
                kib += long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
        }

        return kib << 10;
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
