using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Bot.Forges.GitLab.Writing;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab;

/// <summary>Hands each kind of effect to what makes it.</summary>
internal sealed class GitLabForgeWriter(
    GitLabClient client, GitLabRights rights, BranchEffects branches, MergeRequestEffects merges, NoteEffects notes, StatusEffects statuses, RepositoryCreation repositories) : IForgeWriter
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
        RepositoryPermission? permission = actor is null ? null : await rights.GetAsync(repository, actor, cancellationToken);
        ProjectAnswer now = await client.SendAsync(api => api.GetProjectAsync(repository.ToString(), $"look at {repository} before the first write", cancellationToken));
        return new WriteStanding(permission, now.Archived, Items.VisibilityOf(now));
    }

    // Archives are kept by the Exports room, which the runner asks itself: no forge has to do with them.
    private static InvalidOperationException NotOnAForge(PublishArchive effect) => new($"The archive '{effect.FileName}' is published by Exports, not by a forge.");

    private sealed record Applying(GitLabForgeWriter Forge, RepoRef Repository, EffectOwner Owner, Receipt? There, CancellationToken Cancel) : IEffectVisitor<Task<Receipt>>
    {
        public Task<Receipt> Visit(CreateBranch effect) => Forge.Branches.CreateAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(CommitFiles effect) => Forge.Branches.CommitAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(OpenPullRequest effect) => Forge.Merges.OpenAsync(Repository, effect, Owner, There, Cancel);

        public Task<Receipt> Visit(PutComment effect) => Forge.Notes.PutAsync(Repository, effect, There, Cancel);

        public Task<Receipt> Visit(AddReaction effect) => Forge.Notes.ReactAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(RemoveLabel effect) => Forge.Notes.RemoveAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(SetCheck effect) => Forge.Statuses.SetAsync(Repository, effect, Cancel);

        public Task<Receipt> Visit(PublishArchive effect) => throw NotOnAForge(effect);

        public Task<Receipt> Visit(CreateRepository effect) => Forge.Repositories.CreateAsync(effect, Owner, There, Cancel);
    }

    private sealed record Finding(GitLabForgeWriter Forge, RepoRef Repository, EffectOwner Owner, CancellationToken Cancel) : IEffectVisitor<Task<Receipt?>>
    {
        public Task<Receipt?> Visit(CreateBranch effect) => Forge.Branches.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(CommitFiles effect) => Forge.Branches.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(OpenPullRequest effect) => Forge.Merges.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(PutComment effect) => Forge.Notes.FindAsync(Repository, effect, Owner, Cancel);

        public Task<Receipt?> Visit(AddReaction effect) => Forge.Notes.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(RemoveLabel effect) => Forge.Notes.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(SetCheck effect) => Forge.Statuses.FindAsync(Repository, effect, Cancel);

        public Task<Receipt?> Visit(PublishArchive effect) => throw NotOnAForge(effect);

        public Task<Receipt?> Visit(CreateRepository effect) => Forge.Repositories.FindAsync(effect, Owner, Cancel);
    }

    private BranchEffects Branches { get; } = branches;

    private MergeRequestEffects Merges { get; } = merges;

    private NoteEffects Notes { get; } = notes;

    private StatusEffects Statuses { get; } = statuses;

    private RepositoryCreation Repositories { get; } = repositories;
}
