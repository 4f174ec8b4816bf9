using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Rulesets: told when asked, and held when somebody pushes.</summary>
internal static class RuleRoutes
{
    private const int FirstRuleset = 42;

    public static void Add(RouteTable routes)
    {
        routes.Add("GET /repos/{owner}/{repo}/rules/branches/{branch}", "metadata:read", c => c.Page(c.Repository.Rules.Where(r => r.Covers(c["branch"])), r => Rule(c, r)));
        routes.Add("GET /repos/{owner}/{repo}/rulesets", "metadata:read", c => c.Page(c.Repository.Rules.DistinctBy(r => r.Ruleset), r => Ruleset(c, r)));
    }

    /// <summary>What a rule says against setting a branch to a commit; null where nothing does.</summary>
    public static string? Forbids(ForgeRepository repository, string branch, string? before, string after) =>
        repository.Rules.Where(r => !r.Bypass && r.Covers(branch)).Select(r => Says(repository, r, branch, before, after)).FirstOrDefault(w => w is not null);

    private static string? Says(ForgeRepository repository, BranchRule rule, string branch, string? before, string after) => rule.Type switch
    {
        "creation" when before is null => "Cannot create ref due to creations being restricted.",
        "update" when before is not null => "Cannot update this protected ref.",
        "pull_request" when before is not null => "Changes must be made through a pull request.",
        "merge_queue" when before is not null => "Changes must be made through the merge queue",
        "required_status_checks" when before is not null => "Required status check \"build\" is expected.",
        "required_signatures" when before is not null && after != before && !repository.Signed.Contains(after) => "Commits must have verified signatures.",
        "branch_name_pattern" when before is null && !branch.StartsWith(Text(rule, "pattern"), StringComparison.Ordinal) => $"Branch name must start with a matching pattern: {Text(rule, "pattern")}",
        "file_path_restriction" or "file_extension_restriction" or "max_file_path_length" or "max_file_size" => Files(repository, rule, before, after),
        _ => null,
    };

    private static string? Files(ForgeRepository repository, BranchRule rule, string? before, string after)
    {
        if (repository.Git.Commit(after) is not { } commit)
        {
            return null;
        }

        using TreeChanges changes = repository.Git.Changes(before is null ? commit.Tree : repository.Git.Commit(before)?.Tree, commit.Tree);
        string? path = changes.Where(c => c.Status is not ChangeKind.Deleted).Select(c => c.Path).FirstOrDefault(p => rule.Type switch
        {
            "file_path_restriction" => Texts(rule, "restricted_file_paths").Any(g => g.EndsWith("/**/*", StringComparison.Ordinal) ? p.StartsWith(g[..^4], StringComparison.Ordinal) : p == g),
            "file_extension_restriction" => Texts(rule, "restricted_file_extensions").Any(e => p.EndsWith(e.TrimStart('*'), StringComparison.Ordinal)),
            "max_file_path_length" => p.Length > Number(rule, "max_file_path_length"),
            _ => (commit[p].Target as Blob)?.Size > Number(rule, "max_file_size") * 1024 * 1024,
        });
        return path is null ? null : $"File {path} is restricted";
    }

    private static JsonObject Rule(RestCall call, BranchRule rule)
    {
        JsonObject shape = new() { ["type"] = rule.Type, ["ruleset_source_type"] = "Repository", ["ruleset_source"] = call.Repository.FullName, ["ruleset_id"] = IdOf(call, rule) };
        if (Parameters(rule) is { } parameters)
        {
            shape["parameters"] = parameters.DeepClone();
        }

        return shape;
    }

    private static JsonObject Ruleset(RestCall call, BranchRule rule) => new()
    {
        ["id"] = IdOf(call, rule),
        ["name"] = rule.Ruleset,
        ["target"] = "branch",
        ["source_type"] = "Repository",
        ["source"] = call.Repository.FullName,
        ["enforcement"] = "active",
        ["current_user_can_bypass"] = rule.Bypass ? "always" : "never",
    };

    private static long IdOf(RestCall call, BranchRule rule) => FirstRuleset + call.Repository.Rules.FindIndex(r => r.Ruleset == rule.Ruleset);

    private static JsonObject? Parameters(BranchRule rule) => rule.Parameters ?? rule.Type switch
    {
        "pull_request" => new JsonObject { ["dismiss_stale_reviews_on_push"] = false, ["require_code_owner_review"] = false, ["require_last_push_approval"] = false, ["required_approving_review_count"] = 1, ["required_review_thread_resolution"] = false },
        "required_status_checks" => new JsonObject { ["strict_required_status_checks_policy"] = false, ["required_status_checks"] = new JsonArray(new JsonObject { ["context"] = "build" }) },
        "commit_message_pattern" or "branch_name_pattern" => new JsonObject { ["name"] = rule.Ruleset, ["negate"] = false, ["operator"] = "starts_with", ["pattern"] = "JIRA-" },
        _ => null,
    };

    private static string Text(BranchRule rule, string name) => Parameters(rule)?[name]?.GetValue<string>() ?? "";

    private static long Number(BranchRule rule, string name) => Parameters(rule)?[name]?.GetValue<long>() ?? long.MaxValue;

    private static IEnumerable<string> Texts(BranchRule rule, string name) => (Parameters(rule)?[name] as JsonArray ?? []).Select(v => v?.GetValue<string>() ?? "");
}
