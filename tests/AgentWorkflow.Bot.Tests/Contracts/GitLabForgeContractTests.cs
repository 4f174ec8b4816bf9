using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Forges.GitLab;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>The contract against the double, which refuses every request that GitLab's own description does not allow.</summary>
public sealed class GitLabForgeContractTests : ForgeContract, IAsyncLifetime
{
    private GitLabForgeKit? _kit;
    private int _repositories;

    private protected override IForge Forge => Kit.Forge;

    internal static IReadOnlyDictionary<string, string> CannotDo { get; } = new Dictionary<string, string>
    {
        [nameof(The_Rules_Of_A_Branch_Are_Known)] = "no: GitLab shows protected branches and push rules to maintainers alone, and the bot is a developer; what they forbid is told in GitLab's words when the branch is made",
        [nameof(A_Check_Shows_Its_Places)] = "no: a commit status is a name, a state and one line; the places stand in the merge request",
        [nameof(The_Forge_Signs_The_Commit)] = "no: GitLab signs commits of its API only where its administrator gave it a key, and the API does not say so; the verification record is signed",
    };

    internal override IReadOnlyDictionary<string, string> Cannot => CannotDo;

    private protected override bool RefusesASecondOfAnyKind => false;

    private protected override ActorId Asker => Kit.Double.Do(w => new ActorId(w.Person("ada").Id, "ada"));

    private GitLabForgeKit Kit => _kit ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _kit = await GitLabForgeKit.StartAsync(Contents);
        _kit.MakesProjectsIn("made");
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

    private protected override async Task<RepoRef> NewRepositoryAsync(WorkspaceTree files)
    {
        string name = $"octo/shelves/library-{++_repositories}";
        Dictionary<string, string> texts = [];
        foreach ((RepoPath path, FileEntry entry) in files.Files)
        {
            using StreamReader reader = new(Contents.OpenRead(entry.Sha256));
            texts[path.Value] = await reader.ReadToEndAsync(Cancel);
        }

        Kit.Double.Do(w =>
        {
            w.CreateProject(name, texts);
            w.Grant(name, "ada", 40);
        });
        return RepoRef.TryParse(name, out RepoRef? repository) ? repository : throw new InvalidOperationException(name);
    }

    private protected override Task<long> PersonOpensIssueAsync(RepoRef repository, string title, string body) =>
        Task.FromResult(Kit.Double.Do(w => w.OpenIssue(repository.ToString(), "ada", title, body).Iid));

    private protected override Task<long> PersonCommentsAsync(RepoRef repository, long number, string body) =>
        Task.FromResult(Kit.Double.Do(w => w.Comment(repository.ToString(), number, "ada", body)!.Id));

    private protected override Task PersonDeletesCommentAsync(RepoRef repository, long commentId) =>
        DoAsync(w => w.DeleteNote(GitLabWorld.FindNote(w.Project(repository.ToString()), commentId)!, w.Person("ada")));

    private protected override Task PersonClosesAsync(RepoRef repository, long number) =>
        DoAsync(w => w.Edit(w.Merge(repository.ToString(), ItemNumber.Counted(number)), w.Person("ada"), state: "close"));

    private protected override Task PersonMergesAsync(RepoRef repository, long number) =>
        DoAsync(w => w.Accept(w.Merge(repository.ToString(), ItemNumber.Counted(number)), w.Person("ada")));

    private protected override Task PersonCommitsAsync(RepoRef repository, string branch, string path) =>
        DoAsync(w => w.Push(repository.ToString(), "ada", branch, new Dictionary<string, string?> { [path] = "theirs\n" }, "Mine"));

    private protected override Task PersonDeletesBranchAsync(RepoRef repository, string branch) => DoAsync(w => w.DeleteBranch(repository.ToString(), branch, "ada"));

    private protected override Task<IReadOnlyList<string>> CommentsAsync(RepoRef repository, long number) =>
        Task.FromResult<IReadOnlyList<string>>(Kit.Double.Do(w => w.Issue(repository.ToString(), number).Notes.Select(n => n.Body).ToList()));

    private protected override Task<int> CountOpenPullRequestsAsync(RepoRef repository) =>
        Task.FromResult(Kit.Double.Do(w => w.Project(repository.ToString()).Merges.Count(m => m.State == "opened")));

    private protected override Task<int> CountReactionsAsync(RepoRef repository, long commentId) =>
        Task.FromResult(Kit.Double.Do(w => GitLabWorld.FindNote(w.Project(repository.ToString()), commentId)!.Awards.Count));

    private protected override Task<string?> CheckAsync(RepoRef repository, CommitId commit, string name) =>
        Task.FromResult<string?>(Kit.Double.Do(w => w.Project(repository.ToString()).Statuses.Single(s => s.Name == $"agentworkflow/{name}" && s.Sha == commit.Value).State is "failed" ? "failure" : "success"));

    private Task DoAsync(Action<GitLabWorld> what)
    {
        Kit.Double.Do(what);
        return Task.CompletedTask;
    }
}
