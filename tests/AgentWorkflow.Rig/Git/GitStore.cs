using LibGit2Sharp;

namespace AgentWorkflow.Rig.Git;

/// <summary>A bare git repository, and what the last writes look like to reads that lag behind.</summary>
public sealed class GitStore : IDisposable
{
    // The forge's rules are told to git by the environment of the request.
    private const string UpdateHook = "#!/bin/sh\nset -f\nfor p in $RIG_PROTECTED; do\n  case \"$1\" in $p) echo \"$1 is protected: you are not allowed to push to it.\" >&2; exit 1 ;; esac\ndone\n";

    private readonly Repository _repository;
    private readonly Dictionary<string, (string? Old, int Reads)> _stale = new(StringComparer.Ordinal);

    /// <summary>Makes an empty repository.</summary>
    public GitStore(string path)
    {
        Path = path;
        Repository.Init(path, isBare: true);
        _repository = new Repository(path);
        _repository.Config.Set("http.receivepack", true);
        _repository.Config.Set("uploadpack.allowAnySHA1InWant", true);
        _repository.Config.Set("uploadpack.allowFilter", true);
        _repository.Refs.UpdateTarget("HEAD", "refs/heads/main");
        string hook = System.IO.Path.Combine(path, "hooks", "update");
        Directory.CreateDirectory(System.IO.Path.Combine(path, "hooks"));
        File.WriteAllText(hook, UpdateHook);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Its folder.</summary>
    public string Path { get; }

    /// <summary>The objects.</summary>
    internal ObjectDatabase Objects => _repository.ObjectDatabase;

    /// <summary>Every ref with its commit.</summary>
    public IReadOnlyDictionary<string, string> Refs() =>
        _repository.Refs.Where(r => r is DirectReference && r.CanonicalName.StartsWith("refs/", StringComparison.Ordinal))
            .ToDictionary(r => r.CanonicalName, r => r.TargetIdentifier, StringComparer.Ordinal);

    /// <summary>The commit of a full ref name as it is.</summary>
    public string? Truth(string name) => Valid(name) ? (_repository.Refs[name] as DirectReference)?.TargetIdentifier : null;

    /// <summary>The commit of a full ref name as a read sees it.</summary>
    public string? Read(string name)
    {
        if (_stale.TryGetValue(name, out (string? Old, int Reads) stale))
        {
            _ = stale.Reads > 1 ? _stale[name] = (stale.Old, stale.Reads - 1) : default;
            if (stale.Reads <= 1)
            {
                _stale.Remove(name);
            }

            return stale.Old;
        }

        return Truth(name);
    }

    /// <summary>The head of a branch.</summary>
    public string? Head(string branch) => Truth("refs/heads/" + branch);

    /// <summary>Where two commits parted, and the files that differ between that and the second.</summary>
    public (Commit? Start, IReadOnlyList<(string Path, string Status, string Sha)> Files) Between(Commit from, Commit to)
    {
        Commit? start = Objects.FindMergeBase(from, to);
        TreeChanges changes = _repository.Diff.Compare<TreeChanges>((start ?? from).Tree, to.Tree);
        return (start, [.. changes.Select(c => (c.Path, c.Status switch { ChangeKind.Added => "added", ChangeKind.Deleted => "removed", _ => "modified" }, (c.Status is ChangeKind.Deleted ? c.OldOid : c.Oid).Sha))]);
    }

    /// <summary>The files of a commit: path to text.</summary>
    public IReadOnlyDictionary<string, string> Files(string commit)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        void Walk(Tree tree)
        {
            foreach (TreeEntry entry in tree)
            {
                if (entry.Target is Tree folder)
                {
                    Walk(folder);
                }
                else if (entry.Target is Blob blob)
                {
                    files[entry.Path] = blob.GetContentText();
                }
            }
        }

        Walk(Commit(commit)?.Tree ?? throw new ArgumentException($"There is no commit {commit}.", nameof(commit)));
        return files;
    }

    /// <summary>How many commits a head has over a base.</summary>
    public int Ahead(string head, string over) =>
        _repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = head, ExcludeReachableFrom = over }).Count();

    /// <summary>Commits text files (null deletes) on a branch, which is made where it is absent.</summary>
    public string CommitFiles(string branch, IEnumerable<KeyValuePair<string, string?>> files, string message, string author, DateTimeOffset at)
    {
        Commit? parent = Head(branch) is { } head ? Commit(head) : null;
        TreeDefinition tree = parent is null ? new TreeDefinition() : TreeDefinition.From(parent.Tree);
        foreach ((string path, string? text) in files)
        {
            if (text is null)
            {
                tree.Remove(path);
                continue;
            }

            using MemoryStream content = new(System.Text.Encoding.UTF8.GetBytes(text));
            tree.Add(path, Objects.CreateBlob(content), path.EndsWith(".sh", StringComparison.Ordinal) ? Mode.ExecutableFile : Mode.NonExecutableFile);
        }

        Signature signature = new(author, $"{author}@users.noreply.github.com", at);
        Commit commit = Objects.CreateCommit(signature, signature, message, Objects.CreateTree(tree), parent is null ? [] : [parent], prettifyMessage: false);
        SetRef("refs/heads/" + branch, commit.Sha, hiddenReads: 0);
        return commit.Sha;
    }

    /// <inheritdoc/>
    public void Dispose() => _repository.Dispose();

    internal Commit? Commit(string sha) => sha.Length == 40 ? _repository.Lookup<Commit>(sha) : null;

    internal GitObject? Object(string expression)
    {
        try
        {
            return _repository.Lookup(expression);
        }
        catch (LibGit2SharpException)
        {
            return null;
        }
    }

    /// <summary>The commits of a head that another one has not, newest first.</summary>
    internal IEnumerable<Commit> Between(string head, string? without) =>
        _repository.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = head, ExcludeReachableFrom = without, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time });

    /// <summary>The last commit, from a head back, that changed a file; null where none did.</summary>
    internal string? LastCommit(string head, string path) => Between(head, null).FirstOrDefault(c => Touches(c, path))?.Sha;

    /// <summary>Whether a commit has a path otherwise than each of its parents.</summary>
    internal static bool Touches(Commit commit, string path) =>
        commit.Parents.Any() ? commit.Parents.All(p => p[path]?.Target.Sha != commit[path]?.Target.Sha || p[path]?.Mode != commit[path]?.Mode) : commit[path] is not null;

    internal TreeChanges Changes(Tree? before, Tree after) => _repository.Diff.Compare<TreeChanges>(before, after);

    internal bool IsAncestor(string old, string next) => _repository.ObjectDatabase.FindMergeBase(Commit(old), Commit(next))?.Sha == old;

    internal static bool Valid(string name) => Reference.IsValidName(name);

    internal void SetRef(string name, string? sha, int hiddenReads)
    {
        string? old = Truth(name);
        if (hiddenReads > 0)
        {
            _stale[name] = (old, hiddenReads);
        }

        if (sha is null)
        {
            _repository.Refs.Remove(name);
        }
        else
        {
            _repository.Refs.Add(name, sha, allowOverwrite: true);
        }
    }
}
