using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Forges.GitHub;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>The contract against the double, which refuses every request that GitHub's own description does not allow.</summary>
public sealed class GitHubForgeContractTests : ForgeContract, IAsyncLifetime
{
    private GitHubForgeKit? _kit;
    private int _repositories;

    private protected override IForge Forge => Kit.Forge;

    private protected override bool RefusesASecondOfAnyKind => false;

    private protected override ActorId Asker => Kit.Double.Do(w => new ActorId(w.Person("ada").Id, "ada"));

    private GitHubForgeKit Kit => _kit ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _kit = await GitHubForgeKit.StartAsync(Contents);
        _kit.MakesRepositoriesIn("made");
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
        string name = $"octo/library-{++_repositories}";
        Dictionary<string, string> texts = [];
        foreach ((RepoPath path, FileEntry entry) in files.Files)
        {
            using StreamReader reader = new(Contents.OpenRead(entry.Sha256));
            texts[path.Value] = await reader.ReadToEndAsync(Cancel);
        }

        Kit.Double.Do(w => w.CreateRepository(name, texts, isPrivate: true));
        return RepoRef.TryParse(name, out RepoRef? repository) ? repository : throw new InvalidOperationException(name);
    }

    private protected override Task<long> PersonOpensIssueAsync(RepoRef repository, string title, string body) =>
        Task.FromResult(Kit.Double.Do(w => w.OpenIssue(repository.ToString(), "ada", title, body).Number));

    private protected override Task<long> PersonCommentsAsync(RepoRef repository, long number, string body) =>
        Task.FromResult(Kit.Double.Do(w => w.Comment(repository.ToString(), number, "ada", body).Id));

    private protected override Task PersonDeletesCommentAsync(RepoRef repository, long commentId) =>
        DoAsync(w => w.DeleteComment(w.FindComment(w.Repository(repository.ToString()), commentId)!, w.Person("ada")));

    private protected override Task PersonClosesAsync(RepoRef repository, long number) =>
        DoAsync(w => w.EditIssue(w.Repository(repository.ToString()).Find(number)!, w.Person("ada"), state: "closed"));

    private protected override Task PersonMergesAsync(RepoRef repository, long number) =>
        DoAsync(w => w.Merge(w.Repository(repository.ToString()).Find(number)!, w.Person("ada")));

    private protected override Task PersonCommitsAsync(RepoRef repository, string branch, string path) =>
        DoAsync(w => w.Push(repository.ToString(), "ada", branch, new Dictionary<string, string?> { [path] = "theirs\n" }, "Mine"));

    private protected override Task PersonDeletesBranchAsync(RepoRef repository, string branch) => DoAsync(w => w.DeleteBranch(repository.ToString(), branch, "ada"));

    private protected override Task<IReadOnlyList<string>> CommentsAsync(RepoRef repository, long number) =>
        Task.FromResult<IReadOnlyList<string>>(Kit.Double.Do(w => w.Repository(repository.ToString()).Find(number)!.Comments.Select(c => c.Body).ToList()));

    private protected override Task<int> CountOpenPullRequestsAsync(RepoRef repository) =>
        Task.FromResult(Kit.Double.Do(w => w.Repository(repository.ToString()).Issues.Count(i => i is { Pull: not null, State: "open" })));

    private protected override Task<int> CountReactionsAsync(RepoRef repository, long commentId) =>
        Task.FromResult(Kit.Double.Do(w => w.FindComment(w.Repository(repository.ToString()), commentId)!.Reactions.Count));

    private protected override Task<string?> CheckAsync(RepoRef repository, CommitId commit, string name) =>
        Task.FromResult(Kit.Double.Do(w => w.Repository(repository.ToString()).Checks.Single(c => c.Name == name && c.HeadSha == commit.Value).Conclusion));

    private protected override Task OwnerForbidsAsync(RepoRef repository, string rule) =>
        DoAsync(w => w.Repository(repository.ToString()).Rules.Add(new BranchRule("creation", "agentworkflow/*", rule)));

    private protected override Task<int> CountPlacesAsync(RepoRef repository, CommitId commit, string name) =>
        Task.FromResult(Kit.Double.Do(w => w.Repository(repository.ToString()).Checks.Single(c => c.Name == name && c.HeadSha == commit.Value).Annotations.Count));

    private Task DoAsync(Action<GitHubWorld> what)
    {
        Kit.Double.Do(what);
        return Task.CompletedTask;
    }
}
