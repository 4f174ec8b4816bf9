using System.Net;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>
/// The rules of rulesets that hold for a branch: GitHub says which, also of a branch that is not there yet. Their names, and whether we
/// may pass them, are asked for only where one of them has to do with us. The older branch protection can only be read by administrators, which
/// the App never is: what that forbids GitHub says when we write.
/// </summary>
internal sealed class RuleReader(GitHubHttp http)
{
    private const long BytesOfOne = 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Reads them.</summary>
    public async Task<BranchRules> ReadAsync(GitHubAccess access, RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken)
    {
        List<RuleAnswer> rules = await AskAsync(access, $"repos/{repository}/rules/branches/{Uri.EscapeDataString(branch.Value)}?per_page=100", repository, GitHubJson.Default.ListRuleAnswer, cancellationToken);
        List<(RuleAnswer Rule, string? Forbids)> ours = [.. rules.Select(r => (r, Forbids(r, branch, isThere))).Where(r => r.Item2 is not null || AboutFiles(r.r, "") is not null)];
        if (ours.Count == 0)
        {
            return BranchRules.None;
        }

        Dictionary<long, RulesetAnswer> sets = (await AskAsync(access, $"repos/{repository}/rulesets?includes_parents=true&per_page=100", repository, GitHubJson.Default.ListRulesetAnswer, cancellationToken))
            .DistinctBy(s => s.Id).ToDictionary(s => s.Id);
        ours.RemoveAll(r => SetOf(r.Rule)?.CurrentUserCanBypass is "always" or "exempt");
        (RuleAnswer Rule, string? Forbids) first = ours.Find(r => r.Forbids is not null);
        return new BranchRules(
            first.Forbids is null ? null : $"the repository's rule '{NameOf(first.Rule)}' {first.Forbids}",
            [.. ours.Select(r => AboutFiles(r.Rule, NameOf(r.Rule))).OfType<FileRule>()]);

        RulesetAnswer? SetOf(RuleAnswer rule) => sets.GetValueOrDefault(rule.RulesetId ?? 0);

        string NameOf(RuleAnswer rule) => SetOf(rule)?.Name ?? rule.Type;
    }

    // A server without rulesets, or one that does not show them to us: then it says no when we write.
    private async Task<List<T>> AskAsync<T>(GitHubAccess access, string path, RepoRef repository, System.Text.Json.Serialization.Metadata.JsonTypeInfo<List<T>> type, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get(path, $"read the rules of {repository}") with { Accepted = [HttpStatusCode.NotFound, HttpStatusCode.Forbidden] };
        GitHubAnswer answer = await http.SendAsync(access, request, cancellationToken);
        return answer.Status is HttpStatusCode.OK ? answer.Read(type) : [];
    }

    // Our commit is one plain commit that GitHub signs, so neither a straight history nor signatures forbid it.
    private static string? Forbids(RuleAnswer rule, BranchName branch, bool isThere) => rule.Type switch
    {
        "creation" when !isThere => $"lets nobody create the branch '{branch}'",
        "update" => $"lets nobody push to the branch '{branch}'",
        "pull_request" => $"wants a pull request for every change of the branch '{branch}'",
        "merge_queue" => $"takes changes of the branch '{branch}' from its merge queue alone",
        "required_status_checks" or "required_deployments" or "workflows" or "code_scanning" => $"takes nothing on the branch '{branch}' before checks have passed",
        "branch_name_pattern" when !isThere && rule.Parameters is { } pattern && Fits(pattern, branch.Value) is false =>
            $"lets no branch be called '{branch}'",
        _ => null,
    };

    // Null where we cannot tell.
    private static bool? Fits(RuleParameters rule, string text)
    {
        bool? matches = rule switch
        {
            { Pattern: null } => null,
            { Operator: "starts_with" } => text.StartsWith(rule.Pattern, StringComparison.Ordinal),
            { Operator: "ends_with" } => text.EndsWith(rule.Pattern, StringComparison.Ordinal),
            { Operator: "contains" } => text.Contains(rule.Pattern, StringComparison.Ordinal),
            { Operator: "regex" } => Matches(rule.Pattern, text),
            _ => null,
        };
        return matches is null ? null : matches != rule.Negate;
    }

    private static bool? Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, s_patience);
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            return null; // GitHub's expressions are not quite ours.
        }
    }

    private static FileRule? AboutFiles(RuleAnswer rule, string name) => (rule.Type, rule.Parameters) switch
    {
        ("file_path_restriction", { RestrictedFilePaths: { } paths }) => new FileRule(name, FileRuleKind.Paths, paths),
        ("file_extension_restriction", { RestrictedFileExtensions: { } endings }) => new FileRule(name, FileRuleKind.Endings, [.. endings.Select(e => "." + e.TrimStart('*', '.'))]),
        ("max_file_path_length", { MaxFilePathLength: { } length }) => new FileRule(name, FileRuleKind.PathLength, [], length),
        ("max_file_size", { MaxFileSize: { } size }) => new FileRule(name, FileRuleKind.FileSize, [], size * BytesOfOne),
        _ => null,
    };
}
