using System.Text;
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
    public bool IsWeaker => Deleted.Count > 0 || Weakened.Count > 0 || Skipped.Count > 0;
}

/// <summary>Counts and names what happened to existing tests: agents are known to make a red test green by weakening it.</summary>
internal static partial class TestGuard
{
    /// <summary>Compares the files of a change with those before.</summary>
    public static async Task<TestGuardFindings> InspectAsync(WorkspaceTree before, IWorkspace workspace, Func<RepoPath, FileEntry, Stream> openBefore, CancellationToken cancellationToken)
    {
        List<string> changed = [];
        List<string> weakened = [];
        List<string> skipped = [];
        foreach ((RepoPath path, FileEntry entry) in before.Files.Where(f => IsTest(f.Key.Value)))
        {
            if (workspace.Tree.Files.TryGetValue(path, out FileEntry? now) && now.Sha256 != entry.Sha256)
            {
                changed.Add(path.Value);
                await using Stream oldContent = openBefore(path, entry);
                await using Stream newContent = await workspace.OpenReadAsync(path, cancellationToken);
                string old = await ReadAsync(oldContent, cancellationToken);
                string current = await ReadAsync(newContent, cancellationToken);
                weakened.AddRange(Assertion().Count(current) < Assertion().Count(old) ? [path.Value] : []);
                skipped.AddRange(Skip().Count(current) > Skip().Count(old) ? [path.Value] : []);
            }
        }

        return new TestGuardFindings(
            changed,
            [.. before.Files.Keys.Where(p => IsTest(p.Value) && !workspace.Tree.Files.ContainsKey(p)).Select(p => p.Value)],
            weakened,
            skipped,
            [.. workspace.Tree.Files.Where(f => PowerfulFiles.Find(f.Key) == PowerfulKind.Ci && before.Files.GetValueOrDefault(f.Key) != f.Value).Select(f => f.Key.Value)]);
    }

    /// <summary>True for files that hold tests, by the customs of the languages.</summary>
    internal static bool IsTest(string path) => TestPath().IsMatch(path);

    private static async Task<string> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(content, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    [GeneratedRegex(@"(^|/)(tests?|__tests__|spec)/|(^|/)test_[^/]+\.py$|_test\.(go|py)$|\.(test|spec)\.[cm]?[jt]sx?$|Tests?\.cs$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TestPath();

    [GeneratedRegex(@"\bAssert\.|\bassert[A-Z]?\w*\s*[.(]|\bassert\s|\bexpect\s*\(|\.Should\b|\bt\.(Error|Fatal)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Assertion();

    [GeneratedRegex(@"\bSkip\s*=|\bAssert\.Skip|\[Ignore|@unittest\.skip|pytest\.mark\.(skip|xfail)|\.skip\s*\(|\bxit\s*\(|\bxdescribe\s*\(|\bt\.Skip|#\[ignore\]|\btodo\s*:\s*true|\bskip\s*:\s*true", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Skip();
}
