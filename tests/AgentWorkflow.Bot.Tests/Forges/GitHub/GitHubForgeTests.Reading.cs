using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <content>What is read: rights (promises P43 to P45), triggers, files.</content>
public sealed partial class GitHubForgeTests
{
    [Fact]
    public async Task A_Question_Is_Repeated_And_Unavailable_When_It_Stays_Unanswered()
    {
        await using GitHubForgeKit kit = await StartAsync();
        ActorId ada = new(kit.Double.Do(w => w.Person("ada").Id), "ada");
        const string Operation = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";
        kit.Double.Faults.Add(Fault.Answer(Operation, 502, "No.", times: 2));
        Assert.Equal(RepositoryPermission.Write, await kit.Forge.Reader.GetPermissionAsync(s_repository, ada, Cancel));

        kit.Double.Faults.Add(Fault.Answer(Operation, 502, "No.", times: 10));
        ForgeException broken = await Assert.ThrowsAsync<ForgeException>(() => kit.Forge.Reader.GetPermissionAsync(s_repository, ada, Cancel));
        Assert.Equal(ForgeFault.Unavailable, broken.Fault);
    }

    [Theory]
    [InlineData("none", null, "None")]
    [InlineData("read", null, "Read")]
    [InlineData("triage", null, "Triage")]
    [InlineData("write", null, "Write")]
    [InlineData("maintain", null, "Maintain")]
    [InlineData("admin", null, "Admin")]
    [InlineData("read", "admins of nothing", "Read")]
    [InlineData("read", "maintain", "Read")]
    [InlineData("write", "triage", "Write")]
    public async Task Rights_Are_Those_Of_The_Base_Role(string permission, string? role, string expected)
    {
        await using GitHubForgeKit kit = await StartAsync();
        ActorId person = kit.Double.Do(w =>
        {
            w.Grant(Name, "eve", permission, role);
            return new ActorId(w.Person("eve").Id, "eve");
        });

        Assert.Equal(expected, $"{await kit.Forge.Reader.GetPermissionAsync(s_repository, person, Cancel)}");
    }

    [Fact]
    public async Task Rights_That_Cannot_Be_Told_Are_Never_A_Yes()
    {
        await using GitHubForgeKit kit = await StartAsync();
        ActorId ada = new(kit.Double.Do(w => w.Person("ada").Id), "ada");
        const string Operation = "GET /repos/{owner}/{repo}/collaborators/{username}/permission";

        // Somebody else has the login now.
        await Assert.ThrowsAsync<ForgeException>(() => kit.Forge.Reader.GetPermissionAsync(s_repository, ada with { Id = 1 }, Cancel));
        await Assert.ThrowsAsync<ForgeException>(() => kit.Forge.Reader.GetPermissionAsync(s_repository, new ActorId(1, "nobody-there"), Cancel));
        foreach (int status in new[] { 401, 403, 404, 429, 500, 200 })
        {
            kit.Double.Faults.Add(new Fault(Operation, FaultKind.Answer) { Status = status, Times = 3, Body = status == 200 ? new() { ["permission"] = 7 } : null });
            await Assert.ThrowsAsync<ForgeException>(() => kit.Forge.Reader.GetPermissionAsync(s_repository, ada, Cancel));
            kit.Double.Faults.Clear();
            if (status == 429)
            {
                break; // From here on the gate is closed, which is another test.
            }
        }
    }

    [Fact]
    public async Task A_Bot_Has_No_Rights()
    {
        await using GitHubForgeKit kit = await StartAsync();
        ActorId bot = kit.Double.Do(w =>
        {
            w.Grant(Name, w.Bot.Login, "admin");
            return new ActorId(w.Bot.Id, w.Bot.Login);
        });

        Assert.Equal(RepositoryPermission.None, await kit.Forge.Reader.GetPermissionAsync(s_repository, bot, Cancel));
    }

    [Fact]
    public async Task An_Archive_That_Is_Not_The_Commit_Is_Fetched_By_Git_And_Links_Stay()
    {
        await using GitHubForgeKit kit = await GitHubForgeKit.StartAsync(_contents);
        CommitId head = FillOddly(kit);

        WorkspaceTree tree = await kit.Forge.Reader.ReadTreeAsync(s_repository, head, Cancel);

        Assert.Equal([".gitattributes", "README.md", "hidden.txt", "version.txt"], tree.Files.Keys.Select(p => p.Value));
        Assert.Contains(kit.Double.Journal.Requests, r => r.Operation == "git:upload-pack");
        using StreamReader version = new(_contents.OpenRead(tree.Files[RepoPath.Parse("version.txt")].Sha256));
        Assert.Equal("$Format:%H$\n", await version.ReadToEndAsync(Cancel));

        Receipt commit = await CommittedAsync(kit, _contents.With(tree, "new.txt", "new"u8.ToArray()), head);
        Assert.Equal(EffectOutcome.Applied, commit.Outcome);
        Assert.Equal("README.md", kit.Double.Do(w => w.Repository(Name).Git.Files(commit["commit"]!)["link"]));
        ForgeException covered = await Assert.ThrowsAsync<ForgeException>(() => ApplyAsync(kit, Commit(_contents.With(tree, "link/x", "x"u8.ToArray()), head)));
        Assert.Equal(ForgeFault.Denied, covered.Fault);
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_List_That_Is_Cut_Is_Completed_By_Git()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w => w.Repository(Name).TreeLimit = 1);

        WorkspaceTree tree = await kit.Forge.Reader.ReadTreeAsync(s_repository, Head(kit), Cancel);

        Assert.Equal(["README.md", "src/a.txt"], tree.Files.Keys.Select(p => p.Value));
        Assert.Equal(EffectOutcome.Applied, (await CommittedAsync(kit, With(tree, 3))).Outcome);
    }

    [Fact]
    public async Task What_A_Trigger_Needs_Comes_In_One_Request()
    {
        await using GitHubForgeKit kit = await StartAsync();
        long[] comments = kit.Double.Do(w =>
        {
            w.Push(Name, "ada", "main", new Dictionary<string, string?> { [".agentworkflow/workflows/a.yml"] = "name: ä\n", [".github/agentworkflow/workflows/b.yaml"] = "name: b\n", [".github/agentworkflow/workflows/c.txt"] = "c" });
            long first = w.Comment(Name, 1, "bob", "Please.").Id;
            Comment second = w.Comment(Name, 1, "ada", "/generate");
            w.AddLabels(w.Repository(Name).Find(1)!, w.Person("ada"), ["ready"]);
            w.EditComment(second, w.Person("ada"), "/generate it");
            w.Comment(Name, 1, "bob", "Later.");
            return new[] { first, second.Id };
        });
        await kit.Forge.Reader.FindWorkAsync(s_repository, s_branch, Cancel);
        int before = kit.Double.Journal.Requests.Count;

        TriggerFacts facts = (await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(1, comments[1]), Cancel))!;

        Assert.Equal(before + 1, kit.Double.Journal.Requests.Count);
        Assert.Equal((Name, "main", Head(kit), false), (facts.Repository.Repository.ToString(), facts.Repository.DefaultBranch, facts.Repository.Head!, facts.Repository.Archived));
        Assert.Equal(("A pet shop", true, false), (facts.Issue!.Title, facts.Issue.IsOpen, facts.Issue.IsPullRequest));
        Assert.Equal(["ready"], facts.Issue.Labels);
        Assert.Equal(("/generate it", true, "ada", false), (facts.Comment!.Body, facts.Comment.EditedAt is not null, facts.Comment.Author.Login, facts.Comment.IsBot));
        Assert.Equal([comments[0]], facts.Discussion.Select(c => c.Id));
        Assert.Equal([".agentworkflow/workflows/a.yml", ".github/agentworkflow/workflows/b.yaml"], facts.WorkflowFiles.Select(f => f.Path.Value));
        Assert.Equal("name: ä\n", Encoding.UTF8.GetString(facts.WorkflowFiles[0].Content));
        Assert.Null((await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(77), Cancel))!.Issue);
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Remark_On_A_Line_Is_Read_And_Reacted_To()
    {
        await using GitHubForgeKit kit = await StartAsync();
        await CommittedAsync(kit, With(await kit.Forge.Reader.ReadTreeAsync(s_repository, Head(kit), Cancel), 1));
        long number = long.Parse((await ApplyAsync(kit, Pull()))["number"]!);
        long remark = kit.Double.Do(w => w.AddReviewComment(w.Repository(Name).Find(number)!, w.Person("ada"), "f0.txt", 1, "/revise shorter").Id);

        TriggerFacts facts = (await kit.Forge.Reader.ReadTriggerAsync(s_repository, new TriggerQuery(number, remark, CommentPlace.Review), Cancel))!;
        Receipt reaction = await ApplyAsync(kit, new AddReaction(Key("r"), remark, "eyes", CommentPlace.Review));
        Receipt other = await ApplyAsync(kit, new AddReaction(Key("r2"), 1, "+1", CommentPlace.IssueItself));

        Assert.Equal(("/revise shorter", "ada"), (facts.Comment!.Body, facts.Comment.Author.Login));
        Assert.Equal((s_branch.Value, "main", false), (facts.Issue!.Pull!.Head, facts.Issue.Pull.Base, facts.Issue.Pull.IsFork));
        Assert.Equal((EffectOutcome.Applied, EffectOutcome.Applied), (reaction.Outcome, other.Outcome));
        kit.Double.Journal.RequireNoViolations();
    }

    // A repository whose archive leaves a file out, rewrites another, and which holds a link.
    private static CommitId FillOddly(GitHubForgeKit kit) => kit.Double.Do(w =>
    {
        ForgeRepository odd = w.CreateRepository(Name, new Dictionary<string, string>
        {
            ["README.md"] = "# Pets\n",
            ["hidden.txt"] = "h\n",
            ["version.txt"] = "$Format:%H$\n",
            [".gitattributes"] = "hidden.txt export-ignore\nversion.txt export-subst\n",
        }, isPrivate: true);
        using LibGit2Sharp.Repository git = new(odd.Git.Path);
        LibGit2Sharp.Commit start = git.Head.Tip;
        using MemoryStream target = new("README.md"u8.ToArray());
        LibGit2Sharp.TreeDefinition tree = LibGit2Sharp.TreeDefinition.From(start.Tree).Add("link", git.ObjectDatabase.CreateBlob(target), LibGit2Sharp.Mode.SymbolicLink);
        LibGit2Sharp.Commit made = git.ObjectDatabase.CreateCommit(start.Author, start.Committer, "Link", git.ObjectDatabase.CreateTree(tree), [start], prettifyMessage: false);
        git.Refs.UpdateTarget("refs/heads/main", made.Sha);
        return CommitId.Parse(made.Sha);
    });
}
