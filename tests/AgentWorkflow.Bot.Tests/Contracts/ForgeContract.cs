using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>What every forge keeps of promises B.2, P20, P23 and P28: effects through the ports, people through the protected members.</summary>
public abstract partial class ForgeContract
{
    private static readonly DateTimeOffset s_at = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private protected static readonly EffectOwner s_owner = new("k3v9m2qa", "<!-- aw:k3v9m2qa:one -->");
    private static readonly EffectOwner s_stranger = new("zzzzzzzz", "<!-- aw:zzzzzzzz:two -->");

    private readonly MemoryContentStore _contents = new();

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected MemoryContentStore Contents => _contents;

    private protected abstract IForge Forge { get; }

    /// <summary>True where also a second comment or check of the same run is refused or changes the first; elsewhere the run's lease and the look-up see to that.</summary>
    private protected virtual bool RefusesASecondOfAnyKind => true;

    /// <summary>Who asks for new repositories under <c>made</c>; the forge lets this person make them.</summary>
    private protected virtual ActorId Asker => new(7, "ada");

    /// <summary>A new repository whose default branch <c>main</c> holds these files.</summary>
    private protected abstract Task<RepoRef> NewRepositoryAsync(WorkspaceTree files);

    private protected abstract Task<long> PersonOpensIssueAsync(RepoRef repository, string title, string body);

    private protected abstract Task<long> PersonCommentsAsync(RepoRef repository, long number, string body);

    private protected abstract Task PersonDeletesCommentAsync(RepoRef repository, long commentId);

    private protected abstract Task PersonClosesAsync(RepoRef repository, long number);

    private protected abstract Task PersonMergesAsync(RepoRef repository, long number);

    private protected abstract Task PersonCommitsAsync(RepoRef repository, string branch, string path);

    private protected abstract Task PersonDeletesBranchAsync(RepoRef repository, string branch);

    private protected abstract Task<IReadOnlyList<string>> CommentsAsync(RepoRef repository, long number);

    private protected abstract Task<int> CountOpenPullRequestsAsync(RepoRef repository);

    private protected abstract Task<int> CountReactionsAsync(RepoRef repository, long commentId);

    private protected abstract Task<string?> CheckAsync(RepoRef repository, CommitId commit, string name);

    [Fact]
    [Behaviour("One branch, one commit with exactly the planned files and modes, one pull request, a draft where it is asked for")]
    public async Task The_Way_From_A_Branch_To_A_Pull_Request()
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);

        Receipt branch = await ApplyAsync(repository, Branch(main));
        Receipt commit = await ApplyAsync(repository, Commit(main));
        Receipt pullRequest = await ApplyAsync(repository, PullRequest());

        Assert.All([branch, commit, pullRequest], r => Assert.Equal(EffectOutcome.Applied, r.Outcome));
        BranchFacts? head = await Forge.Reader.FindBranchAsync(repository, Name, Cancel);
        Assert.Equal(commit["commit"], head?.Head.Value);
        Assert.Equal(commit["tree"], head?.Tree.Value);
        Assert.Equal(s_owner.RunKey, head?.RunKey);
        Assert.Equal(Planned, await Forge.Reader.ReadTreeAsync(repository, head!.Head, Cancel));
        PullRequestFacts? found = await Forge.Reader.FindPullRequestAsync(repository, Name, Cancel);
        Assert.Equal(("open", true, head.Head, pullRequest["number"]), (found!.State, found.Draft, found.Head, $"{found.Number}"));
        Assert.True((await Forge.Reader.FindIssueAsync(repository, found.Number, Cancel))!.IsPullRequest);
    }

    public static TheoryData<string> Kinds => ["branch", "commit", "pull_request", "comment", "reaction", "check"];

    public static TheoryData<string> KindsOfOne => ["branch", "commit", "pull_request", "reaction"];

    [Theory]
    [MemberData(nameof(Kinds))]
    [Behaviour("A branch, commit, pull request, comment, reaction or check whose reply was lost is found and not made again")]
    public async Task Nothing_Is_Found_Before_And_A_Lost_Reply_Is_Adopted_After(string kind)
    {
        (RepoRef repository, Effect effect) = await ReadyForAsync(kind);
        Assert.Null(await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel));
        Receipt lost = await ApplyAsync(repository, effect);

        Receipt? adopted = await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel);

        Assert.Equal(EffectOutcome.Adopted, adopted?.Outcome);
        Assert.Equal(lost.Values, adopted!.Values);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Behaviour("What is asked for twice is there once")]
    public async Task A_Repeat_Is_Refused_Or_Changes_Nothing(string kind)
    {
        (RepoRef repository, Effect effect) = await ReadyForAsync(kind);
        await ApplyAsync(repository, effect);

        if (RefusesASecondOfAnyKind || kind is not ("comment" or "check"))
        {
            await ApplyOrConflictAsync(repository, effect);
        }

        Receipt? found = await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel);
        Assert.Equal(EffectOutcome.Adopted, found?.Outcome);
        await AssertOnceAsync(repository, effect);
    }

    [Theory]
    [MemberData(nameof(KindsOfOne))]
    [Behaviour("Of eight writers at once one makes it")]
    public async Task Of_Eight_Writers_At_Once_One_Makes_It_And_The_Others_Find_It(string kind)
    {
        (RepoRef repository, Effect effect) = await ReadyForAsync(kind);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ApplyOrConflictAsync(repository, effect), Cancel)));

        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel))?.Outcome);
        await AssertOnceAsync(repository, effect);
    }

    [Fact]
    [Behaviour("A branch of somebody else is left alone")]
    public async Task A_Branch_Of_Somebody_Else_Is_Left_Alone()
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);
        await ApplyAsync(repository, Branch(main));
        await PersonCommitsAsync(repository, Name.Value, "theirs.txt");

        await AssertConflictAsync(repository, Branch(main));

        Receipt? found = await Forge.Writer.FindAsync(repository, Branch(main), s_owner, Cancel);
        Assert.Equal(EffectOutcome.Refused, found?.Outcome);
        Assert.Contains("taken", found!.Reason);
    }

    [Fact]
    [Behaviour("A branch that people went on with stays as they left it")]
    public async Task A_Branch_That_Went_On_With_Our_Commit_Is_Ours_And_Nobody_Elses()
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);
        await CommittedAsync(repository);
        await PersonCommitsAsync(repository, Name.Value, "on-top.txt");

        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, Branch(main), s_owner, Cancel))?.Outcome);
        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, Commit(main), s_owner, Cancel))?.Outcome);
        Assert.Equal(EffectOutcome.Refused, (await Forge.Writer.FindAsync(repository, Branch(main), s_stranger, Cancel))?.Outcome);
        Assert.Equal(EffectOutcome.Refused, (await Forge.Writer.FindAsync(repository, Commit(main), s_stranger, Cancel))?.Outcome);
    }

    [Fact]
    [Behaviour("A commit does not land on a branch that has moved")]
    public async Task A_Commit_Does_Not_Land_On_A_Branch_That_Moved()
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);
        await ApplyAsync(repository, Branch(main));
        await PersonCommitsAsync(repository, Name.Value, "theirs.txt");
        CommitId? theirs = (await Forge.Reader.FindBranchAsync(repository, Name, Cancel))?.Head;

        await AssertConflictAsync(repository, Commit(main));

        Assert.Equal(EffectOutcome.Refused, (await Forge.Writer.FindAsync(repository, Commit(main), s_owner, Cancel))?.Outcome);
        Assert.Equal(theirs, (await Forge.Reader.FindBranchAsync(repository, Name, Cancel))?.Head);
    }

    [Fact]
    [Behaviour("A deleted branch stays deleted")]
    public async Task A_Deleted_Branch_Is_Not_Made_Again_By_A_Commit_Or_Pull_Request()
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);
        await ApplyAsync(repository, Branch(main));
        await PersonDeletesBranchAsync(repository, Name.Value);

        await AssertConflictAsync(repository, Commit(main));
        await AssertConflictAsync(repository, PullRequest());

        Assert.Equal(EffectOutcome.Refused, (await Forge.Writer.FindAsync(repository, Commit(main), s_owner, Cancel))?.Outcome);
        Assert.Equal(EffectOutcome.Refused, (await Forge.Writer.FindAsync(repository, PullRequest(), s_owner, Cancel))?.Outcome);
        Assert.Null(await Forge.Reader.FindBranchAsync(repository, Name, Cancel));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Behaviour("A pull request that a person closed or merged stays so")]
    public async Task A_Pull_Request_That_A_Person_Ended_Stays_Ended(bool merged)
    {
        RepoRef repository = await StartAsync();
        await CommittedAsync(repository);
        long number = long.Parse((await ApplyAsync(repository, PullRequest()))["number"]!);
        await (merged ? PersonMergesAsync(repository, number) : PersonClosesAsync(repository, number));

        await AssertConflictAsync(repository, PullRequest());

        Receipt? found = await Forge.Writer.FindAsync(repository, PullRequest(), s_owner, Cancel);
        Assert.Equal(EffectOutcome.Refused, found?.Outcome);
        Assert.Equal($"{number}", found!["number"]);
        Assert.Equal(0, await CountOpenPullRequestsAsync(repository));
    }

    [Fact]
    [Behaviour("A second run on the same issue brings the open pull request up to date")]
    public async Task A_Later_Run_Brings_Our_Open_Pull_Request_Up_To_Date()
    {
        RepoRef repository = await StartAsync();
        await CommittedAsync(repository);
        Receipt first = await ApplyAsync(repository, PullRequest());
        OpenPullRequest second = PullRequest() with { Title = "A better title", Draft = false };
        Receipt? there = await Forge.Writer.FindAsync(repository, second, s_stranger, Cancel);
        Assert.Equal(EffectOutcome.Planned, there?.Outcome);

        Receipt updated = await Forge.Writer.ApplyAsync(repository, second, s_stranger, there, Cancel);

        Assert.Equal(first["number"], updated["number"]);
        IssueFacts? seen = await Forge.Reader.FindIssueAsync(repository, long.Parse(first["number"]!), Cancel);
        Assert.Equal("A better title", seen!.Title);
        Assert.Contains(s_stranger.Marker, seen.Body);
        Assert.Equal(1, await CountOpenPullRequestsAsync(repository));
    }

    [Fact]
    [Behaviour("One comment a run, edited in place; deleted by a person, it is not written again")]
    public async Task A_Comment_Is_Edited_In_Place_And_Not_Written_Again_When_Deleted()
    {
        RepoRef repository = await StartAsync();
        long issue = await PersonOpensIssueAsync(repository, "An idea", "text");
        PutComment comment = new(new EffectKey("comment/1"), issue, s_owner.Marker, "Generating");
        Receipt first = await ApplyAsync(repository, comment);

        Receipt second = await Forge.Writer.ApplyAsync(repository, comment with { Key = new EffectKey("comment/2"), Body = "Done" }, s_owner, first, Cancel);

        Assert.Equal(first["commentId"], second["commentId"]);
        Assert.Contains("Done", Assert.Single(await CommentsAsync(repository, issue)));
        await PersonDeletesCommentAsync(repository, long.Parse(first["commentId"]!));
        ForgeException gone = await Assert.ThrowsAsync<ForgeException>(() => Forge.Writer.ApplyAsync(repository, comment, s_owner, first, Cancel));
        Assert.Equal(ForgeFault.Conflict, gone.Fault);
        Assert.True(await Forge.Writer.FindAsync(repository, comment, s_owner, Cancel) is null or { Outcome: EffectOutcome.Refused });
        Assert.Empty(await CommentsAsync(repository, issue));
    }

    [Fact]
    [Behaviour("A person's copy of our comment is theirs")]
    public async Task A_Marker_That_A_Person_Copied_Does_Not_Make_Their_Comment_Ours()
    {
        RepoRef repository = await StartAsync();
        long issue = await PersonOpensIssueAsync(repository, "An idea", "text");
        await PersonCommentsAsync(repository, issue, "Done\n\n" + s_owner.Marker);
        PutComment comment = new(new EffectKey("comment/1"), issue, s_owner.Marker, "Done");

        Assert.Null(await Forge.Writer.FindAsync(repository, comment, s_owner, Cancel));

        await ApplyAsync(repository, comment);
        Assert.Equal(2, (await CommentsAsync(repository, issue)).Count);
    }

    [Fact]
    [Behaviour("A check is brought up to date under its name")]
    public async Task A_Check_Is_Updated_Under_Its_Name()
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);
        await ApplyAsync(repository, Check(main));

        SetCheck worse = Check(main) with { Conclusion = CheckConclusion.Failure };
        await Forge.Writer.ApplyAsync(repository, worse, s_owner, await Forge.Writer.FindAsync(repository, worse, s_owner, Cancel), Cancel);

        Assert.Equal("failure", await CheckAsync(repository, main, "verification"));
    }

    [Fact]
    [Behaviour("Who is not known may nothing, and what is not there is not guessed")]
    public async Task What_Is_Not_There_Is_Null_Or_Not_Found()
    {
        Assert.True(RepoRef.TryParse("nobody/nothing", out RepoRef? nothing));
        Assert.Null(await Forge.Reader.FindRepositoryAsync(nothing, Cancel));
        Assert.Equal(RepositoryPermission.None, await Forge.Reader.GetPermissionAsync(nothing, new ActorId(9, "eve"), Cancel));
        ForgeException missing = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(nothing, Branch(CommitId.Parse(new string('a', 40)))));
        Assert.Equal(ForgeFault.NotFound, missing.Fault);

        RepoRef repository = await StartAsync();
        Assert.Null(await Forge.Reader.FindIssueAsync(repository, 99, Cancel));
        Assert.Null(await Forge.Reader.FindPullRequestAsync(repository, Name, Cancel));
        Assert.Null(await Forge.Reader.FindBranchAsync(repository, Name, Cancel));
    }

    private static BranchName Name { get; } = BranchName.Parse("agentworkflow/1-lending-library-k3v9m2qa");

    private WorkspaceTree Planned => _contents.Tree(
        ("README.md", "# Lending library\n"), ("build*", "#!/bin/sh\n"), ("src/Book.cs", "class Book;\n"), ("src/Loans/Loan.cs", "class Loan;\n"), ("src.txt", "x"), ("empty", ""));

    private static CreateBranch Branch(CommitId at) => new(new EffectKey("branch"), Name, at);

    private CommitFiles Commit(CommitId parent) =>
        new(new EffectKey("commit"), Name, parent, Planned, $"Add the lending library\n\nAgentWorkflow-Run: {s_owner.RunKey}\nAgentWorkflow-Workflow: built-in\n", s_at);

    private static OpenPullRequest PullRequest() =>
        new(new EffectKey("pull_request"), Name, "main", "Lending library", "Generated.", Draft: true, ["agentworkflow"], [new ActorId(2, "you")]);

    private static SetCheck Check(CommitId commit) =>
        new(new EffectKey("check"), commit, "verification", CheckConclusion.Success, "41 passed", "All well.", [new(RepoPath.Parse("a.cs"), 1, 2, "warning", "t", "m")]);

    private protected async Task<RepoRef> StartAsync() => await NewRepositoryAsync(_contents.Tree(("README.md", "# Start\n")));

    private protected async Task<CommitId> MainAsync(RepoRef repository) => (await Forge.Reader.FindRepositoryAsync(repository, Cancel))!.Head!;

    private protected async Task<Receipt> CommittedAsync(RepoRef repository)
    {
        CommitId main = await MainAsync(repository);
        await ApplyAsync(repository, Branch(main));
        return await ApplyAsync(repository, Commit(main));
    }

    private protected async Task<(RepoRef Repository, Effect Effect)> ReadyForAsync(string kind)
    {
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);
        switch (kind)
        {
            case "branch":
                return (repository, Branch(main));
            case "commit":
                await ApplyAsync(repository, Branch(main));
                return (repository, Commit(main));
            case "pull_request":
                await CommittedAsync(repository);
                return (repository, PullRequest());
            case "check":
                return (repository, Check(main));
        }

        long issue = await PersonOpensIssueAsync(repository, "An idea", "text");
        long comment = await PersonCommentsAsync(repository, issue, "/generate");
        return (repository, kind == "comment"
            ? new PutComment(new EffectKey("comment/1"), issue, s_owner.Marker, "Generating")
            : new AddReaction(new EffectKey("reaction"), comment, "eyes", Number: issue));
    }

    private protected async Task AssertOnceAsync(RepoRef repository, Effect effect)
    {
        switch (effect)
        {
            case CommitFiles commit:
                BranchFacts? head = await Forge.Reader.FindBranchAsync(repository, Name, Cancel);
                Assert.Equal(head?.Head.Value, (await Forge.Writer.FindAsync(repository, commit, s_owner, Cancel))?["commit"]);
                break;
            case OpenPullRequest:
                Assert.Equal(1, await CountOpenPullRequestsAsync(repository));
                break;
            case PutComment comment:
                Assert.Equal(2, (await CommentsAsync(repository, comment.Number)).Count);
                break;
            case AddReaction reaction:
                Assert.Equal(1, await CountReactionsAsync(repository, reaction.CommentId));
                break;
        }
    }

    private Task<Receipt> ApplyAsync(RepoRef repository, Effect effect) => Forge.Writer.ApplyAsync(repository, effect, s_owner, there: null, Cancel);

    private protected async Task ApplyOrConflictAsync(RepoRef repository, Effect effect)
    {
        try
        {
            await ApplyAsync(repository, effect);
        }
        catch (ForgeException exception)
        {
            Assert.Equal(ForgeFault.Conflict, exception.Fault);
        }
    }

    private async Task AssertConflictAsync(RepoRef repository, Effect effect) =>
        Assert.Equal(ForgeFault.Conflict, (await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(repository, effect))).Fault);
}
