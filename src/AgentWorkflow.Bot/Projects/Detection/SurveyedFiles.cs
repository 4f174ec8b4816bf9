using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>The names of a repository's files, and the texts of the few that a survey looks into.</summary>
internal sealed class SurveyedFiles
{
    /// <summary>Larger files are not read.</summary>
    public const long MostBytes = 256 << 10;

    private const int MostFiles = 200;
    private const int MostDepth = 6;

    private static readonly string[] Foreign =
        ["node_modules", "vendor", "third_party", "bin", "obj", "dist", "build", "target", "testdata", "fixtures", "venv", "site-packages", "bower_components"];

    private static readonly HashSet<string> WantedNames = new(
        [
            "package.json", "pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini", "requirements.txt", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt",
            "go.mod", "cargo.toml", "global.json", "makefile", "gnumakefile", "directory.build.props", "directory.packages.props", ".gitlab-ci.yml",
        ],
        StringComparer.OrdinalIgnoreCase);

    private readonly IReadOnlyDictionary<RepoPath, string> _texts;
    private readonly List<string> _notes = [];

    /// <summary>Looks at a tree.</summary>
    public SurveyedFiles(WorkspaceTree tree, IReadOnlyDictionary<RepoPath, string> texts)
    {
        _texts = texts;
        Paths = [.. tree.Files.Keys.Select(p => p.Value).Where(IsOwn)];
        All = [.. Paths];
        CiTexts = texts.Where(t => IsCi(t.Key.Value)).OrderBy(t => t.Key).ToDictionary(t => t.Key.Value, t => t.Value);
        _notes.AddRange(Wanted(tree).Where(w => !texts.ContainsKey(w.Key) && !IsCi(w.Key.Value)).Take(5)
            .Select(w => $"{w.Key} was not looked into: {(w.Value.Size > MostBytes ? $"it is larger than {MostBytes >> 10} KiB" : "it is no text, or there are too many like it")}."));
    }

    /// <summary>Paths of the repository's own files: nothing that was brought in from elsewhere, and no hidden folder.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Texts of CI configurations by path: hints, never run.</summary>
    public IReadOnlyDictionary<string, string> CiTexts { get; }

    /// <summary>What was not understood, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    private HashSet<string> All { get; }

    /// <summary>The files whose contents matter, in the tree's order.</summary>
    public static IEnumerable<KeyValuePair<RepoPath, FileEntry>> Wanted(WorkspaceTree tree) => tree.Files.Where(f => IsCi(f.Key.Value) || (IsOwn(f.Key.Value) && IsWanted(NameOf(f.Key.Value))));

    /// <summary>Reads them. What is too large or no text is left out.</summary>
    public static async Task<IReadOnlyDictionary<RepoPath, string>> ReadAsync(WorkspaceTree tree, IContentStore contents, CancellationToken cancellationToken)
    {
        Dictionary<RepoPath, string> texts = [];
        foreach ((RepoPath path, FileEntry entry) in Wanted(tree).Where(f => f.Value.Size <= MostBytes).OrderBy(f => f.Key.Value.Count(c => c == '/')).Take(MostFiles))
        {
            using StreamReader reader = new(contents.OpenRead(entry.Sha256));
            string text = await reader.ReadToEndAsync(cancellationToken);
            if (!text.Contains('\0'))
            {
                texts.Add(path, text);
            }
        }

        return texts;
    }

    /// <summary>True where there is such a file.</summary>
    public bool Has(string path) => All.Contains(path);

    /// <summary>The text of a file; null where there is none or it was not read.</summary>
    public string? Text(string path) => RepoPath.TryParseExisting(path, out RepoPath? known, out _) ? _texts.GetValueOrDefault(known) : null;

    /// <summary>The folders that hold a file of that name, the outer ones first.</summary>
    public IEnumerable<string> FoldersWith(Func<string, bool> name) =>
        Paths.Where(p => name(NameOf(p))).Select(FolderOf).Distinct(StringComparer.Ordinal).OrderBy(f => f.Length).ThenBy(f => f, StringComparer.Ordinal);

    /// <summary>Own files in a folder or below it.</summary>
    public IEnumerable<string> Below(string folder) => folder.Length == 0 ? Paths : Paths.Where(p => IsIn(p, folder));

    /// <summary>Adds a sentence on what was not understood.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <summary>True when the path is the folder or lies in it; all lie in the root.</summary>
    public static bool IsIn(string path, string folder) =>
        folder.Length == 0 || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>The path of a file in a folder.</summary>
    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    /// <summary>The last part.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The folder of a file; empty for the root.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is > 0 and int slash ? path[..slash] : "";

    private static bool IsWanted(string name) => WantedNames.Contains(name) || name.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase);

    private static bool IsCi(string path) => path == ".gitlab-ci.yml"
        || (path.StartsWith(".github/workflows/", StringComparison.Ordinal) && (path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal)));

    private static bool IsOwn(string path)
    {
        string[] folders = path.Split('/')[..^1];
        return folders.Length <= MostDepth && !folders.Any(f => f.StartsWith('.') || Foreign.Contains(f, StringComparer.OrdinalIgnoreCase));
    }
}
