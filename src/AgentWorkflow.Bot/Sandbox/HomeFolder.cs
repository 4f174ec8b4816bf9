namespace AgentWorkflow.Bot.Sandbox;

/// <summary>
/// The home folder of a box, inside its cache folder. Commands can write there, so the host looks for links before it
/// touches anything: a link must never lead the host to one of its own files. No command runs while the host does this.
/// </summary>
internal static class HomeFolder
{
    /// <summary>Makes it and puts the operator's files in; null when that worked, else one sentence.</summary>
    public static string? Prepare(string cacheFolder, IReadOnlyList<(string File, string Place)> files)
    {
        if (!Enter(cacheFolder, "home", out string home))
        {
            return "the home folder of the box was replaced by an earlier command";
        }

        foreach ((string file, string place) in files)
        {
            string folder = home;
            string[] parts = place.Split('/');
            foreach (string part in parts[..^1])
            {
                if (!Enter(folder, part, out folder))
                {
                    return $"an earlier command put something else where '{place}' has to be in the box's home";
                }
            }

            string target = Path.Combine(folder, parts[^1]);
            if (Exists(target))
            {
                File.Delete(target);
            }

            using FileStream source = File.OpenRead(file);
            using FileStream copy = new(target, FileMode.CreateNew, FileAccess.Write);
            source.CopyTo(copy);
        }

        return null;
    }

    /// <summary>Takes the operator's files away again.</summary>
    public static void Clear(string cacheFolder, IReadOnlyList<(string File, string Place)> files)
    {
        foreach ((_, string place) in files)
        {
            string path = Path.Combine(cacheFolder, "home");
            bool links = IsLink(path);
            foreach (string part in place.Split('/')[..^1])
            {
                path = Path.Combine(path, part);
                links |= IsLink(path);
            }

            string target = Path.Combine(path, Path.GetFileName(place));
            if (!links && Exists(target) && !Directory.Exists(target))
            {
                File.Delete(target);
            }
        }
    }

    private static bool Enter(string folder, string name, out string inner)
    {
        inner = Path.Combine(folder, name);
        if (IsLink(inner) || File.Exists(inner))
        {
            return false;
        }

        Directory.CreateDirectory(inner);
        return true;
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static bool Exists(string path) => File.Exists(path) || IsLink(path);
}
