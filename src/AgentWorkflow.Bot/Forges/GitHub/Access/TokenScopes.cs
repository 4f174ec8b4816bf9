namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>Which permissions a token asks for: the least for its use, and never more than was granted, since GitHub refuses such a wish as a whole.</summary>
internal static class TokenScopes
{
    private static readonly (string Name, string Level)[] s_read = [("metadata", "read"), ("contents", "read"), ("pull_requests", "read")];

    /// <summary>Name to level.</summary>
    public static Dictionary<string, string> Of(ForgeRights rights, IReadOnlyDictionary<string, string> granted)
    {
        Dictionary<string, string> wanted = s_read.ToDictionary(r => r.Name, r => r.Level, StringComparer.Ordinal);
        foreach ((ForgeRights right, string name) in Writes(granted))
        {
            if (right == ForgeRights.None ? rights == ForgeRights.None : rights.HasFlag(right))
            {
                wanted[name] = "write";
            }
        }

        return wanted.Where(w => Holds(granted, w.Key, w.Value)).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>True where a permission was granted.</summary>
    public static bool Holds(IReadOnlyDictionary<string, string> granted, string name, string level) =>
        name == "metadata" || (granted.TryGetValue(name, out string? has) && (has == level || has is "write" or "admin"));

    // Where the owner granted no checks, a status says the least.
    private static IEnumerable<(ForgeRights Right, string Name)> Writes(IReadOnlyDictionary<string, string> granted) =>
    [
        (ForgeRights.None, "issues"), (ForgeRights.Contents, "contents"), (ForgeRights.PullRequests, "pull_requests"),
        (ForgeRights.Checks, Holds(granted, "checks", "write") ? "checks" : "statuses"), (ForgeRights.CiFiles, "workflows"),
    ];
}
