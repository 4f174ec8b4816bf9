using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Contracts;

public abstract class ProjectStoreContract(IDatabaseFixture database)
{
    private static readonly string s_digest = new('a', 64);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Project_Comes_Back_As_It_Was_Saved()
    {
        GeneratedProject saved = await SaveAsync("run-1", "ideas/one");

        GeneratedProject? found = await Store().FindAsync(saved.Id, Cancel);

        Assert.Equal(26, saved.Id.Length);
        Assert.Equal(saved, found);
        Assert.Equal(["a.txt", "b/run.sh"], found!.Files.Files.Keys.Select(p => p.Value));
        Assert.True(found.Files.Files[RepoPath.Parse("b/run.sh")].Executable);
    }

    [Fact]
    public async Task A_Run_Has_One_Project_However_Often_And_By_However_Many_It_Is_Saved()
    {
        GeneratedProject[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SaveAsync("run-2", "ideas/two"))));

        Assert.Single(saved.Select(p => p.Id).Distinct());
        Assert.Equal(saved[0].Id, (await Store().FindByRunAsync("run-2", Cancel))?.Id);
    }

    [Fact]
    public async Task A_Repository_Means_Its_Newest_Project()
    {
        await SaveAsync("run-3", "ideas/three");
        _time.Advance(TimeSpan.FromSeconds(1));
        GeneratedProject newer = await SaveAsync("run-4", "ideas/three");

        Assert.Equal(newer.Id, (await Store().FindAsync("ideas/three", Cancel))?.Id);
        Assert.Null(await Store().FindAsync("ideas/none", Cancel));
        Assert.Null(await Store().FindAsync("none", Cancel));
    }

    private Task<GeneratedProject> SaveAsync(string run, string repository)
    {
        WorkspaceTree files = WorkspaceTree.Empty
            .With(RepoPath.Parse("b/run.sh"), new FileEntry(s_digest, 12, Executable: true))
            .With(RepoPath.Parse("a.txt"), new FileEntry(s_digest, 3, Executable: false));
        Assert.True(RepoRef.TryParse(repository, out RepoRef? repo));
        return Store().SaveAsync(run, "local", repo, "An idea", CommitId.Parse(new string('b', 40)), files, Cancel);
    }

    private ProjectStore Store() => new(database.Factory, new Bot.Storage.SystemRandomSource(), _time);
}

public sealed class SqliteProjectStoreTests(SqliteDatabase database) : ProjectStoreContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresProjectStoreTests(PostgresDatabase database) : ProjectStoreContract(database), IClassFixture<PostgresDatabase>;
