using AgentWorkflow.Bot.Forges.GitHub.Reading;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>GitHub, or an Enterprise Server, as a GitHub App.</summary>
internal sealed class GitHubForge(GitHubForgeReader reader, GitHubForgeWriter writer, GitHubWatch watch, IOptions<GitHubOptions> options) : IForge
{
    /// <inheritdoc/>
    public string Name => "github";

    /// <inheritdoc/>
    public string Host { get; } = options.Value.WebAddress.Host;

    /// <inheritdoc/>
    public IForgeReader Reader => reader;

    /// <inheritdoc/>
    public IForgeWriter Writer => writer;

    /// <inheritdoc/>
    public IForgeWatch Watch => watch;
}
