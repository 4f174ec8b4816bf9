using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Contracts;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;
using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Forges.Local;

public sealed class LocalForgeTests : IClassFixture<SqliteDatabase>
{
    private static readonly ActorId s_ada = new(7, "ada");
    private static readonly BranchName s_branch = BranchName.Parse("agentworkflow/1-x-k3v9m2qa");
    private static readonly EffectOwner s_owner = new("k3v9m2qa", "<!-- aw:k3v9m2qa -->");

    private readonly MemoryContentStore _contents = new();
    private readonly Sink _sink = new();
    private readonly IDatabaseFixture _database;
    private readonly LocalForgeKit _kit;

    public LocalForgeTests(SqliteDatabase database)
    {
        _database = database;
        _kit = new LocalForgeKit(database, _contents, _sink);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Eight_Repositories_Of_One_Name_Get_Eight_Names()
    {
        RepoRef[] names = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => NewAsync("ideas/same"), Cancel)));

        Assert.Equal(8, names.Distinct().Count());
        Assert.Contains(names, n => n.ToString() == "ideas/same");
        Assert.Contains(names, n => n.ToString() == "ideas/same-8");
        Assert.Empty(Directory.GetDirectories(Path.Combine(_kit.DataDirectory, "repositories", "ideas"), "*.tmp"));
    }

    [Fact]
    public async Task A_New_Repository_Holds_A_Readme_With_The_Title_And_Belongs_To_Who_Made_It()
    {
        Assert.True(RepoRef.TryParse("ideas/titled", out RepoRef? wanted));
        RepositoryFacts made = await _kit.Get<LocalRepositoryMaker>().CreateAsync(wanted, "Lending\nlibrary ", s_ada, Cancel);

        string clone = await _kit.CloneAsync(made.Repository, "main");

        Assert.Equal("# Lending library\n", await File.ReadAllTextAsync(Path.Combine(clone, "README.md"), Cancel));
        Assert.Equal(RepositoryPermission.Admin, await Reader.GetPermissionAsync(made.Repository, s_ada, Cancel));
        Assert.Equal(RepositoryPermission.Read, await Reader.GetPermissionAsync(made.Repository, new ActorId(8, "eve"), Cancel));
        await _kit.People.GrantAsync(made.Repository, new ActorId(8, "eve"), RepositoryPermission.Write, Cancel);
        Assert.Equal(RepositoryPermission.Write, await Reader.GetPermissionAsync(made.Repository, new ActorId(8, "eve"), Cancel));
    }

    [Fact]
    public async Task Git_Finds_Nothing_Wrong_With_Our_Objects()
    {
        RepoRef repository = await NewAsync("ideas/checked");
        await OpenPullRequestAsync(repository, ("a.b", "1"), ("a/b", "2"), ("a0", "3"), ("empty", ""), ("run*", "#!/bin/sh\n"), ("ä/ö.md", "4"));

        string said = await _kit.GitAsync(_kit.Get<LocalRepositories>().PathOf(repository), "fsck", "--full", "--strict");

        Assert.DoesNotContain("error", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("warning", said, StringComparison.OrdinalIgnoreCase);
        string listed = await _kit.GitAsync(_kit.Get<LocalRepositories>().PathOf(repository), "-c", "core.quotePath=false", "ls-tree", "-r", "--format=%(objectmode) %(path)", s_branch.Value);
        Assert.Equal("100644 a.b\n100644 a/b\n100644 a0\n100644 empty\n100755 run\n100644 ä/ö.md\n", listed);
    }

    [Fact]
    public async Task Issues_And_Pull_Requests_Share_One_Sequence()
    {
        RepoRef repository = await NewAsync("ideas/numbers");
        IssueFacts[] issues = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => _kit.People.CreateIssueAsync(repository, s_ada, $"Idea {i}", "", [], Cancel), Cancel)));

        Receipt pullRequest = await OpenPullRequestAsync(repository, ("a", "1"));

        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), issues.Select(i => i.Number).Order());
        Assert.Equal("9", pullRequest["number"]);
    }

    [Fact]
    public async Task A_Comment_And_Its_Delivery_Are_Kept_Together_Or_Not_At_All()
    {
        RepoRef repository = await NewAsync("ideas/told");
        IssueFacts issue = await _kit.People.CreateIssueAsync(repository, s_ada, "An idea", "text", ["generate"], Cancel);
        LocalComment comment = await _kit.People.CommentAsync(repository, s_ada, issue.Number, "/generate", Cancel);

        (string name, JsonObject payload) = _sink.Events[^1];
        Assert.Equal("issue_comment", name);
        Assert.Equal(comment.Id, (long)payload["comment"]!["id"]!);
        Assert.Equal("ideas/told", (string?)payload["repository"]!["full_name"]);
        Assert.Equal(7, (long)payload["sender"]!["id"]!);

        _sink.Fails = true;
        await Assert.ThrowsAsync<TimeoutException>(() => _kit.People.CommentAsync(repository, s_ada, issue.Number, "lost", Cancel));

        Assert.Single(await _kit.Get<LocalBooks>().CommentsAsync(repository, issue.Number, Cancel));
    }

    [Fact]
    public async Task A_Merge_Moves_The_Base_And_Closes_The_Issue()
    {
        RepoRef repository = await NewAsync("ideas/merged");
        IssueFacts issue = await _kit.People.CreateIssueAsync(repository, s_ada, "An idea", "text", [], Cancel);
        Receipt pullRequest = await OpenPullRequestAsync(repository, ("README.md", "# Done\n"));

        CommitId head = await _kit.People.MergeAsync(repository, s_ada, 2, Cancel);

        Assert.Equal(pullRequest["commit"], head.Value);
        Assert.Equal(head, (await Reader.FindRepositoryAsync(repository, Cancel))!.Head);
        Assert.Equal("merged", (await Reader.FindPullRequestAsync(repository, s_branch, Cancel))!.State);
        Assert.Equal("closed", (await _kit.Get<LocalBooks>().IssuesAsync(repository, 9, Cancel)).Single(i => i.Number == issue.Number).State);
        Assert.Contains(", merged", await File.ReadAllTextAsync(pullRequest["path"]!, Cancel));
    }

    [Fact]
    public async Task A_Merge_Beside_Other_Work_Joins_Both()
    {
        RepoRef repository = await NewAsync("ideas/joined");
        await OpenPullRequestAsync(repository, ("README.md", "# Start\n"), ("ours.txt", "ours"));
        string clone = await _kit.CloneAsync(repository, "main");
        await File.WriteAllTextAsync(Path.Combine(clone, "theirs.txt"), "theirs", Cancel);
        await _kit.GitAsync(clone, "add", "-A");
        await _kit.GitAsync(clone, "-c", "user.name=Ada", "-c", "user.email=ada@example.invalid", "commit", "-qm", "Mine");
        await _kit.GitAsync(clone, "push", "-q", "origin", "main");

        CommitId merged = await _kit.People.MergeAsync(repository, s_ada, 1, Cancel);

        WorkspaceTree tree = await Reader.ReadTreeAsync(repository, merged, Cancel);
        Assert.Equal(["README.md", "ours.txt", "theirs.txt"], tree.Files.Keys.Select(p => p.Value));
    }

    [Fact]
    public async Task A_Pull_Request_Can_Be_Read_As_A_File()
    {
        RepoRef repository = await NewAsync("ideas/read");

        Receipt pullRequest = await OpenPullRequestAsync(repository, ("a", "1"));

        Assert.Equal(Path.Combine(_kit.DataDirectory, "pull-requests", "ideas", "read", "1.md"), pullRequest["path"]);
        string text = await File.ReadAllTextAsync(pullRequest["path"]!, Cancel);
        Assert.StartsWith("# An idea\n\nPull request #1 of ideas/read: `agentworkflow/1-x-k3v9m2qa` into `main`, open as a draft, labels `agentworkflow`\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Link_In_A_Repository_Is_Refused_By_Name()
    {
        RepoRef repository = await NewAsync("ideas/links");
        string clone = await _kit.CloneAsync(repository, "main");
        File.CreateSymbolicLink(Path.Combine(clone, "passwords"), "/etc/passwd");
        await _kit.GitAsync(clone, "add", "-A");
        await _kit.GitAsync(clone, "-c", "user.name=Ada", "-c", "user.email=ada@example.invalid", "commit", "-qm", "Link");
        await _kit.GitAsync(clone, "push", "-q", "origin", "main");
        CommitId head = (await Reader.FindRepositoryAsync(repository, Cancel))!.Head!;

        ForgeException refusal = await Assert.ThrowsAsync<ForgeException>(() => Reader.ReadTreeAsync(repository, head, Cancel));

        Assert.Equal(ForgeFault.Denied, refusal.Fault);
        Assert.Contains("'passwords'", refusal.Message);
        Assert.Contains("symbolic link", refusal.Message);
    }

    [Fact]
    public async Task What_A_Killed_Process_Left_Does_Not_Hold_Up_The_Next()
    {
        RepoRef repository = await NewAsync("ideas/killed");
        string path = _kit.Get<LocalRepositories>().PathOf(repository);
        string reference = "refs/heads/" + s_branch;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, reference))!);
        await File.WriteAllTextAsync(Path.Combine(path, reference + ".lock"), "half", Cancel);
        await File.WriteAllTextAsync(Path.Combine(path, "agentworkflow.lock"), reference, Cancel);
        await File.WriteAllTextAsync(Path.Combine(path, "objects/pack/tmp_pack_0000"), "half", Cancel);

        Receipt pullRequest = await OpenPullRequestAsync(repository, ("a", "1"));

        Assert.Equal(EffectOutcome.Applied, pullRequest.Outcome);
    }

    [Fact]
    public async Task A_Branch_Name_That_Excludes_Another_Is_Refused()
    {
        RepoRef repository = await NewAsync("ideas/blocked");
        await OpenPullRequestAsync(repository, ("a", "1"));
        CommitId main = (await Reader.FindRepositoryAsync(repository, Cancel))!.Head!;
        CreateBranch below = new(new EffectKey("b"), BranchName.Parse(s_branch + "/below"), main);
        CreateBranch above = new(new EffectKey("b"), BranchName.Parse("agentworkflow"), main);

        foreach (CreateBranch effect in new[] { below, above })
        {
            ForgeException conflict = await Assert.ThrowsAsync<ForgeException>(() => Writer.ApplyAsync(repository, effect, s_owner, there: null, Cancel));
            Assert.Equal(ForgeFault.Conflict, conflict.Fault);
            Assert.Equal(EffectOutcome.Refused, (await Writer.FindAsync(repository, effect, s_owner, Cancel))?.Outcome);
        }
    }

    [Fact]
    public async Task Big_Files_Pass_Through_Without_Being_Held_In_Memory()
    {
        RepoRef repository = await NewAsync("ideas/big");
        byte[] big = new byte[5_000_000];
        new Random(1).NextBytes(big);
        WorkspaceTree tree = _contents.With(_contents.Tree(("a", "1")), "big.bin", big);

        CommitId head = CommitId.Parse((await CommitAsync(repository, tree))["commit"]!);

        Assert.Equal(tree, await Reader.ReadTreeAsync(repository, head, Cancel));
        await _kit.GitAsync(_kit.Get<LocalRepositories>().PathOf(repository), "fsck", "--full", "--strict");
    }

    private IForgeReader Reader => _kit.Get<IForge>().Reader;

    private IForgeWriter Writer => _kit.Get<IForge>().Writer;

    private async Task<RepoRef> NewAsync(string name)
    {
        Assert.True(RepoRef.TryParse(name, out RepoRef? wanted));
        return (await _kit.Get<LocalRepositoryMaker>().CreateAsync(wanted, _contents.Tree(("README.md", "# Start\n")), s_ada, Cancel)).Repository;
    }

    private async Task<Receipt> CommitAsync(RepoRef repository, WorkspaceTree tree)
    {
        CommitId main = (await Reader.FindRepositoryAsync(repository, Cancel))!.Head!;
        await Writer.ApplyAsync(repository, new CreateBranch(new EffectKey("b"), s_branch, main), s_owner, there: null, Cancel);
        return await Writer.ApplyAsync(
            repository, new CommitFiles(new EffectKey("c"), s_branch, main, tree, "Add\n\nAgentWorkflow-Run: k3v9m2qa\n", DateTimeOffset.UnixEpoch), s_owner, there: null, Cancel);
    }

    private async Task<Receipt> OpenPullRequestAsync(RepoRef repository, params (string Path, string Text)[] files)
    {
        await CommitAsync(repository, _contents.Tree(files));
        return await Writer.ApplyAsync(
            repository, new OpenPullRequest(new EffectKey("p"), s_branch, "main", "An idea", "Closes #1", Draft: true, ["agentworkflow"], []), s_owner, there: null, Cancel);
    }

    private sealed class Sink : ILocalWebhookSink
    {
        public List<(string Name, JsonObject Payload)> Events { get; } = [];

        public bool Fails { get; set; }

        public Task DeliverAsync(BotDb db, string deliveryId, string eventName, JsonObject payload, CancellationToken cancellationToken)
        {
            Assert.NotNull(db.Database.CurrentTransaction);
            lock (Events)
            {
                Events.Add((eventName, payload));
            }

            return Fails ? throw new TimeoutException("the inbox is gone") : Task.CompletedTask;
        }
    }
}
