using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Hands each kind of effect to what keeps it: git, or the books.</summary>
internal sealed class LocalForgeWriter(
    LocalForgeReader reader, LocalGitEffects git, LocalPullRequestEffects pullRequests, LocalBookEffects books, LocalRepositoryEffects makers) : IForgeWriter
{
    /// <inheritdoc/>
    public Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken) =>
        effect.Accept(new Applying(this, repository, owner, cancellationToken));

    /// <inheritdoc/>
    public Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken) =>
        effect.Accept(new Finding(this, repository, owner, cancellationToken));

    /// <inheritdoc/>
    public async Task<WriteStanding> AskToWriteAsync(RepoRef repository, ActorId? actor, EffectOwner owner, CancellationToken cancellationToken) =>
        new(actor is null ? null : await reader.GetPermissionAsync(repository, actor, cancellationToken), IsArchived: false, RepositoryVisibility.Private);

    // Archives are kept by the Exports room, which the runner asks itself: no forge has to do with them.
    private static InvalidOperationException NotOnAForge(PublishArchive effect) => new($"The archive '{effect.FileName}' is published by Exports, not by a forge.");

    private sealed record Applying(LocalForgeWriter Forge, RepoRef Repository, EffectOwner Owner, CancellationToken Cancel) : IEffectVisitor<Task<Receipt>>
    {
        public Task<Receipt> Visit(CreateBranch effect) => Forge.Git.CreateAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(CommitFiles effect) => Forge.Git.CommitAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(OpenPullRequest effect) => Forge.PullRequests.OpenAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt> Visit(PutComment effect) => Forge.Books.PutAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(AddReaction effect) => Forge.Books.ReactAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(RemoveLabel effect) => Forge.Books.RemoveAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(SetCheck effect) => Forge.Books.SetAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt> Visit(PublishArchive effect) => throw NotOnAForge(effect);

        public Task<Receipt> Visit(CreateRepository effect) => Forge.Makers.CreateAsync(effect, Owner, Cancel);
    }

    private sealed record Finding(LocalForgeWriter Forge, RepoRef Repository, EffectOwner Owner, CancellationToken Cancel) : IEffectVisitor<Task<Receipt?>>
    {
        public Task<Receipt?> Visit(CreateBranch effect) => Forge.Git.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(CommitFiles effect) => Forge.Git.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(OpenPullRequest effect) => Forge.PullRequests.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(PutComment effect) => Forge.Books.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(AddReaction effect) => Forge.Books.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(RemoveLabel effect) => Forge.Books.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(SetCheck effect) => Forge.Books.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(PublishArchive effect) => throw NotOnAForge(effect);

        public Task<Receipt?> Visit(CreateRepository effect) => Forge.Makers.FindAsync(effect, Owner, Cancel);
    }

    private LocalGitEffects Git { get; } = git;

    private LocalPullRequestEffects PullRequests { get; } = pullRequests;

    private LocalBookEffects Books { get; } = books;

    private LocalRepositoryEffects Makers { get; } = makers;
}
