namespace AgentWorkflow.Rig.GitLab;

/// <summary>The operations by which each effect is done, for faults that name the effect: the same names as on GitHub.</summary>
internal static class Effects
{
    private const string Project = "/api/v4/projects/{id}";

    public static readonly Dictionary<string, string[]> Operations = new(StringComparer.Ordinal)
    {
        ["branch"] = [$"POST {Project}/repository/branches"],
        ["commit"] = [$"POST {Project}/repository/commits"],
        ["pull_request"] = [$"POST {Project}/merge_requests"],
        ["comment"] = [$"POST {Project}/issues/{{issue_iid}}/notes", $"POST {Project}/merge_requests/{{merge_request_iid}}/notes"],
        ["comment-edit"] = [$"PUT {Project}/issues/{{issue_iid}}/notes/{{note_id}}", $"PUT {Project}/merge_requests/{{merge_request_iid}}/notes/{{note_id}}"],
        ["reaction"] =
        [
            $"POST {Project}/issues/{{issue_iid}}/award_emoji", $"POST {Project}/merge_requests/{{merge_request_iid}}/award_emoji",
            $"POST {Project}/issues/{{issue_iid}}/notes/{{note_id}}/award_emoji", $"POST {Project}/merge_requests/{{merge_request_iid}}/notes/{{note_id}}/award_emoji",
        ],
        ["check"] = [$"POST {Project}/statuses/{{sha}}"],
        ["label"] = [$"PUT {Project}/issues/{{issue_iid}}", $"PUT {Project}/merge_requests/{{merge_request_iid}}"],
        ["repository"] = ["POST /api/v4/projects"],
        ["push"] = ["git:receive-pack"],
        ["protection"] = [$"POST {Project}/protected_branches"],
        ["milestone"] = [$"POST {Project}/milestones"],
        ["issue"] = [$"POST {Project}/issues"],
        ["finish"] = [$"PUT {Project}"],
        ["assignee"] = [$"PUT {Project}/issues/{{issue_iid}}", $"PUT {Project}/merge_requests/{{merge_request_iid}}"],
    };
}
