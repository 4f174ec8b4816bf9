using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Watching;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab;

/// <summary>GitLab, public or self-managed, as one account.</summary>
internal sealed class GitLabForge(GitLabForgeReader reader, GitLabForgeWriter writer, GitLabIdentity identity, GitLabWatch watch, IOptions<GitLabOptions> options) : IForge
{
    /// <summary>The name of the forge in rows.</summary>
    public const string Id = "gitlab";

    /// <inheritdoc/>
    public string Name => Id;

    /// <inheritdoc/>
    public string Host { get; } = options.Value.WebAddress.Host;

    /// <inheritdoc/>
    public IForgeReader Reader => reader;

    /// <inheritdoc/>
    public IForgeWriter Writer => writer;

    /// <inheritdoc/>
    public IForgeWatch? Watch => watch;

    /// <inheritdoc/>
    public async Task<long?> FindSelfAsync(CancellationToken cancellationToken) => (await identity.GetAsync(cancellationToken)).Id;
}
