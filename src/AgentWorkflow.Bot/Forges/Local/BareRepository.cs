using System.Collections.Immutable;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using LibGit2Sharp;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>A bare git repository on this machine's disk, without a work tree.</summary>
internal sealed class BareRepository : IDisposable
{
    /// <summary>How many bytes are held before they are stored together.</summary>
    private const long StoredAtOnce = 8 << 20;

    /// <summary>How far back our own commit is looked for on a branch that went on.</summary>
    private const int HistoryDepth = 200;

    private readonly Repository _git;

    static BareRepository() =>
        // The data directory is ours by settings; in a container it often belongs to another user than the process.
        GlobalSettings.SetOwnerValidation(false);

    private BareRepository(string path)
    {
        Path = path;
        _git = new Repository(path);
    }

    /// <summary>The folder <c>NAME.git</c>.</summary>
    public string Path { get; }

    /// <summary>Opens a repository.</summary>
    /// <exception cref="ForgeException">There is none at that place.</exception>
    public static BareRepository Open(string path)
    {
        try
        {
            return new BareRepository(path);
        }
        catch (RepositoryNotFoundException exception)
        {
            throw new ForgeException(ForgeFault.NotFound, $"There is no git repository at '{path}'.", exception);
        }
    }

    /// <summary>Makes an empty repository.</summary>
    public static BareRepository Create(string path, string defaultBranch)
    {
        Repository.Init(path, isBare: true);
        BareRepository made = new(path);
        made._git.Refs.UpdateTarget("HEAD", "refs/heads/" + defaultBranch);
        Configuration config = made._git.Config;

        // Whoever may write here may push, but nobody rewrites history, slips broken objects in or plants a hook.
        config.Set("receive.denyNonFastForwards", value: true, ConfigurationLevel.Local);
        config.Set("receive.fsckObjects", value: true, ConfigurationLevel.Local);
        config.Set("core.hooksPath", "no-hooks", ConfigurationLevel.Local);
        config.Set("uploadpack.allowFilter", value: true, ConfigurationLevel.Local);
        return made;
    }

    /// <summary>The commit a reference points to, or null.</summary>
    public CommitId? Find(string reference) => _git.Refs[reference]?.ResolveToDirectReference()?.TargetIdentifier is { } id ? CommitId.Parse(id) : null;

    /// <summary>The head of a branch, or null.</summary>
    public CommitId? Head(string branch) => Find("refs/heads/" + branch);

    /// <summary>True when git could not hold the reference beside others: <c>a</c> excludes <c>a/b</c>.</summary>
    public bool IsBlocked(string reference)
    {
        string[] parts = reference.Split('/');
        return Enumerable.Range(3, Math.Max(0, parts.Length - 3)).Any(n => _git.Refs[string.Join('/', parts[..n])] is not null)
            || _git.Refs.FromGlob(reference + "/*").Any();
    }

    /// <summary>The folders and files of a commit: what its successor need not store again. (Asking for each object by itself makes libgit2 read the folder of packs each time.)</summary>
    public IReadOnlySet<string> ObjectsOf(CommitId? commit)
    {
        HashSet<string> objects = new(StringComparer.Ordinal);
        Stack<Tree> folders = new(commit is null ? [] : [Lookup(commit).Tree]);
        while (folders.TryPop(out Tree? folder))
        {
            objects.Add(folder.Sha);
            foreach (TreeEntry entry in folder)
            {
                // A folder that is there twice brings nothing new.
                if (objects.Add(entry.Target.Sha) && entry.TargetType is TreeEntryTargetType.Tree)
                {
                    folders.Push((Tree)entry.Target);
                }
            }
        }

        return objects;
    }

    /// <summary>The tree of a commit.</summary>
    /// <exception cref="ForgeException">There is no such commit.</exception>
    public CommitId TreeOf(CommitId commit) => CommitId.Parse(Lookup(commit).Tree.Sha);

    /// <summary>The commits from a head back along first parents, newest first, at most 200.</summary>
    public IReadOnlyList<CommitFacts> History(CommitId head)
    {
        List<CommitFacts> history = [];
        for (Commit? commit = Lookup(head); commit is not null && history.Count < HistoryDepth; commit = commit.Parents.FirstOrDefault())
        {
            history.Add(new CommitFacts(
                CommitId.Parse(commit.Sha), CommitId.Parse(commit.Tree.Sha), commit.Parents.FirstOrDefault() is { } parent ? CommitId.Parse(parent.Sha) : null, commit.Message));
        }

        return history;
    }

    /// <summary>True when <paramref name="older"/> is in the history of <paramref name="newer"/>.</summary>
    public bool IsAncestor(CommitId older, CommitId newer) => _git.ObjectDatabase.FindMergeBase(Lookup(older), Lookup(newer))?.Sha == older.Value;

    /// <summary>A merge commit of two heads, not yet on any branch; null when they conflict.</summary>
    public CommitId? Merge(CommitId into, CommitId from, CommitIdentity who, DateTimeOffset at, string message)
    {
        Commit ours = Lookup(into);
        Commit theirs = Lookup(from);
        MergeTreeResult merged = _git.ObjectDatabase.MergeCommits(ours, theirs, options: null);
        if (merged.Status is not MergeTreeStatus.Succeeded)
        {
            return null;
        }

        Signature signature = new(who.Name, who.Email, at.ToUniversalTime());
        return CommitId.Parse(_git.ObjectDatabase.CreateCommit(signature, signature, message, merged.Tree, [ours, theirs], prettifyMessage: false).Sha);
    }

    /// <summary>The workflow files at a commit; links and paths that we do not take are left out.</summary>
    public async Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(CommitId commit, CancellationToken cancellationToken)
    {
        List<RepositoryFile> files = [];
        foreach (string folder in WorkflowFolders.All)
        {
            foreach (TreeEntry entry in Lookup(commit)[folder.TrimEnd('/')]?.Target as Tree ?? Enumerable.Empty<TreeEntry>())
            {
                if (entry.Mode is Mode.NonExecutableFile or Mode.ExecutableFile && WorkflowFolders.Hold(entry.Path) && RepoPath.TryParse(entry.Path, out RepoPath? path, out _))
                {
                    using MemoryStream content = new();
                    await using Stream stream = ((Blob)entry.Target).GetContentStream();
                    await stream.CopyToAsync(content, cancellationToken);
                    files.Add(new RepositoryFile(path, content.ToArray()));
                }
            }
        }

        return files;
    }

    /// <summary>All files at a commit, their contents put into the store.</summary>
    /// <exception cref="ForgeException">There is no such commit, or it holds a link, a submodule or a path that we do not take.</exception>
    public async Task<WorkspaceTree> ReadTreeAsync(CommitId commit, IContentStore contents, CancellationToken cancellationToken)
    {
        ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, FileEntry>();
        List<ReadFile> read = [];
        long bytes = 0;
        Stack<Tree> folders = new([Lookup(commit).Tree]);
        while (folders.TryPop(out Tree? folder))
        {
            foreach (TreeEntry entry in folder)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (entry.TargetType is TreeEntryTargetType.Tree)
                {
                    folders.Push((Tree)entry.Target);
                    continue;
                }

                RepoPath path = Accept(entry, commit);
                Blob blob = (Blob)entry.Target;
                using MemoryStream content = new(checked((int)blob.Size));
                await using (Stream stream = blob.GetContentStream())
                {
                    await stream.CopyToAsync(content, cancellationToken);
                }

                read.Add(new ReadFile(path, content.GetBuffer().AsMemory(0, (int)content.Length), entry.Mode is Mode.ExecutableFile));
                bytes += content.Length;
                if (bytes >= StoredAtOnce)
                {
                    await StoreAsync(read, files, contents, cancellationToken);
                    bytes = 0;
                }
            }
        }

        await StoreAsync(read, files, contents, cancellationToken);
        return new WorkspaceTree(files.ToImmutable());
    }

    /// <inheritdoc/>
    public void Dispose() => _git.Dispose();

    private static async Task StoreAsync(
        List<ReadFile> read, ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files, IContentStore contents, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> digests = await contents.PutAllAsync([.. read.Select(f => f.Content)], cancellationToken);
        foreach ((ReadFile file, string sha256) in read.Zip(digests))
        {
            files[file.Path] = new FileEntry(sha256, file.Content.Length, file.Executable);
        }

        read.Clear();
    }

    private static RepoPath Accept(TreeEntry entry, CommitId commit)
    {
        string? refusal = entry.Mode switch
        {
            Mode.SymbolicLink => "it is a symbolic link",
            Mode.GitLink => "it is a submodule",
            _ => null,
        };
        return refusal is null && RepoPath.TryParse(entry.Path, out RepoPath? path, out refusal)
            ? path
            : throw new ForgeException(ForgeFault.Denied, $"'{entry.Path}' at {commit.Short} is not taken: {refusal}; only regular files are.");
    }

    private Commit Lookup(CommitId commit) =>
        _git.Lookup<Commit>(commit.Value) ?? throw new ForgeException(ForgeFault.NotFound, $"The commit {commit.Short} is not in '{Path}'.");

    private sealed record ReadFile(RepoPath Path, ReadOnlyMemory<byte> Content, bool Executable);
}

/// <summary>A commit of a branch's history.</summary>
internal sealed record CommitFacts(CommitId Id, CommitId Tree, CommitId? Parent, string Message)
{
    /// <summary>The run that made the commit, as its trailer says; null where there is none.</summary>
    public string? RunKey => RunTrailer.In(Message);
}
