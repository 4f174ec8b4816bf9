using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Retention;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Runs.Store;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Retention;

/// <summary>Runs with files, projects and archives in a store of its own, a clock that can be moved, and a store that can be made to fail.</summary>
internal sealed class RetentionScene(IDatabaseFixture database, bool onObjects) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SystemRandomSource _random = new();

    /// <summary>Begins now: files on disk carry the system's times.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public StorageOptions Options => database.Options with { DataDirectory = _folder.Path };

    public FailingObjects Objects => field ??= new(new DiskObjectStore(_folder.Path, _random));

    public IContentStore Contents => field ??= onObjects
        ? new ObjectContentStore(Objects, new DiskContentStore(Path.Combine(_folder.Path, "cache")), Time)
        : new DiskContentStore(Path.Combine(_folder.Path, "contents"));

    public RunStore Runs => new(database.Factory, Writer, Contents, _random, new DatabaseClock(database.Options, Time), Time);

    private IStepWriter Writer => field ??= database.Options.Provider is DatabaseProvider.Sqlite ? new SqliteStepWriter(database.Options) : new PostgresStepWriter(database.Factory);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>A new sweep, as after a restart.</summary>
    public RetentionSweep Sweep() => new(
        new ArchiveRemoval(database.Factory, Objects),
        new ProjectRemoval(database.Factory, Writer),
        new RunRemoval(database.Factory, Writer, Options),
        new ContentSweep([new RunReferences(database.Factory, Contents), new ProjectReferences(database.Factory)], (IContentCollector)Contents, Time),
        Options,
        Time,
        NullLogger<RetentionSweep>.Instance);

    public async Task<StoredAmount> AmountAsync() => await ((IContentCollector)Contents).MeasureAsync(Cancel);

    public async Task<WorkspaceTree> TreeAsync(params (string Path, string Text)[] files)
    {
        IReadOnlyList<string> digests = await Contents.PutAllAsync([.. files.Select(f => new ReadOnlyMemory<byte>(System.Text.Encoding.UTF8.GetBytes(f.Text)))], Cancel);
        return files.Index().Aggregate(WorkspaceTree.Empty, (tree, f) => tree.With(RepoPath.Parse(f.Item.Path), new FileEntry(digests[f.Index], f.Item.Text.Length, Executable: false)));
    }

    /// <summary>A run that wrote files on top of a base, with its logs and its record.</summary>
    public async Task<string> RunAsync(string key, WorkspaceTree files, bool isOver = true)
    {
        WorkspaceTree baseTree = await TreeAsync(("base.txt", $"base of {key}"), ("common.txt", "common"));
        (string id, _) = await Runs.CreateAsync(NewRuns.Of(key, files: baseTree, at: Time.GetUtcNow()), Cancel);
        RunLease lease = await Runs.TryClaimAsync(id, new LeaseOwner("here", 1, 1), TimeSpan.FromMinutes(5), reopen: false, Cancel) ?? throw new InvalidOperationException("The run was not free.");
        StepState step = new() { Key = "a", StepId = "a", Status = StepStatus.Succeeded, Changes = TreeDelta.Between(WorkspaceTree.Empty, files), Carry = new JsonObject() };
        RunState state = new() { Status = isOver ? RunStatus.Succeeded : RunStatus.Waiting, Steps = [step], FinishedAt = isOver ? Time.GetUtcNow() : null };
        await Runs.SaveAsync(lease, null, state, [], Cancel);
        if (!isOver)
        {
            await Runs.ReleaseAsync(lease, until: null, Cancel);
        }

        foreach (string path in (string[])[StepLog.PathOf(Options, id, "a"), RunRecords.PathOf(Options, id)])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, key, Cancel);
        }

        return id;
    }

    public async Task<GeneratedProject> ProjectAsync(string runId, WorkspaceTree files)
    {
        Assert.True(RepoRef.TryParse("ideas/one", out RepoRef? repository));
        return await new ProjectStore(database.Factory, _random, Time).SaveAsync(runId, "local", repository, "An idea", tree: null, files, Cancel);
    }

    public async Task<Receipt> ArchiveAsync(GeneratedProject project) => await new ArchivePublisher(database.Factory, Objects, Contents, new ArchiveWriter(Contents), _random, Time)
        .PublishAsync(new PublishArchive(new EffectKey("x"), project.Files, "zip", "root", $"{project.Id}.zip"), project.Id, Cancel);

    /// <summary>What rows point at and is not there, and files that belong to no row.</summary>
    public async Task<IReadOnlyList<string>> DanglingAsync(params string[] runs)
    {
        await using BotDb db = await database.Factory.CreateDbContextAsync(Cancel);
        List<string> wrong = [];
        foreach (string id in runs)
        {
            RunRow? row = await db.Set<RunRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, Cancel);
            List<RunStepRow> steps = await db.Set<RunStepRow>().AsNoTracking().Where(s => s.RunId == id).ToListAsync(Cancel);
            ProjectRow? project = await db.Set<ProjectRow>().AsNoTracking().Include(p => p.Files).SingleOrDefaultAsync(p => p.RunId == id, Cancel);
            HashSet<ContentDigest> digests = [];
            ContentDigest.Collect($"{row?.BaseTree} {string.Join(' ', steps.Select(s => s.State))} {string.Join(' ', project?.Files.Select(f => f.Sha256) ?? [])}", digests);
            wrong.AddRange(digests.Where(d => !Contents.Contains(d.ToString())).Select(d => $"{id} needs {d}"));
            wrong.AddRange(row is null && steps.Count > 0 ? [$"{id} has steps alone"] : []);
            wrong.AddRange(row is null && (File.Exists(StepLog.PathOf(Options, id, "a")) || File.Exists(RunRecords.PathOf(Options, id))) ? [$"{id} has files alone"] : []);
        }

        return wrong;
    }
}

/// <summary>A store whose n-th call fails, before or after it did what it was asked.</summary>
internal sealed class FailingObjects(IObjectStore objects) : IObjectStore
{
    /// <summary>Calls until one fails; negative for never.</summary>
    public int FailsIn { get; set; } = -1;

    public async Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Count();
        await objects.PutAsync(name, write, cancellationToken);
        Count();
    }

    public Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        Count();
        return objects.FindAsync(name, cancellationToken);
    }

    public Task<Stream> OpenReadAsync(string name, long offset, CancellationToken cancellationToken)
    {
        Count();
        return objects.OpenReadAsync(name, offset, cancellationToken);
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        Count();
        await objects.DeleteAsync(name, cancellationToken);
        Count();
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string folder, CancellationToken cancellationToken)
    {
        Count();
        return objects.ListAsync(folder, cancellationToken);
    }

    public string AddressOf(string name) => objects.AddressOf(name);

    public Task<Uri?> LinkAsync(string name, TimeSpan lifetime) => objects.LinkAsync(name, lifetime);

    private void Count()
    {
        if (FailsIn >= 0 && FailsIn-- == 0)
        {
            throw new IOException("The store broke.");
        }
    }
}
