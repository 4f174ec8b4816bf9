using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Setup;

/// <summary>
/// Looks for others that answer to the same words: workflows of GitHub Actions that listen to comments, and Prow, which a file OWNERS tells
/// of. Two that act on one comment surprise whoever wrote it.
/// </summary>
internal sealed partial class OtherBots(GitHubWatch watch, Installations installations, GitHubGraphQl graphQl, CommandWords words)
{
    private const int MostRepositories = 10;
    private const int MostNamed = 5;
    private const string Approve = "approve";

    private const string Query = """
        query($owner: String!, $name: String!) {
          repository(owner: $owner, name: $name, followRenames: false) {
            workflows: object(expression: "HEAD:.github/workflows") { ... on Tree { entries { name mode type object { ... on Blob { text } } } } }
            owners: object(expression: "HEAD:OWNERS") { oid }
          }
        }
        """;

    /// <summary>Looks into the repositories that the App is installed on, the first ten.</summary>
    /// <exception cref="ForgeException">They cannot be read.</exception>
    public async Task<ForgeFinding> FindAsync(CancellationToken cancellationToken)
    {
        if (words.Bare.Count == 0)
        {
            return new ForgeFinding("bots", null, "only commands with the bot's own word count, so no other bot can mean them");
        }

        int looked = 0;
        List<string> found = [];
        await foreach (WatchedRepository repository in watch.ListAsync(cancellationToken))
        {
            if (looked++ == MostRepositories)
            {
                break;
            }

            found.AddRange((await ReadAsync(repository.Repository, cancellationToken)).Select(b => $"{b} in {repository.Repository}"));
        }

        string more = found.Count > MostNamed ? $" and {found.Count - MostNamed} more" : "";
        return new ForgeFinding(
            "bots",
            found.Count == 0 ? null : $"AW3083 others answer to the same words: {string.Join("; ", found.Take(MostNamed))}{more}; set Commands__Prefix=aw, and only /aw ... counts here.",
            $"no other answers to the same words in {Math.Min(looked, MostRepositories)} repositories");
    }

    private async Task<List<string>> ReadAsync(RepoRef repository, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        GraphQlQuery query = new(Query, new GraphQlVariables { Owner = repository.Owner, Name = repository.Name });
        BotsRepository? read = (await graphQl.SendAsync(access, query, GraphQlJson.Default.BotsData, isChange: false, $"look for other bots in {repository}", cancellationToken)).Repository;
        List<string> found = [];
        foreach (EntryNode file in read?.Workflows?.Entries ?? [])
        {
            string[] same = [.. Same(file.Object?.Text ?? "")];
            if (same.Length > 0)
            {
                found.Add($".github/workflows/{file.Name} ({string.Join(", ", same)})");
            }
        }

        if (read?.Owners is not null && words.Bare.Contains(Approve))
        {
            found.Add($"Prow, by the file OWNERS (/{Approve})");
        }

        return found;
    }

    // Read as text: whatever listens to comments and names a word of ours is meant for the same comments.
    private IEnumerable<string> Same(string workflow) =>
        !workflow.Contains("issue_comment", StringComparison.Ordinal) ? []
        : Word().Matches(workflow).Select(m => m.Groups["word"].Value).Where(words.Bare.Contains).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(w => $"/{w}");

    [GeneratedRegex(@"(?<![\w/.:-])/(?<word>[a-z]+)(?![\w/.-])", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Word();
}
