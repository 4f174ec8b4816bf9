using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Steps.Command.Reports;

/// <summary>Finds where in our own files a stack trace points to.</summary>
/// <param name="roots">The work folder as the command saw it, as in <c>/src</c>.</param>
internal sealed partial class SourceLocation(params string[] roots)
{
    private const int FarEnough = 20_000;

    /// <summary><c>file:line</c> relative to the root, of the first place inside it; null when there is none.</summary>
    public string? Find(string? trace)
    {
        if (trace is null)
        {
            return null;
        }

        foreach (Match match in Place().Matches(trace.Length > FarEnough ? trace[..FarEnough] : trace))
        {
            if (Relative(match.Groups["file"].Value) is { } file && !file.Contains("node_modules/", StringComparison.Ordinal))
            {
                return $"{file}:{match.Groups["line"].Value}";
            }
        }

        return null;
    }

    /// <summary>A file that a report names itself.</summary>
    public string? Of(string? file, string? line) =>
        string.IsNullOrEmpty(file) ? null
        : (Path.IsPathRooted(file) ? Relative(file) : file) is not { } relative ? null
        : string.IsNullOrEmpty(line) ? relative : $"{relative}:{line}";

    private string? Relative(string file) => roots
        .Where(root => file.StartsWith(root + "/", StringComparison.Ordinal))
        .Select(root => file[(root.Length + 1)..])
        .FirstOrDefault();

    // .NET: "in /src/T.cs:line 2"; Node: "(/src/a.js:3:30)", "file:///src/a.js:3:30"; Python: File "/src/a.py", line 4
    [GeneratedRegex("""(?<file>/[^\s:"'()<>]{1,400}?)(?::line |:|", line )(?<line>[0-9]{1,7})""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex Place();
}
