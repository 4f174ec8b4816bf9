using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Writing;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>Hands each kind of effect to what makes it.</summary>
internal sealed class GitHubForgeWriter(
    GitHubForgeReader reader, Installations installations, GitEffects git, PullRequestEffects pullRequests, CommentEffects comments, CheckEffects checks, RepositoryCreation repositories) : IForgeWriter
{
    /// <inheritdoc/>
    public Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken) =>
        effect.Accept(new Applying(this, repository, owner, there, cancellationToken));

    /// <inheritdoc/>
    public Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken) =>
        effect.Accept(new Finding(this, repository, owner, cancellationToken));

    /// <inheritdoc/>
    public async Task<WriteStanding> AskToWriteAsync(RepoRef repository, ActorId? actor, EffectOwner owner, CancellationToken cancellationToken)
    {
        // The person first: who may not ask any more gets no token made.
        RepositoryPermission? permission = actor is null ? null : await reader.GetPermissionAsync(repository, actor, cancellationToken);
        RepositoryAnswer now = await installations.RenewAsync(repository, TokenUse.Of(owner, ForgeRights.None), cancellationToken);
        return new WriteStanding(permission, now.Archived, now.Private ? RepositoryVisibility.Private : RepositoryVisibility.Public);
    }

    // Archives are kept by the Exports room, which the runner asks itself: no forge has to do with them.
    private static InvalidOperationException NotOnAForge(PublishArchive effect) => new($"The archive '{effect.FileName}' is published by Exports, not by a forge.");

    private sealed record Applying(GitHubForgeWriter Forge, RepoRef Repository, EffectOwner Owner, Receipt? There, CancellationToken Cancel) : IEffectVisitor<Task<Receipt>>
    {
        public Task<Receipt> Visit(CreateBranch effect) => Forge.Git.CreateAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt> Visit(CommitFiles effect) => Forge.Git.CommitAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt> Visit(OpenPullRequest effect) => Forge.PullRequests.OpenAsync(Repository, effect, Owner, There, Cancel);

        public Task<Receipt> Visit(PutComment effect) => Forge.Comments.PutAsync(Repository, effect, There, Cancel);

        public Task<Receipt> Visit(AddReaction effect) => Forge.Comments.ReactAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt> Visit(RemoveLabel effect) => Forge.Comments.RemoveAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(SetCheck effect) => Forge.Checks.SetAsync(Repository, effect, Owner, There, Cancel);

        public Task<Receipt> Visit(PublishArchive effect) => throw NotOnAForge(effect);

        public Task<Receipt> Visit(CreateRepository effect) => Forge.Repositories.CreateAsync(effect, Owner, There, Cancel);
    }

    private sealed record Finding(GitHubForgeWriter Forge, RepoRef Repository, EffectOwner Owner, CancellationToken Cancel) : IEffectVisitor<Task<Receipt?>>
    {
        public Task<Receipt?> Visit(CreateBranch effect) => Forge.Git.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(CommitFiles effect) => Forge.Git.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(OpenPullRequest effect) => Forge.PullRequests.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(PutComment effect) => Forge.Comments.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(AddReaction effect) => Forge.Comments.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(RemoveLabel effect) => Forge.Comments.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(SetCheck effect) => Forge.Checks.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(PublishArchive effect) => throw NotOnAForge(effect);

        public Task<Receipt?> Visit(CreateRepository effect) => Forge.Repositories.FindAsync(effect, Owner, Cancel);
    }

    private GitEffects Git { get; } = git;

    private PullRequestEffects PullRequests { get; } = pullRequests;

    private CommentEffects Comments { get; } = comments;

    private CheckEffects Checks { get; } = checks;

    private RepositoryCreation Repositories { get; } = repositories;
}
