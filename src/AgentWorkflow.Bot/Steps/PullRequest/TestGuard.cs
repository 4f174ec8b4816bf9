using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>What a change did to tests that were there before, and which CI files it touches.</summary>
internal sealed record TestGuardFindings(
    IReadOnlyList<string> Changed, IReadOnlyList<string> Deleted, IReadOnlyList<string> Weakened, IReadOnlyList<string> Skipped, IReadOnlyList<string> CiFiles)
{
    /// <summary>True when existing tests check less than before.</summary>
    public bool IsWeaker => Deleted.Count > 0 || Weakened.Count > 0 || Skipped.Count > 0 || Gone.Count > 0 || NowSkipped.Count > 0;

    /// <summary>All files and tests that make it so.</summary>
    public IEnumerable<string> Weaker => Deleted.Concat(Weakened).Concat(Skipped).Concat(Gone).Concat(NowSkipped);

    /// <summary>Tests that ran on the base commit and do not run any more, by the runner's reports.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>Tests that ran on the base commit and are skipped now, by the runner's reports.</summary>
    public IReadOnlyList<string> NowSkipped { get; init; } = [];

    /// <summary>Changed test files that are too large or no text, so nobody looked into them.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>True when tests were skipped before the change too, so that a skipped one in the report is nothing new.</summary>
    public bool SkippedBefore { get; init; }
}

/// <summary>Counts and names what happened to existing tests: agents are known to make a red test green by weakening it.</summary>
internal static partial class TestGuard
{
    /// <summary>Larger files are named, but not read.</summary>
    public const long MostBytes = 1 << 20;

    /// <summary>Compares the files of a change with those before.</summary>
    public static async Task<TestGuardFindings> InspectAsync(WorkspaceTree before, IWorkspace workspace, Func<RepoPath, FileEntry, Stream> openBefore, CancellationToken cancellationToken)
    {
        List<string> changed = [], weakened = [], skipped = [], unread = [];
        bool skippedBefore = false;
        foreach ((RepoPath path, FileEntry entry) in before.Files.Where(f => IsTest(f.Key.Value)))
        {
            string? old = await ReadAsync(entry, () => Task.FromResult(openBefore(path, entry)), cancellationToken);
            skippedBefore |= old is not null && Skip().IsMatch(old);
            if (!workspace.Tree.Files.TryGetValue(path, out FileEntry? now) || now.Sha256 == entry.Sha256)
            {
                continue;
            }

            changed.Add(path.Value);
            string? current = await ReadAsync(now, () => workspace.OpenReadAsync(path, cancellationToken), cancellationToken);
            if (old is null || current is null)
            {
                unread.Add(path.Value);
                continue;
            }

            weakened.AddRange(Checks(current) < Checks(old) || Case().Count(current) < Case().Count(old) ? [path.Value] : []);
            skipped.AddRange(Skip().Count(current) > Skip().Count(old) ? [path.Value] : []);
        }

        return new TestGuardFindings(
            changed,
            [.. before.Files.Keys.Where(p => IsTest(p.Value) && !workspace.Tree.Files.ContainsKey(p)).Select(p => p.Value)],
            weakened,
            skipped,
            [.. before.Files.Keys.Union(workspace.Tree.Files.Keys).Where(p => PowerfulFiles.Find(p) == PowerfulKind.Ci && before.Files.GetValueOrDefault(p) != workspace.Tree.Files.GetValueOrDefault(p))
                .Order().Select(p => p.Value)])
        {
            Unread = unread,
            SkippedBefore = skippedBefore,
        };
    }

    /// <summary>Adds what the reports say: the outputs of the last step that ran the base's commands again.</summary>
    public static TestGuardFindings WithReports(TestGuardFindings findings, IEnumerable<JsonNode?> outputs)
    {
        JsonObject? comparison = outputs.OfType<JsonObject>().Select(o => o["comparison"]).OfType<JsonObject>().LastOrDefault();
        return comparison is null ? findings : findings with { Gone = Names(comparison["gone"]), NowSkipped = Names(comparison["newlySkipped"]) };
    }

    /// <summary>True for files that hold tests, by the customs of the languages.</summary>
    internal static bool IsTest(string path) => TestPath().IsMatch(path);

    private static List<string> Names(JsonNode? names) => [.. (names as JsonArray ?? []).Select(n => $"{n}")];

    // A check that is commented out is none.
    private static int Checks(string text) => Assertion().Count(Comment().Replace(text, ""));

    private static async Task<string?> ReadAsync(FileEntry entry, Func<Task<Stream>> open, CancellationToken cancellationToken)
    {
        if (entry.Size > MostBytes)
        {
            return null;
        }

        using StreamReader reader = new(await open(), Encoding.UTF8);
        string text = await reader.ReadToEndAsync(cancellationToken);
        return text.Contains('\0') ? null : text;
    }

    [GeneratedRegex(@"(^|/)(tests?|__tests__|specs?)/|(^|/)test_[^/]+\.py$|_test\.(go|py)$|(^|/)conftest\.py$|\.(test|spec)\.[cm]?[jt]sx?$|Tests?\.cs$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TestPath();

    [GeneratedRegex(@"\bAssert\.|\bassert[A-Z]?\w*\s*[.(]|\bassert\s|\bexpect\s*\(|\.Should\b|\bt\.(Error|Fatal)|\brequire\.[A-Z]|\bpytest\.raises\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Assertion();

    [GeneratedRegex(@"\[(Fact|Theory|Test|TestMethod|TestCase|InlineData)\b|\bdef\s+test_|\bfunc\s+Test[A-Z_]|\b(test|it)\s*\(", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Case();

    [GeneratedRegex(@"^[ \t]*(//|#(?!\[)).*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bSkip\s*=|\bAssert\.(Skip|Ignore|Inconclusive)|\[Ignore|@(unittest\.)?(skip|expectedFailure)|\bself\.skipTest|\bpytest\.(skip|xfail)\b|pytest\.mark\.(skip|xfail)|\.(skip|todo|only)\s*\(|\bx(it|test|describe)\s*\(|\bt\.Skip|#\[ignore\]|\b(todo|skip|only)\s*:\s*(true|['""])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Skip();
}
