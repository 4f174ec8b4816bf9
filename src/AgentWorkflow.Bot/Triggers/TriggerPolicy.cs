using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What the operator said about who is served and listened to: the settings, as one value that rules are given.</summary>
internal sealed record TriggerPolicy
{
    /// <summary>What a person needs on the repository at least.</summary>
    public RepositoryPermission Minimum { get; init; } = RepositoryPermission.Write;

    /// <summary>Accounts of bots whose commands count like a person's.</summary>
    public IReadOnlySet<long> AllowedBots { get; init; } = new HashSet<long>();

    /// <summary>The word of commands; see <see cref="CommandsOptions.Prefix"/>.</summary>
    public string Prefix { get; init; } = CommandsOptions.Both;

    /// <summary>Our own App; null where there is none.</summary>
    public long? OwnApp { get; init; }

    /// <summary>Owners that are served; both lists empty: all whose events come with our secret.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Patterns of repositories that are served.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    /// <summary>Reads the settings.</summary>
    public static TriggerPolicy Of(IOptions<TriggersOptions> triggers, IOptions<CommandsOptions> commands, IOptions<ForgesOptions> forges, IOptions<GitHubOptions> gitHub) => new()
    {
        Minimum = triggers.Value.Minimum,
        AllowedBots = triggers.Value.AllowedBots.ToHashSet(),
        Prefix = commands.Value.Prefix,
        OwnApp = gitHub.Value.AppId,
        Owners = [.. forges.Value.Owners],
        Repositories = [.. forges.Value.Repositories],
    };

    /// <summary>True where the repository is served. Names are compared without case, as forges do.</summary>
    public bool Serves(RepoRef repository) =>
        (Owners.Count == 0 && Repositories.Count == 0)
        || Owners.Any(o => repository.Owner.Equals(o, StringComparison.OrdinalIgnoreCase) || repository.Owner.StartsWith(o + "/", StringComparison.OrdinalIgnoreCase))
        || Repositories.Any(p => Regex.IsMatch(
            repository.ToString(), $"^{Regex.Escape(p).Replace("\\*", "[^/]*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
}
