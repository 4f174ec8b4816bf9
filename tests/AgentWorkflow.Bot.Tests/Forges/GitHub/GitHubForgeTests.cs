using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.World;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <summary>What GitHub alone does: promises P20, P28, P29, P33, P43 to P45 and P79 at the adapter.</summary>
public sealed partial class GitHubForgeTests
{
    private const string Name = "octo/pets";

    private static readonly EffectOwner s_owner = new("k3v9m2qa", "<!-- aw:k3v9m2qa:one -->", Rights: ForgeRights.Contents | ForgeRights.PullRequests | ForgeRights.Checks);
    private static readonly BranchName s_branch = BranchName.Parse("agentworkflow/1-pets-k3v9m2qa");
    private static readonly RepoRef s_repository = RepoRef.TryParse(Name, out RepoRef? repository) ? repository : throw new InvalidOperationException();

    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => ["branch", "commit", "pull_request", "comment", "comment-edit", "reaction", "check"];

    [Fact]
    public async Task A_Run_Makes_Few_Requests_With_Two_Tokens_And_No_Secret_Leaves()
    {
        await using GitHubForgeKit kit = await StartAsync();
        long comment = kit.Double.Do(w => w.Comment(Name, 1, "ada", "/generate").Id);

        TriggerFacts facts = (await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(1, comment), Cancel))!;
        ActorId ada = facts.Comment!.Author;
        Assert.Equal(RepositoryPermission.Write, await kit.Forge.Reader.GetPermissionAsync(s_repository, ada, Cancel));
        await kit.Forge.Reader.FindWorkAsync(s_repository, s_branch, Cancel);
        WorkspaceTree tree = await kit.Forge.Reader.ReadTreeAsync(s_repository, facts.Repository.Head!, Cancel);
        await ApplyAsync(kit, new AddReaction(Key("r"), comment, "eyes"));
        Receipt status = await ApplyAsync(kit, new PutComment(Key("c1"), 1, s_owner.Marker, "Started"));
        Receipt commit = await CommittedAsync(kit, With(tree, 500));
        await ApplyAsync(kit, new SetCheck(Key("k"), CommitId.Parse(commit["commit"]!), "verification", CheckConclusion.Success, "t", "s", []));
        Receipt pull = await ApplyAsync(kit, Pull() with { Assignees = [ada] });
        Receipt edited = await kit.Forge.Writer.ApplyAsync(s_repository, new PutComment(Key("c2"), 1, s_owner.Marker, "Done"), s_owner, status, Cancel);

        Assert.Equal("true", commit["verified"]);
        Assert.Equal(status["commentId"], edited["commentId"]);
        Assert.Equal(["agentworkflow"], kit.Double.Do(w => w.Repository(Name).Find(long.Parse(pull["number"]!))!.Labels));
        Assert.Equal(["ada"], kit.Double.Do(w => w.Repository(Name).Find(long.Parse(pull["number"]!))!.Assignees.Select(a => a.Login)));
        Assert.InRange(kit.Double.Journal.Requests.Count, 1, 18);
        Assert.Equal(2, kit.Double.Do(w => w.Tokens.Count));
        Assert.All(kit.Double.Do(w => w.Tokens.Values.ToList()), t => Assert.Single(t.Repositories!));
        AssertNoSecret(kit, [.. kit.Logs.Lines]);
        kit.Double.Journal.RequireNoViolations();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_Lost_Reply_Leaves_One_Effect_That_Is_Found(string kind)
    {
        await using GitHubForgeKit kit = await StartAsync();
        (Effect effect, Receipt? there) = await ReadyForAsync(kit, kind);
        int before = kit.Double.Journal.Count(kind, kit.Double.BotLogin);
        kit.Double.Faults.Add(Fault.DropReply(kind));

        ForgeException lost = await Assert.ThrowsAsync<ForgeException>(() => kit.Forge.Writer.ApplyAsync(s_repository, effect, s_owner, there, Cancel));

        Assert.Equal(ForgeFault.Ambiguous, lost.Fault);
        Assert.Equal(EffectOutcome.Adopted, (await kit.Forge.Writer.FindAsync(s_repository, effect, s_owner, Cancel))?.Outcome);
        Assert.Equal(before + 1, kit.Double.Journal.Count(kind, kit.Double.BotLogin));
        AssertNoSecret(kit, lost.ToString());
    }

    [Theory]
    [InlineData("commit", 500, "Ambiguous")]
    [InlineData("commit", 502, "Ambiguous")]
    [InlineData("branch", 503, "Ambiguous")]
    [InlineData("branch", 401, "Denied")]
    [InlineData("branch", 403, "Denied")]
    [InlineData("branch", 404, "NotFound")]
    [InlineData("branch", 409, "Conflict")]
    [InlineData("branch", 422, "Conflict")]
    [InlineData("branch", 451, "Denied")]
    public async Task A_Write_That_Is_Refused_Or_Breaks_Is_Told_Apart_And_Never_Repeated(string kind, int status, string fault)
    {
        await using GitHubForgeKit kit = await StartAsync();
        (Effect effect, _) = await ReadyForAsync(kit, kind);
        kit.Double.Faults.Add(Fault.Answer(kind, status, "No."));
        int before = kit.Double.Journal.Requests.Count;

        ForgeException refused = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, effect));

        Assert.Equal(fault, $"{refused.Fault}");
        Assert.Single(kit.Double.Journal.Requests.Skip(before), r => r.Status == status);
        AssertNoSecret(kit, [refused.ToString(), .. kit.Logs.Lines]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task In_A_Forbidden_Window_Nothing_Is_Asked(bool primary)
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using GitHubForgeKit kit = await GitHubForgeKit.StartAsync(_contents, time);
        Fill(kit);
        await kit.Forge.Reader.FindWorkAsync(s_repository, s_branch, Cancel);
        kit.Double.Faults.Add(primary ? Fault.PrimaryLimit("branch", TimeSpan.FromMinutes(7)) : Fault.SecondaryLimit("branch", TimeSpan.FromMinutes(7)));
        CreateBranch branch = new(Key("b"), s_branch, Head(kit));

        ForgeException limited = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, branch));
        int asked = kit.Double.Journal.Requests.Count;
        ForgeException again = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, branch));
        await Assert.ThrowsAsync<ForgeException>(() => kit.Forge.Reader.FindWorkAsync(s_repository, s_branch, Cancel));

        Assert.Equal((ForgeFault.RateLimited, ForgeFault.RateLimited), (limited.Fault, again.Fault));
        Assert.InRange(limited.Until!.Value - time.GetUtcNow(), TimeSpan.FromMinutes(6.8), TimeSpan.FromMinutes(7.2));
        Assert.Equal(asked, kit.Double.Journal.Requests.Count);
        time.Advance(TimeSpan.FromMinutes(7.5));
        Assert.Equal(EffectOutcome.Applied, (await ApplyAsync(kit, branch)).Outcome);
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_File_That_May_Be_Executed_Is_Committed_With_Its_Mode_And_Signed()
    {
        await using GitHubForgeKit kit = await StartAsync();
        WorkspaceTree tree = await kit.Forge.Reader.ReadTreeAsync(s_repository, Head(kit), Cancel);
        WorkspaceTree wanted = _contents.With(_contents.With(tree, "build.sh", "#!/bin/sh\n"u8.ToArray(), executable: true), "logo.png", [0x89, 0xff, 0xfe, 0]).Without(RepoPath.Parse("src/a.txt"));

        Receipt commit = await CommittedAsync(kit, wanted);

        Assert.Equal((EffectOutcome.Applied, "true"), (commit.Outcome, commit["verified"]));
        Assert.Equal(wanted, await kit.Forge.Reader.ReadTreeAsync(s_repository, CommitId.Parse(commit["commit"]!), Cancel));
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Where_The_Plan_Has_No_Drafts_The_Title_Says_It()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w => w.Repository(Name).AllowsDrafts = false);
        await CommittedAsync(kit, With(await kit.Forge.Reader.ReadTreeAsync(s_repository, Head(kit), Cancel), 1));

        Receipt pull = await ApplyAsync(kit, Pull() with { Draft = true });

        Assert.Equal("[not verified] A pet shop", kit.Double.Do(w => w.Repository(Name).Find(long.Parse(pull["number"]!))!.Title));
        Assert.Equal(EffectOutcome.Adopted, (await kit.Forge.Writer.FindAsync(s_repository, Pull() with { Draft = true }, s_owner, Cancel))?.Outcome);
    }

    [Fact]
    public async Task A_Repository_Or_Installation_That_Ends_Is_Told_In_Words()
    {
        await using GitHubForgeKit kit = await StartAsync();
        CreateBranch branch = new(Key("b"), s_branch, Head(kit));
        await kit.Forge.Reader.FindWorkAsync(s_repository, s_branch, Cancel);

        kit.Double.Do(w => w.Archive(Name));
        Assert.Contains("archived", (await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, branch))).Message);
        kit.Double.Do(w =>
        {
            w.Repository(Name).Archived = false;
            w.Suspend("octo");
        });
        Assert.Contains("suspended", (await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, branch))).Message);
        kit.Double.Do(w => w.Uninstall("octo"));
        Assert.True(await FaultAsync(() => ApplyAsync(kit, branch)) is ForgeFault.Denied or ForgeFault.NotFound);
        Assert.True(await FaultAsync(() => ApplyAsync(kit, branch)) is ForgeFault.Denied or ForgeFault.NotFound);
        Assert.Null(await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(1), Cancel));
    }

    [Fact]
    public async Task A_Label_Comes_Off_Once_And_A_Doubled_Comment_Goes()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w => w.AddLabels(w.Repository(Name).Find(1)!, w.Person("ada"), ["go on"]));
        RemoveLabel remove = new(Key("l"), 1, "go on");
        Assert.Null(await kit.Forge.Writer.FindAsync(s_repository, remove, s_owner, Cancel));
        await ApplyAsync(kit, remove);
        await ApplyAsync(kit, remove);
        Assert.Equal(EffectOutcome.Adopted, (await kit.Forge.Writer.FindAsync(s_repository, remove, s_owner, Cancel))?.Outcome);

        PutComment comment = new(Key("c"), 1, s_owner.Marker, new string('x', 70_000));
        Receipt first = await ApplyAsync(kit, comment);
        await ApplyAsync(kit, comment);
        Assert.Equal(first["commentId"], (await kit.Forge.Writer.FindAsync(s_repository, comment, s_owner, Cancel))?["commentId"]);
        Assert.EndsWith(s_owner.Marker + "\n", Assert.Single(kit.Double.Do(w => w.Repository(Name).Find(1)!.Comments.Select(c => c.Body).ToList())));
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Without_Checks_A_Status_Is_Set_And_Without_Both_It_Is_Denied()
    {
        await using GitHubForgeKit kit = await StartAsync();
        SetCheck check = new(Key("k"), Head(kit), "verification", CheckConclusion.Failure, new string('t', 300), "s", []);
        kit.Double.Do(w => w.Install("octo").Permissions.Remove("checks"));
        Assert.Equal(ForgeFault.Denied, await FaultAsync(() => ApplyAsync(kit, check)));

        await using GitHubForgeKit other = await StartAsync();
        other.Double.Do(w =>
        {
            w.Install("octo").Permissions.Remove("checks");
            w.Install("octo").Permissions["statuses"] = "write";
        });
        await ApplyAsync(other, check with { Commit = Head(other) });
        Assert.Equal(["failure"], other.Double.Do(w => w.Repository(Name).Statuses.Select(s => s.State).ToList()));
        other.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Ci_Files_Are_Committed_With_A_Right_Of_Their_Own_In_One_Token_For_The_Step()
    {
        await using GitHubForgeKit kit = await StartAsync();
        TriggerFacts facts = (await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(1), Cancel))!;
        Assert.True(facts.Repository.TakesCiFiles);
        WorkspaceTree tree = _contents.With(await kit.Forge.Reader.ReadTreeAsync(s_repository, Head(kit), Cancel), ".github/workflows/ci.yml", "on: push\n"u8.ToArray());

        await kit.Forge.Writer.ApplyAsync(s_repository, new CreateBranch(Key("b"), s_branch, Head(kit)), s_owner with { Rights = s_owner.Rights | ForgeRights.CiFiles }, there: null, Cancel);
        Receipt commit = await ApplyAsync(kit, Commit(tree, Head(kit)));
        await ApplyAsync(kit, Pull());

        Assert.Equal(EffectOutcome.Applied, commit.Outcome);
        Assert.Equal([false, true], kit.Double.Do(w => w.Tokens.Values.OrderBy(t => t.Permissions.Count).Select(t => t.Permissions.ContainsKey("workflows")).ToList()));
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Where_Ci_Files_Are_Not_Granted_The_Facts_Say_So_And_A_Commit_With_One_Does_Not_Land()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w => w.Install("octo").Permissions.Remove("workflows"));
        Assert.False((await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(1), Cancel))!.Repository.TakesCiFiles);
        WorkspaceTree tree = _contents.With(await kit.Forge.Reader.ReadTreeAsync(s_repository, Head(kit), Cancel), ".github/workflows/ci.yml", "on: push\n"u8.ToArray());

        await ApplyAsync(kit, new CreateBranch(Key("b"), s_branch, Head(kit)));
        ForgeException refused = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, Commit(tree, Head(kit))));

        Assert.Contains("workflows", refused.Message, StringComparison.Ordinal);
        Assert.Null(await kit.Forge.Writer.FindAsync(s_repository, Commit(tree, Head(kit)), s_owner, Cancel));
    }

    [Fact]
    public async Task A_Check_Shows_The_Fifty_Worst_Remarks_Within_The_Limits()
    {
        await using GitHubForgeKit kit = await StartAsync();
        CheckAnnotation[] remarks = [.. Enumerable.Range(0, 80).Select(i => new CheckAnnotation(RepoPath.Parse("a.cs"), i + 1, i + 1, i < 60 ? "notice" : "failure", "t", "m"))];

        await ApplyAsync(kit, new SetCheck(Key("k"), Head(kit), "verification", CheckConclusion.Neutral, new string('t', 300), new string('s', 70_000), remarks));

        CheckRun made = kit.Double.Do(w => w.Repository(Name).Checks.Single());
        Assert.Equal((50, "neutral", s_owner.RunKey), (made.Annotations.Count, made.Conclusion, made.ExternalId));
        Assert.Equal(20, made.Annotations.Count(a => a["annotation_level"]!.ToString() == "failure"));
        Assert.InRange(made.Summary!.Length, 1, 65_535);
        kit.Double.Journal.RequireNoViolations();
    }

    private static EffectKey Key(string text) => new(text);

    private static OpenPullRequest Pull() => new(Key("p"), s_branch, "main", "A pet shop", "Closes #1", Draft: false, ["agentworkflow"], []);

    private static CommitFiles Commit(WorkspaceTree tree, CommitId parent) =>
        new(Key("m"), s_branch, parent, tree, $"Add pets\n\nMore words.\n\nAgentWorkflow-Run: {s_owner.RunKey}\n", new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private static CommitId Head(GitHubForgeKit kit) => CommitId.Parse(kit.Double.Do(w => w.Repository(Name).Git.Head("main")!));

    private static Task<Receipt> ApplyAsync(GitHubForgeKit kit, Effect effect) => kit.Forge.Writer.ApplyAsync(s_repository, effect, s_owner, there: null, Cancel);

    private static async Task<ForgeFault> FaultAsync(Func<Task> act) => (await Assert.ThrowsAsync<ForgeException>(act)).Fault;

    private static async Task<Receipt> CommittedAsync(GitHubForgeKit kit, WorkspaceTree tree, CommitId? head = null)
    {
        await ApplyAsync(kit, new CreateBranch(Key("b"), s_branch, head ?? Head(kit)));
        return await ApplyAsync(kit, Commit(tree, head ?? Head(kit)));
    }

    private static void AssertNoSecret(GitHubForgeKit kit, params string[] texts)
    {
        List<string> secrets = kit.Double.Do(w => w.Tokens.Keys.ToList());
        string[] key = File.ReadAllLines(kit.Double.PrivateKeyPath)[1..3];
        Assert.NotEmpty(secrets);
        Assert.DoesNotContain(texts, t => secrets.Concat(key).Any(s => t.Contains(s, StringComparison.Ordinal)) || t.Contains("eyJ", StringComparison.Ordinal) || t.Contains("Bearer ey", StringComparison.Ordinal));
    }

    private static void Fill(GitHubForgeKit kit) => kit.Double.Do(w =>
    {
        w.CreateRepository(Name, new Dictionary<string, string> { ["README.md"] = "# Pets\n", ["src/a.txt"] = "a\n" }, isPrivate: true);
        w.Grant(Name, "ada", "write");
        w.OpenIssue(Name, "ada", "A pet shop", "With cats.");
    });

    private async Task<GitHubForgeKit> StartAsync()
    {
        GitHubForgeKit kit = await GitHubForgeKit.StartAsync(_contents);
        Fill(kit);
        return kit;
    }

    private WorkspaceTree With(WorkspaceTree tree, int files) =>
        Enumerable.Range(0, files).Aggregate(tree, (all, i) => _contents.With(all, $"f{i}.txt", Encoding.UTF8.GetBytes($"file {i}\n")));

    private async Task<(Effect Effect, Receipt? There)> ReadyForAsync(GitHubForgeKit kit, string kind)
    {
        CommitId head = Head(kit);
        WorkspaceTree tree = await kit.Forge.Reader.ReadTreeAsync(s_repository, head, Cancel);
        switch (kind)
        {
            case "branch":
                return (new CreateBranch(Key("b"), s_branch, head), null);
            case "commit":
                await ApplyAsync(kit, new CreateBranch(Key("b"), s_branch, head));
                return (Commit(With(tree, 2), head), null);
            case "pull_request":
                await CommittedAsync(kit, With(tree, 2));
                return (Pull() with { Labels = [] }, null);
            case "comment":
                return (new PutComment(Key("c"), 1, s_owner.Marker, "Started"), null);
            case "comment-edit":
                Receipt first = await ApplyAsync(kit, new PutComment(Key("c"), 1, s_owner.Marker, "Started"));
                return (new PutComment(Key("c2"), 1, s_owner.Marker, "Done"), first);
            case "reaction":
                return (new AddReaction(Key("r"), kit.Double.Do(w => w.Comment(Name, 1, "ada", "/generate").Id), "eyes"), null);
            default:
                return (new SetCheck(Key("k"), head, "verification", CheckConclusion.Success, "t", "s", []), null);
        }
    }
}
