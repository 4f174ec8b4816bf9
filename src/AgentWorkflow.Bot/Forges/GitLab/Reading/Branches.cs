using System.Collections.Concurrent;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Reading;

/// <summary>
/// Branches. What a trigger is decided on is one question: the default branch, and with it the branches of the issue's runs, which
/// are looked for a moment later.
/// </summary>
internal sealed class Branches(GitLabClient client, TimeProvider time)
{
    private const int MostKnown = 1_000;

    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, List<BranchAnswer> Branches)> _seen = new();

    /// <summary>A branch; null where it is not there.</summary>
    public async Task<CommitAnswer?> FindAsync(RepoRef repository, string branch, CancellationToken cancellationToken) =>
        (await client.FindAsync(api => api.GetBranchAsync(repository.ToString(), branch, $"look for '{branch}' of {repository}", cancellationToken)))?.Commit;

    /// <summary>The default branch, asked for together with those of an issue's runs.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="branch">The default branch.</param>
    /// <param name="issue">The issue; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CommitAnswer?> FindHeadAsync(RepoRef repository, string branch, long? issue, CancellationToken cancellationToken)
    {
        if (issue is not { } number)
        {
            return await FindAsync(repository, branch, cancellationToken);
        }

        string prefix = PrefixOf(number);
        List<BranchAnswer> found = await client.FindAsync(api => api.ListBranchesAsync(
            repository.ToString(), $"^({Regex.Escape(branch)}|{Regex.Escape(prefix)}.*)$", GitLabClient.PageSize, $"look for '{branch}' of {repository}", cancellationToken)) ?? [];
        if (found.Count < GitLabClient.PageSize)
        {
            Remember(repository, prefix, found);
        }

        // A version that does not know the question answers with the first of all branches.
        return found.Find(b => b.Name == branch)?.Commit ?? await FindAsync(repository, branch, cancellationToken);
    }

    /// <summary>A branch that runs make: what was seen of it when the trigger was read, once and only for a moment; then it is asked for.</summary>
    public async Task<CommitAnswer?> FindOfRunAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken) =>
        branch.Value.IndexOf('-', StringComparison.Ordinal) is > 0 and var end
            && _seen.TryRemove($"{repository} {branch.Value[..(end + 1)]}", out (DateTimeOffset At, List<BranchAnswer> Branches) seen) && time.GetUtcNow() - seen.At < s_moment
                ? seen.Branches.Find(b => b.Name == branch.Value)?.Commit
                : await FindAsync(repository, branch.Value, cancellationToken);

    private static string PrefixOf(long issue) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"agentworkflow/{issue}-");

    private void Remember(RepoRef repository, string prefix, List<BranchAnswer> found)
    {
        if (_seen.Count >= MostKnown)
        {
            _seen.Clear();
        }

        _seen[$"{repository} {prefix}"] = (time.GetUtcNow(), found);
    }
}
