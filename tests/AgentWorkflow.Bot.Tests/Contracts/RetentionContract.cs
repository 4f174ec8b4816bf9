using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Retention;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>P100: what has had its time is removed, what is in use never, and nothing that is left points at what is gone.</summary>
public abstract class RetentionContract(IDatabaseFixture database)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_Five_Hundred_Days_Nothing_Is_Left_But_What_Is_In_Use(bool onObjects)
    {
        using RetentionScene scene = new(database, onObjects);
        (string old, string active) = ($"old-{onObjects}", $"active-{onObjects}");
        string id = await scene.RunAsync(old, await scene.TreeAsync(("a.txt", "one"), ("b.txt", "two")));
        await scene.ArchiveAsync(await scene.ProjectAsync(id, await scene.TreeAsync(("a.txt", "one"), ("b.txt", "two"))));
        string kept = await scene.RunAsync(active, await scene.TreeAsync(("c.txt", "three")), isOver: false);
        StoredAmount before = await scene.AmountAsync();

        // Archives first, then the projects that they held: as the hours go by.
        scene.Time.Advance(TimeSpan.FromDays(500));
        await scene.Sweep().RunAsync(Cancel);
        await scene.Sweep().RunAsync(Cancel);

        Assert.Equal("0 run, 0 steps, 0 projects", await RowsAsync(id));
        Assert.Equal("1 run, 1 steps, 0 projects", await RowsAsync(kept));
        Assert.Empty(await scene.DanglingAsync(id, kept));
        Assert.Empty(await scene.Objects.ListAsync(ArchivePublisher.Folder, Cancel).ToListAsync(Cancel));
        Assert.InRange((await scene.AmountAsync()).Count, 1, before.Count - 1);
        Assert.NotNull(await scene.Runs.TryClaimAsync(kept, new LeaseOwner("here", 1, 1), TimeSpan.FromMinutes(1), reopen: false, Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_Content_Goes_When_Nothing_Points_At_It_And_Not_Before(bool onObjects)
    {
        using RetentionScene scene = new(database, onObjects);
        WorkspaceTree first = await scene.TreeAsync(("shared.txt", "shared"));
        WorkspaceTree lone = await scene.TreeAsync(("lone.txt", "lone"));
        await scene.ProjectAsync(await scene.RunAsync($"first-{onObjects}", lone), first.With(lone.Files.Keys.Single(), lone.Files.Values.Single()));
        scene.Time.Advance(TimeSpan.FromDays(60));
        await scene.ProjectAsync(await scene.RunAsync($"second-{onObjects}", first), first);

        scene.Time.Advance(TimeSpan.FromDays(35));
        await scene.Sweep().RunAsync(Cancel);

        Assert.True(scene.Contents.Contains(first.Files.Values.Single().Sha256));
        Assert.False(scene.Contents.Contains(lone.Files.Values.Single().Sha256));
        scene.Time.Advance(TimeSpan.FromDays(60));
        await scene.Sweep().RunAsync(Cancel);
        Assert.False(scene.Contents.Contains(first.Files.Values.Single().Sha256));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_Was_Stored_Today_May_Belong_To_A_Row_That_Comes(bool onObjects)
    {
        using RetentionScene scene = new(database, onObjects);
        string early = (await scene.TreeAsync(("early.txt", "early"))).Files.Values.Single().Sha256;

        scene.Time.Advance(TimeSpan.FromHours(23));
        await scene.Sweep().RunAsync(Cancel);
        Assert.True(scene.Contents.Contains(early));

        scene.Time.Advance(TimeSpan.FromHours(2));
        await scene.Sweep().RunAsync(Cancel);
        Assert.False(scene.Contents.Contains(early));
    }

    [Fact]
    public async Task A_Project_In_Use_Stays_However_Old_It_Is()
    {
        using RetentionScene scene = new(database, onObjects: false);
        WorkspaceTree files = await scene.TreeAsync(("a.txt", "in use"));
        string working = await scene.RunAsync("working", files, isOver: false);
        string told = await scene.RunAsync("told", files);
        string archived = await scene.RunAsync("archived", files);
        string idle = await scene.RunAsync("idle", files);
        await scene.ProjectAsync(working, files);
        await scene.ProjectAsync(told, files);
        GeneratedProject project = await scene.ProjectAsync(archived, files);
        await scene.ProjectAsync(idle, files);
        await scene.Runs.SignalAsync(told, RunSignal.Retry, [], Cancel);
        scene.Time.Advance(TimeSpan.FromDays(399));
        await scene.ArchiveAsync(project);

        await scene.Sweep().RunAsync(Cancel);

        foreach (string used in (string[])[working, told, archived])
        {
            Assert.EndsWith("1 projects", await RowsAsync(used), StringComparison.Ordinal);
        }

        Assert.EndsWith("0 projects", await RowsAsync(idle), StringComparison.Ordinal);
        Assert.NotNull(await scene.Runs.TryClaimAsync(told, new LeaseOwner("here", 1, 1), TimeSpan.FromMinutes(1), reopen: false, Cancel));
        Assert.Empty(await scene.DanglingAsync(working, told, archived, idle));
    }

    [Fact]
    public async Task A_Run_Without_Its_Files_Is_On_Record_And_Is_Not_Tried_Again()
    {
        using RetentionScene scene = new(database, onObjects: false);
        string id = await scene.RunAsync("stripped", await scene.TreeAsync(("a.txt", "stripped")));
        scene.Time.Advance(TimeSpan.FromDays(31));

        await scene.Sweep().RunAsync(Cancel);

        Assert.Equal("1 run, 1 steps, 0 projects", await RowsAsync(id));
        Assert.False(File.Exists(StepLog.PathOf(scene.Options, id, "a")));
        Assert.Empty(await scene.DanglingAsync(id));
        Assert.False(await scene.Runs.SignalAsync(id, RunSignal.Retry, [], Cancel));
        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => scene.Runs.TryClaimAsync(id, new LeaseOwner("here", 1, 1), TimeSpan.FromMinutes(1), reopen: true, Cancel));
        Assert.Equal("AW2050", refused.Code);
    }

    [Fact]
    public async Task A_Sweep_That_Ends_At_Any_Place_Leaves_Nothing_Dangling_And_The_Next_One_Goes_On()
    {
        for (int place = 0; ; place++)
        {
            using RetentionScene scene = new(database, onObjects: true);
            WorkspaceTree files = await scene.TreeAsync(("a.txt", $"a{place}"), ("b.txt", "b"));
            string old = await scene.RunAsync($"ends-{place}", files);
            GeneratedProject project = await scene.ProjectAsync(old, files);
            Receipt archive = await scene.ArchiveAsync(project);
            scene.Time.Advance(TimeSpan.FromDays(450));
            string young = await scene.RunAsync($"young-{place}", files);
            scene.Objects.FailsIn = place;

            bool ended = false;
            try
            {
                await scene.Sweep().RunAsync(Cancel);
            }
            catch (IOException)
            {
                ended = true;
            }

            scene.Objects.FailsIn = -1;
            Assert.Empty(await scene.DanglingAsync(old, young));
            await scene.Sweep().RunAsync(Cancel);
            Assert.Equal("0 run, 0 steps, 0 projects", await RowsAsync(old));
            Assert.Empty(await scene.DanglingAsync(old, young));
            Assert.Null(await scene.Objects.FindAsync(ArchivePublisher.ObjectOf(Path.GetFileName(archive["path"]!)), Cancel));

            // The tests share a database: the next round would ask for this one's files.
            scene.Time.Advance(TimeSpan.FromDays(500));
            await scene.Sweep().RunAsync(Cancel);
            Assert.Equal("0 run, 0 steps, 0 projects", await RowsAsync(young));
            if (!ended)
            {
                Assert.InRange(place, 8, 200);
                return;
            }
        }
    }

    private async Task<string> RowsAsync(string run)
    {
        await using BotDb db = await database.Factory.CreateDbContextAsync(Cancel);
        int runs = await db.Set<RunRow>().CountAsync(r => r.Id == run, Cancel);
        int steps = await db.Set<RunStepRow>().CountAsync(s => s.RunId == run, Cancel);
        return $"{runs} run, {steps} steps, {await db.Set<ProjectRow>().CountAsync(p => p.RunId == run, Cancel)} projects";
    }
}

public sealed class SqliteRetentionTests(SqliteDatabase database) : RetentionContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresRetentionTests(PostgresDatabase database) : RetentionContract(database), IClassFixture<PostgresDatabase>;
