using System.Text.RegularExpressions;

namespace AgentWorkflow.Rig.Journal;

/// <summary>Takes from a text what differs between two runs of the same work: ids, hashes, times, addresses.</summary>
public static partial class Normal
{
    /// <summary>The text's normal form.</summary>
    public static string Form(string text)
    {
        text = Address().Replace(text, "HOST");
        text = Time().Replace(text, "TIME");
        text = Hash().Replace(text, "HASH");
        text = RunId().Replace(text, "ID");
        text = BranchKey().Replace(text, "$1-KEY");
        return Seconds().Replace(text, "N s");
    }

    [GeneratedRegex(@"(127\.0\.0\.1|localhost):\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d| UTC)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(sha256:)?[0-9a-f]{20,64}\b")]
    private static partial Regex Hash();

    [GeneratedRegex(@"\b(?=[a-z]*[2-7])[a-z2-7]{25,26}\b")]
    private static partial Regex RunId();

    [GeneratedRegex(@"(agentworkflow/[\w-]*)-[a-z2-7]{8}\b")]
    private static partial Regex BranchKey();

    [GeneratedRegex(@"\b\d+(\.\d+)? ?(s|ms|seconds|min)\b")]
    private static partial Regex Seconds();
}
