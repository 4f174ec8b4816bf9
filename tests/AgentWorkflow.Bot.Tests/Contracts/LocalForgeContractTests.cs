using System.Globalization;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Forges.Local;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Contracts;

public abstract class LocalForgeContract : ForgeContract
{
    private static readonly ActorId s_ada = new(7, "ada");

    private readonly LocalForgeKit _kit;

    private readonly IDatabaseFixture _database;

    protected LocalForgeContract(IDatabaseFixture database)
    {
        _database = database;
        _kit = new LocalForgeKit(database, Contents);
    }

    private protected override IForge Forge => _kit.Get<IForge>();

    internal static IReadOnlyDictionary<string, string> CannotDo { get; } = new Dictionary<string, string>
    {
        [nameof(A_Reaction_Goes_On_An_Issue_Itself)] = "no: reactions there are on comments; a run that no comment asked for has its status comment",
        [nameof(The_Rules_Of_A_Branch_Are_Known)] = "no: there are no rules; whoever may write, may write",
        [nameof(A_Check_Shows_Its_Places)] = "no: the places are kept with the check, and no page shows them",
        [nameof(The_Forge_Signs_The_Commit)] = "no: nobody signs for a folder; the verification record is signed",
    };

    internal override IReadOnlyDictionary<string, string> Cannot => CannotDo;

    [Fact]
    public async Task A_Folder_That_A_Dead_Process_Left_Does_Not_Hold_The_Name()
    {
        CreateRepository effect = NewRepository("left");
        Receipt made = await Forge.Writer.ApplyAsync(effect.Target, effect, s_owner, there: null, Cancel);
        await using (BotDb db = await _database.Factory.CreateDbContextAsync(Cancel))
        {
            long id = long.Parse(made["id"]!, CultureInfo.InvariantCulture);
            await db.Set<LocalAccessRow>().Where(a => a.RepositoryId == id).ExecuteDeleteAsync(Cancel);
            await db.Set<LocalIssueRow>().Where(i => i.RepositoryId == id).ExecuteDeleteAsync(Cancel);
            await db.Set<LocalRepositoryRow>().Where(r => r.Id == id).ExecuteDeleteAsync(Cancel);
        }

        Assert.Null(await Forge.Writer.FindAsync(effect.Target, effect, s_owner, Cancel));
        Receipt again = await Forge.Writer.ApplyAsync(effect.Target, effect, s_owner, there: null, Cancel);

        Assert.Equal((EffectOutcome.Applied, made["commit"]), (again.Outcome, again["commit"]));
    }

    [Fact]
    public async Task The_Same_Commit_Has_The_Same_Id_Wherever_It_Is_Made()
    {
        RepoRef one = await StartAsync();
        RepoRef two = await StartAsync();
        CommitId main = await MainAsync(one);
        Assert.Equal(main, await MainAsync(two));

        Receipt[] made = [await CommittedAsync(one), await CommittedAsync(two)];

        Assert.Equal(made[0]["commit"], made[1]["commit"]);
    }

    [Theory]
    [InlineData("comment")]
    [InlineData("check")]
    public async Task Of_Eight_Writers_At_Once_One_Also_Makes_What_Other_Forges_Would_Double(string kind)
    {
        (RepoRef repository, Effect effect) = await ReadyForAsync(kind);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ApplyOrConflictAsync(repository, effect), Cancel)));

        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel))?.Outcome);
        await AssertOnceAsync(repository, effect);
    }

    private protected override async Task<RepoRef> NewRepositoryAsync(WorkspaceTree files)
    {
        Assert.True(RepoRef.TryParse("ideas/library", out RepoRef? wanted));
        return (await _kit.Get<LocalRepositoryMaker>().CreateAsync(wanted, files, s_ada, Cancel)).Repository;
    }

    private protected override async Task<long> PersonOpensIssueAsync(RepoRef repository, string title, string body) =>
        (await _kit.People.CreateIssueAsync(repository, s_ada, title, body, [], Cancel)).Number;

    private protected override async Task<long> PersonCommentsAsync(RepoRef repository, long number, string body) =>
        (await _kit.People.CommentAsync(repository, s_ada, number, body, Cancel)).Id;

    private protected override Task PersonDeletesCommentAsync(RepoRef repository, long commentId) => _kit.People.DeleteCommentAsync(repository, commentId, Cancel);

    private protected override Task PersonClosesAsync(RepoRef repository, long number) => _kit.People.CloseAsync(repository, s_ada, number, Cancel);

    private protected override Task PersonMergesAsync(RepoRef repository, long number) => _kit.People.MergeAsync(repository, s_ada, number, Cancel);

    private protected override async Task PersonCommitsAsync(RepoRef repository, string branch, string path)
    {
        string clone = await _kit.CloneAsync(repository, branch);
        await File.WriteAllTextAsync(Path.Combine(clone, path), "theirs\n", Cancel);
        await _kit.GitAsync(clone, "add", "-A");
        await _kit.GitAsync(clone, "-c", "user.name=Ada", "-c", "user.email=ada@example.invalid", "commit", "-qm", "Mine");
        await _kit.GitAsync(clone, "push", "-q", "origin", branch);
    }

    private protected override async Task PersonDeletesBranchAsync(RepoRef repository, string branch)
    {
        string clone = await _kit.CloneAsync(repository, "main");
        await _kit.GitAsync(clone, "push", "-q", "origin", ":" + branch);
    }

    private protected override async Task<IReadOnlyList<string>> CommentsAsync(RepoRef repository, long number) =>
        [.. (await _kit.Get<LocalBooks>().CommentsAsync(repository, number, Cancel)).Select(c => c.Body)];

    private protected override async Task<int> CountOpenPullRequestsAsync(RepoRef repository) =>
        (await _kit.Get<LocalBooks>().IssuesAsync(repository, 100, Cancel)).Count(i => i is { Branch: not null, State: "open" });

    private protected override async Task<int> CountReactionsAsync(RepoRef repository, long commentId) =>
        (await _kit.Get<LocalBooks>().ReactionsAsync(commentId, Cancel)).Count;

    private protected override async Task<string?> CheckAsync(RepoRef repository, CommitId commit, string name) =>
        (await _kit.Get<LocalBooks>().ChecksAsync(repository, commit, Cancel)).Single(c => c.Name == name).Conclusion;
}

public sealed class SqliteLocalForgeContractTests(SqliteDatabase database) : LocalForgeContract(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresLocalForgeContractTests(PostgresDatabase database) : LocalForgeContract(database), IClassFixture<PostgresDatabase>;
