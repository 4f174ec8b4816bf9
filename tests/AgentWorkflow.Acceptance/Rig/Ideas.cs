namespace AgentWorkflow.Acceptance.Rig;

/// <summary>Ideas to generate from.</summary>
internal static class Ideas
{
    /// <summary>As small as an idea with a verifiable project can be.</summary>
    public const string Tiny = "# Pets\n\nA pet shop.\n\n## Entities\n\n### Pet\n- name: text, required\n";

    /// <summary>The idea that ships with the program.</summary>
    public static string Shipped { get; } = Find(Path.Combine("examples", "ideas", "lending-library.md")) ?? throw new FileNotFoundException("The shipped idea is not beside the tests.");

    /// <summary>A shipped example workflow.</summary>
    public static string Example(string name) => Find(Path.Combine("examples", name)) ?? throw new FileNotFoundException($"examples/{name} is not beside the tests.");

    /// <summary>The folder of ideas that other people wrote; null where it is absent.</summary>
    public static string? Foreign { get; } = Find(Path.Combine("shared", "data", "ideas"));

    private static string? Find(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate) || Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
