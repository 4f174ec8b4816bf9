namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Removes files of contents beside writers of other processes. A writer that finds its content there makes the file new
/// (<see cref="Renew"/>) and relies on it; so a file is taken away first, and given back when it turns out to be new.
/// </summary>
/// <param name="incoming">The folder that unfinished files are in, on the same disk.</param>
internal sealed class ContentFiles(string incoming)
{
    private const string Taken = "taken.";
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Makes a file new, if it is there.</summary>
    /// <returns>False when it is not.</returns>
    public static bool Renew(string path)
    {
        try
        {
            DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
            FileInfo file = new(path);
            if (file.Exists && now - file.LastWriteTimeUtc > Fresh)
            {
                File.SetLastWriteTimeUtc(path, now);
            }

            return file.Exists;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Removes a file that was new for the last time before the given moment.</summary>
    /// <returns>The bytes that are gone; 0 when it stays.</returns>
    public long Remove(string path, DateTimeOffset before)
    {
        Directory.CreateDirectory(incoming);
        string taken = Path.Combine(incoming, $"{Taken}{Path.GetFileName(Path.GetDirectoryName(path))}.{Path.GetFileName(path)}");
        try
        {
            File.Move(path, taken, overwrite: true);
            FileInfo file = new(taken);
            if (file.LastWriteTimeUtc >= before.UtcDateTime)
            {
                GiveBack(taken, path);
                return 0;
            }

            File.Delete(taken);
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // Another process was faster.
        }
    }

    /// <summary>Gives back what a process had taken away that died then.</summary>
    public void Recover(string root)
    {
        foreach (string taken in Directory.Exists(incoming) ? Directory.EnumerateFiles(incoming, Taken + "*") : [])
        {
            string[] parts = Path.GetFileName(taken)[Taken.Length..].Split('.', 2);
            GiveBack(taken, Path.Combine(root, parts[0], parts[^1]));
        }
    }

    private static void GiveBack(string taken, string path)
    {
        try
        {
            File.Move(taken, path, overwrite: true); // The same bytes, where somebody wrote them anew.
        }
        catch (FileNotFoundException)
        {
            // Another process gave it back.
        }
    }
}
