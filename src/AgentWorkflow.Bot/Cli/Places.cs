namespace AgentWorkflow.Bot.Cli;

/// <summary>Paths as people read and type them.</summary>
internal static class Places
{
    /// <summary>The path, short: <c>./x</c> below the current folder, <c>~/x</c> below the home folder, else as it is. A shell takes it as it stands.</summary>
    public static string Show(string path) =>
        Show(path, Directory.GetCurrentDirectory(), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The same for any folders.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="current">The current folder.</param>
    /// <param name="home">The home folder; empty when there is none.</param>
    public static string Show(string path, string current, string home)
    {
        if (path == current)
        {
            return ".";
        }

        string? below = Below(path, current) is { } here ? $"./{here}" : null;
        if (below is null && Below(path, home) is { } inHome)
        {
            // Quotes would keep the shell from reading '~', so they start after it.
            return $"~/{Quote(inHome)}";
        }

        return Quote(below ?? path);
    }

    private static string? Below(string path, string folder) =>
        folder.Length > 1 && path.StartsWith($"{folder.TrimEnd('/')}/", StringComparison.Ordinal) ? path[(folder.TrimEnd('/').Length + 1)..] : null;

    private static string Quote(string path) => path.All(c => char.IsLetterOrDigit(c) || "/._-+=:@,~".Contains(c, StringComparison.Ordinal))
        ? path
        : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
