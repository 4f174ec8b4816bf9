namespace AgentWorkflow.Rig.GitHub;

/// <summary>The operations by which each effect is done, for faults that name the effect.</summary>
internal static class Effects
{
    public static readonly Dictionary<string, string[]> Operations = new(StringComparer.Ordinal)
    {
        ["branch"] = ["POST /repos/{owner}/{repo}/git/refs"],
        ["commit"] = ["graphql:createCommitOnBranch", "PATCH /repos/{owner}/{repo}/git/refs/{ref}"],
        ["pull_request"] = ["POST /repos/{owner}/{repo}/pulls"],
        ["comment"] = ["POST /repos/{owner}/{repo}/issues/{issue_number}/comments"],
        ["comment-edit"] = ["PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}"],
        ["reaction"] = ["POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", "POST /repos/{owner}/{repo}/issues/{issue_number}/reactions", "POST /repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions"],
        ["check"] = ["POST /repos/{owner}/{repo}/check-runs", "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}"],
        ["label"] = ["POST /repos/{owner}/{repo}/issues/{issue_number}/labels"],
        ["repository"] = ["POST /orgs/{org}/repos"],
        ["push"] = ["git:receive-pack"],
        ["protection"] = ["PUT /repos/{owner}/{repo}/branches/{branch}/protection"],
        ["milestone"] = ["POST /repos/{owner}/{repo}/milestones"],
        ["issue"] = ["POST /repos/{owner}/{repo}/issues"],
        ["finish"] = ["PATCH /repos/{owner}/{repo}"],
        ["assignee"] = ["POST /repos/{owner}/{repo}/issues/{issue_number}/assignees"],
    };
}
