using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab;

/// <summary>What is GitLab's own: how few questions suffice, what a commit is held against, and texts in which nothing acts (promises P20, P78).</summary>
public sealed class GitLabForgeTests : IAsyncLifetime
{
    private const string Path = "octo/shelves/library";
    private static readonly EffectOwner s_owner = new("k3v9m2qa", "<!-- aw:k3v9m2qa:one -->");
    private static readonly BranchName s_branch = BranchName.Parse("agentworkflow/1-lending-library-k3v9m2qa");

    private readonly MemoryContentStore _contents = new();
    private GitLabForgeKit? _kit;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static RepoRef Repository { get; } = RepoRef.TryParse(Path, out RepoRef? repository) ? repository : throw new InvalidOperationException(Path);

    private GitLabForgeKit Kit => _kit ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _kit = await GitLabForgeKit.StartAsync(_contents);
        _kit.Double.Do(w =>
        {
            w.CreateProject(Path, new Dictionary<string, string> { ["README.md"] = "# Start\n", [".agentworkflow/workflows/one.yml"] = "name: one\n" });
            w.Grant(Path, "ada", 30);
            w.Push(Path, "ada", "main", new Dictionary<string, string?> { ["other.txt"] = "later\n" });
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_kit is not null)
        {
            IReadOnlyList<string> violations = _kit.Double.Journal.Violations;
            await _kit.DisposeAsync();
            Assert.True(violations.Count == 0, string.Join('\n', violations));
        }
    }

    [Fact]
    public async Task A_Trigger_Its_Files_And_Its_Branch_Are_Six_Questions()
    {
        long issue = Kit.Double.Do(w => w.OpenIssue(Path, "ada", "An idea", "text").Iid);
        long note = Kit.Double.Do(w => w.Comment(Path, issue, "ada", "/generate")!.Id);

        TriggerFacts facts = (await Kit.Forge.Reader.ReadTriggerAsync(Repository, new TriggerQuery(issue, note), Cancel))!;
        WorkspaceTree files = await Kit.Forge.Reader.ReadTreeAsync(Repository, facts.Repository.Head!, Cancel);
        await Kit.Forge.Reader.FindLeftAloneAsync(Repository, facts.Repository.Head!, Cancel);
        BranchWork work = await Kit.Forge.Reader.FindWorkAsync(Repository, s_branch, Cancel);

        Assert.Equal("/generate", facts.Comment?.Body);
        Assert.Equal(".agentworkflow/workflows/one.yml", Assert.Single(facts.WorkflowFiles).Path.Value);
        Assert.Equal(3, files.Files.Count);
        Assert.Equal(new BranchWork(null, null), work);
        Assert.Equal(6, Kit.Double.Journal.Requests.Count);
    }

    [Fact]
    public async Task A_Branch_That_Was_Not_There_When_The_Trigger_Was_Read_Is_Asked_For_The_Next_Time()
    {
        long issue = Kit.Double.Do(w => w.OpenIssue(Path, "ada", "An idea", "text").Iid);
        await Kit.Forge.Reader.ReadTriggerAsync(Repository, new TriggerQuery(issue), Cancel);
        Assert.Null((await Kit.Forge.Reader.FindWorkAsync(Repository, s_branch, Cancel)).Head);
        Kit.Double.Do(w => w.Push(Path, "ada", s_branch.Value, new Dictionary<string, string?> { ["theirs.txt"] = "theirs\n" }));

        Assert.NotNull((await Kit.Forge.Reader.FindWorkAsync(Repository, s_branch, Cancel)).Head);
    }

    [Fact]
    public async Task A_Commit_Is_Two_Requests_And_Proven_By_Its_Own_Id()
    {
        CommitId main = await BranchAsync();
        int before = Kit.Double.Journal.Requests.Count;

        Receipt made = await ApplyAsync(Commit(main, ("README.md", "# Changed\n"), ("build*", "#!/bin/sh\n")));

        Assert.Equal(EffectOutcome.Applied, made.Outcome);
        Assert.Equal(Kit.Double.Do(w => w.Project(Path).Git.Commit(made["commit"]!)!.Tree.Sha), made["tree"]);
        Assert.Equal(2, Kit.Double.Journal.Requests.Count - before);
    }

    [Fact]
    public async Task A_File_That_Was_There_Is_Held_Against_The_Commit_That_Changed_It_Last()
    {
        string first = Kit.Double.Do(w => w.Project(Path).Git.Commit(w.Project(Path).Git.Head("main")!)!.Parents.Single().Sha);
        CommitId main = await BranchAsync();

        Receipt made = await ApplyAsync(Commit(main, ("README.md", "# Changed\n")));

        Assert.Equal(EffectOutcome.Applied, made.Outcome);
        Assert.Contains(first, Kit.Double.Journal.Requests.Single(r => r.Operation.EndsWith("POST /api/v4/projects/{id}/repository/commits", StringComparison.Ordinal)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_A_Person_Changes_In_The_Very_Moment_Is_Not_Written_Over()
    {
        CommitId main = await BranchAsync();
        Kit.Double.Faults.Add(Fault.Before<GitLabWorld>("commit", w => w.Push(Path, "ada", s_branch.Value, new Dictionary<string, string?> { ["README.md"] = "# Theirs\n" })));

        ForgeException refused = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(Commit(main, ("README.md", "# Changed\n"))));

        Assert.Equal(ForgeFault.Conflict, refused.Fault);
        Assert.Equal("# Theirs\n", Kit.Double.Do(w => w.Project(Path).Git.Files(w.Project(Path).Git.Head(s_branch.Value)!)["README.md"]));
    }

    [Fact]
    public async Task What_A_Person_Adds_In_The_Very_Moment_Stands_Below_And_Is_Told()
    {
        CommitId main = await BranchAsync();
        CommitFiles commit = Commit(main, ("README.md", "# Changed\n"));
        Kit.Double.Faults.Add(Fault.Before<GitLabWorld>("commit", w => w.Push(Path, "ada", s_branch.Value, new Dictionary<string, string?> { ["theirs.txt"] = "theirs\n" })));

        Receipt made = await ApplyAsync(commit);

        Assert.Equal(EffectOutcome.Refused, made.Outcome);
        Assert.Contains("were not verified", made.Reason);
        Assert.Equal(EffectOutcome.Refused, (await Kit.Forge.Writer.FindAsync(Repository, commit, s_owner, Cancel))?.Outcome);
    }

    [Fact]
    public async Task A_Mode_Alone_Is_A_Commit_Too()
    {
        CommitId main = await BranchAsync();

        Receipt made = await ApplyAsync(Commit(main, ("README.md*", "# Start\n")));

        Assert.Equal(EffectOutcome.Applied, made.Outcome);
        Assert.True((await Kit.Forge.Reader.ReadTreeAsync(Repository, CommitId.Parse(made["commit"]!), Cancel)).Files[RepoPath.Parse("README.md")].Executable);
    }

    [Fact]
    public async Task Lines_That_Would_Be_Quick_Actions_Are_Words()
    {
        long issue = Kit.Double.Do(w => w.OpenIssue(Path, "ada", "An idea", "text").Iid);
        PutComment note = new(new EffectKey("comment/1"), issue, s_owner.Marker, "Done\n/close\n  /assign @ada\n");

        Receipt made = await ApplyAsync(note);

        Assert.Equal(EffectOutcome.Applied, made.Outcome);
        Assert.Equal(0, Kit.Double.Journal.Count("quick-action"));
        Assert.Equal("opened", Kit.Double.Do(w => w.Issue(Path, issue).State));
        Assert.Equal(EffectOutcome.Adopted, (await Kit.Forge.Writer.FindAsync(Repository, note, s_owner, Cancel))?.Outcome);
    }

    [Fact]
    public async Task Who_Was_Blocked_Or_Is_A_Program_May_Nothing()
    {
        ActorId ada = Kit.Double.Do(w => new ActorId(w.Person("ada").Id, "ada"));
        ActorId robot = Kit.Double.Do(w =>
        {
            w.AddAccount("robot", bot: true);
            w.Grant(Path, "robot", 40);
            return new ActorId(w.Person("robot").Id, "robot");
        });
        Assert.Equal(RepositoryPermission.Write, await Kit.Forge.Reader.GetPermissionAsync(Repository, ada, Cancel));
        Assert.Equal(RepositoryPermission.None, await Kit.Forge.Reader.GetPermissionAsync(Repository, robot, Cancel));
        Kit.Double.Do(w => w.Block("ada"));

        Assert.Equal(RepositoryPermission.None, await Kit.Forge.Reader.GetPermissionAsync(Repository, ada, Cancel));
        Assert.Equal(RepositoryPermission.None, (await Kit.Forge.Writer.AskToWriteAsync(Repository, ada, s_owner, Cancel)).Permission);
    }

    [Fact]
    public async Task An_Archive_That_May_Not_Be_Had_Is_Fetched_By_Git()
    {
        Kit.Double.Faults.Add(Fault.Answer("GET /api/v4/projects/{id}/repository/archive.tar.gz", 429, "Retry later"));
        CommitId main = CommitId.Parse(Kit.Double.Do(w => w.Project(Path).Git.Head("main")!));

        WorkspaceTree files = await Kit.Forge.Reader.ReadTreeAsync(Repository, main, Cancel);

        Assert.Equal(3, files.Files.Count);
        Assert.Contains(Kit.Double.Journal.Requests, r => r.Path.Contains("git-upload-pack", StringComparison.Ordinal));
    }

    private async Task<CommitId> BranchAsync()
    {
        CommitId main = CommitId.Parse(Kit.Double.Do(w => w.Project(Path).Git.Head("main")!));
        await ApplyAsync(new CreateBranch(new EffectKey("branch"), s_branch, main));
        await Kit.Forge.Reader.ReadTreeAsync(Repository, main, Cancel);
        return main;
    }

    private CommitFiles Commit(CommitId parent, params (string Path, string Text)[] files) => new(
        new EffectKey("commit"), s_branch, parent,
        _contents.Tree([(".agentworkflow/workflows/one.yml", "name: one\n"), ("other.txt", "later\n"), .. files]),
        $"Add it\n\nAgentWorkflow-Run: {s_owner.RunKey}\n", new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private Task<Receipt> ApplyAsync(Effect effect) => Kit.Forge.Writer.ApplyAsync(Repository, effect, s_owner, there: null, Cancel);
}
