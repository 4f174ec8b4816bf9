using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Workspaces;

/// <summary>
/// The files of a step over the content store. Every write passes <see cref="OutputGate"/>. Writes of one step may come from
/// several threads; they are taken one after the other.
/// </summary>
internal sealed class Workspace : IPolicyWorkspace
{
    private readonly Shared _shared;
    private readonly WritePolicy _policy;

    /// <summary>Opens the workspace of a step.</summary>
    /// <param name="contents">Where contents are.</param>
    /// <param name="baseTree">The repository's files when the run started: what quotas count from.</param>
    /// <param name="tree">The files as the step's needs left them.</param>
    /// <param name="policy">What the step may write.</param>
    public Workspace(IContentStore contents, WorkspaceTree baseTree, WorkspaceTree tree, WritePolicy policy)
        : this(new Shared(contents, new OutputGate(baseTree, tree, contents), tree), policy)
    {
    }

    private Workspace(Shared shared, WritePolicy policy)
    {
        _shared = shared;
        _policy = policy;
    }

    /// <inheritdoc/>
    public WorkspaceTree Tree => Volatile.Read(ref _shared.Tree);

    /// <inheritdoc/>
    public IWorkspace Under(WritePolicy policy) => new Workspace(_shared, policy with { Limits = policy.Limits.And(_policy.Limits), Rules = _policy.Rules });

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(RepoPath path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Tree.Files.TryGetValue(path, out FileEntry? entry)
            ? Task.FromResult(_shared.Contents.OpenRead(entry.Sha256))
            : throw new FileNotFoundException($"The workspace has no file '{path}'.", path.Value);
    }

    /// <inheritdoc/>
    public Task WriteAsync(RepoPath path, ReadOnlyMemory<byte> content, bool executable, CancellationToken cancellationToken) =>
        WriteAllAsync([new NewFile(path, content, executable)], cancellationToken);

    /// <inheritdoc/>
    public async Task WriteAllAsync(IReadOnlyList<NewFile> files, CancellationToken cancellationToken)
    {
        await _shared.Lock.WaitAsync(cancellationToken);
        try
        {
            // All are asked before the first content is stored: what is refused leaves no trace.
            OutputGate gate = _shared.Gate.Copy();
            foreach (NewFile file in files)
            {
                gate.CheckWrite(file.Path, file.Content.Span, _policy);
                gate.Wrote(file.Path, file.Content.Span);
            }

            IReadOnlyList<string> digests = await _shared.Contents.PutAllAsync([.. files.Select(f => f.Content)], cancellationToken);
            IEnumerable<FileEntry> entries = files.Zip(digests, (file, sha256) => new FileEntry(sha256, file.Content.Length, file.Executable));
            WorkspaceTree tree = _shared.Tree;
            tree = new WorkspaceTree(tree.Files.SetItems(files.Zip(entries, (file, entry) => KeyValuePair.Create(file.Path, entry))));
            Volatile.Write(ref _shared.Tree, tree);
            _shared.Gate = gate;
        }
        finally
        {
            _shared.Lock.Release();
        }
    }

    /// <inheritdoc/>
    public void Delete(RepoPath path)
    {
        _shared.Lock.Wait();
        try
        {
            if (_shared.Tree.Files.ContainsKey(path))
            {
                _shared.Gate.CheckDelete(path, _policy);
                _shared.Gate.Deleted(path);
                Volatile.Write(ref _shared.Tree, _shared.Tree.Without(path));
            }
        }
        finally
        {
            _shared.Lock.Release();
        }
    }

    /// <inheritdoc/>
    public Task CheckOutAsync(string folder, CancellationToken cancellationToken) => CheckOut.WriteAsync(_shared.Contents, Tree, folder, cancellationToken);

    private sealed class Shared(IContentStore contents, OutputGate gate, WorkspaceTree tree)
    {
        public WorkspaceTree Tree = tree;

        public IContentStore Contents { get; } = contents;

        public OutputGate Gate { get; set; } = gate;

        public SemaphoreSlim Lock { get; } = new(1, 1);
    }
}
