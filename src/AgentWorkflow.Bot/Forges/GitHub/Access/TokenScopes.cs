namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>Which permissions a token asks for: the least for its purpose, and never more than was granted, since GitHub refuses such a wish as a whole.</summary>
internal static class TokenScopes
{
    private static readonly (string Name, string Level)[] s_talk = [("metadata", "read"), ("contents", "read"), ("pull_requests", "read"), ("issues", "write")];
    private static readonly (string Name, string Level)[] s_publish = [("metadata", "read"), ("contents", "write"), ("pull_requests", "write"), ("checks", "write")];

    /// <summary>Name to level.</summary>
    public static Dictionary<string, string> Of(Purpose purpose, IReadOnlyDictionary<string, string> granted)
    {
        // Where the owner granted no checks, a status says the least.
        (string Name, string Level)[] instead = Holds(granted, "checks", "write") ? [] : [("statuses", "write")];
        IEnumerable<(string Name, string Level)> wanted = purpose switch
        {
            Purpose.Talk => s_talk,
            Purpose.Publish => [.. s_publish, .. instead],
            _ => [.. s_publish, .. instead, ("workflows", "write")],
        };
        return wanted.Where(w => Holds(granted, w.Name, w.Level)).ToDictionary(w => w.Name, w => w.Level, StringComparer.Ordinal);
    }

    /// <summary>True where a permission was granted.</summary>
    public static bool Holds(IReadOnlyDictionary<string, string> granted, string name, string level) =>
        name == "metadata" || (granted.TryGetValue(name, out string? has) && (has == level || has is "write" or "admin"));
}
