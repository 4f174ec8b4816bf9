using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>
/// What a repository holds already: its projects and how they are tested. It is read from names and a few small files; nothing is run
/// for it, and files of CI are hints that are never executed.
/// </summary>
/// <param name="IsEmpty">True for a repository that holds no more than README, licence, git's own settings and our folder.</param>
/// <param name="Projects">The projects, the root first, then by folder.</param>
/// <param name="Notes">What was not understood or left out, a sentence each.</param>
internal sealed partial record RepositorySurvey(bool IsEmpty, IReadOnlyList<FoundProject> Projects, IReadOnlyList<string> Notes)
{
    /// <summary>The most projects that are told of.</summary>
    public const int MostProjects = 8;

    private static readonly string[] FirstFiles = ["README", "LICENSE", "LICENCE", "COPYING", ".gitignore", ".gitattributes"];
    private static readonly string[] OwnFolders = [".agentworkflow/", ".github/agentworkflow/", ".gitlab/agentworkflow/"];

    // In this order one folder's project is chosen: make is what people wrap around the others.
    private static readonly Func<SurveyedFiles, IEnumerable<FoundProject>>[] Stacks =
        [DotnetProjects.Find, NodeProjects.Find, PythonProjects.Find, GoProjects.Find, RustProjects.Find, JavaProjects.Find];

    /// <summary>Reads the tree.</summary>
    /// <param name="tree">All files of the repository.</param>
    /// <param name="texts">Contents of those that <see cref="SurveyedFiles.Wanted"/> names, as far as they could be read.</param>
    public static RepositorySurvey Of(WorkspaceTree tree, IReadOnlyDictionary<RepoPath, string> texts)
    {
        if (IsNew(tree))
        {
            return new RepositorySurvey(IsEmpty: true, [], []);
        }

        SurveyedFiles files = new(tree, texts);
        List<FoundProject> found = [.. Stacks.SelectMany(find => find(files))];
        found.AddRange(MakeProjects.Find(files).Where(m => found.TrueForAll(f => f.Directory != m.Directory || f.Test.Count == 0)));
        found = [.. found.Select(f => Hinted(f, files)).OrderBy(f => f.Directory.Count(c => c == '/')).ThenBy(f => f.Directory.Length > 0).ThenBy(f => f.Directory, StringComparer.Ordinal)];
        List<string> notes = [.. files.Notes];
        if (found.Count > MostProjects)
        {
            notes.Add($"{found.Count} projects were found; the first {MostProjects} are looked at, and not {string.Join(", ", found.Skip(MostProjects).Take(5).Select(f => f.Title))}{(found.Count > MostProjects + 5 ? " and more" : "")}.");
        }

        notes.AddRange(found.Count > 0 ? [] : [files.CiTexts.Count == 0
            ? "No project of a kind that is known was found, so it is not known how the repository is tested; a workflow can say it in `with: run:`."
            : "No project of a kind that is known was found; there is CI configuration, which is never run here. A workflow can say the commands in `with: run:`."]);
        return new RepositorySurvey(IsEmpty: false, [.. found.Take(MostProjects)], notes);
    }

    /// <summary>True for a repository that holds nothing of its own yet.</summary>
    public static bool IsNew(WorkspaceTree tree) => tree.Files.Keys.All(p => IsFirstFile(p.Value) || OwnFolders.Any(f => p.Value.StartsWith(f, StringComparison.Ordinal)));

    /// <summary>What it holds, in words for the middle of a sentence.</summary>
    public string InWords() => Projects.Count == 0
        ? "files of a kind that is not known here"
        : string.Join(", ", Projects.Take(3).Select(p => p.Title)) + (Projects.Count > 3 ? $" and {Projects.Count - 3} more" : "");

    private static bool IsFirstFile(string path) => FirstFiles.Any(f => IsNamed(path, f));

    /// <summary>True for a file of the root with that name, whatever its ending.</summary>
    internal static bool IsNamed(string path, string name) =>
        path.StartsWith(name, StringComparison.OrdinalIgnoreCase) && !path.Contains('/') && (path.Length == name.Length || path[name.Length] == '.');

    // What CI runs too is what people mean by the tests.
    private static FoundProject Hinted(FoundProject project, SurveyedFiles files)
    {
        string? path = project.Test.Count == 0 ? null : files.CiTexts.FirstOrDefault(ci => TestWords().Matches(ci.Value).Any(m => Fits(project.Stack, m.Value))).Key;
        return path is null ? project : project with { Confidence = Confidence.Said, Why = $"{project.Why}, and {path} runs the like" };
    }

    private static bool Fits(string stack, string words) => stack switch
    {
        DotnetProjects.Stack => words.StartsWith("dotnet", StringComparison.Ordinal),
        NodeProjects.Stack => words is ['n', ..] or ['y', 'a', ..] or ['p', 'n', ..],
        PythonProjects.Stack => words.Contains("pytest", StringComparison.Ordinal) || words.Contains("unittest", StringComparison.Ordinal),
        GoProjects.Stack => words.StartsWith("go ", StringComparison.Ordinal),
        RustProjects.Stack => words.StartsWith("cargo", StringComparison.Ordinal),
        MakeProjects.Stack => words.StartsWith("make", StringComparison.Ordinal),
        _ => words.StartsWith("mvn", StringComparison.Ordinal) || words.Contains("gradle", StringComparison.Ordinal),
    };

    [GeneratedRegex(@"\b(dotnet test|npm (run )?test|node --test|yarn test|pnpm test|pytest|unittest|go test|cargo test|mvn |gradlew? |make (test|check))", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TestWords();
}
