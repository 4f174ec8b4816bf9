using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>The route table of the REST API. Rights, description, documents and the tests of who is refused all follow from it.</summary>
internal static class ApiTable
{
    private const string V1 = "/api/v1";

    private static readonly AccessRule s_look = new(Role.Viewer);
    private static readonly AccessRule s_act = new(Role.Operator);
    private static readonly AccessRule s_manage = new(Role.Admin);

    public static ApiOperation ListWorkflows { get; } = new("listWorkflows", "GET", $"{V1}/workflows", "Workflows", s_look, "The workflows of a repository of the Local forge, or the built-in ones.");

    public static ApiOperation GetWorkflow { get; } = new("getWorkflow", "GET", $"{V1}/workflows/{{name}}", "Workflows", s_look, "One workflow, with its inputs and its text.");

    public static ApiOperation ValidateWorkflow { get; } = new("validateWorkflow", "POST", $"{V1}/workflows/validate", "Workflows", s_look, "Checks the text of a workflow file and names every mistake with its place.");

    public static ApiOperation StartRun { get; } = new("startRun", "POST", $"{V1}/workflows/{{name}}/runs", "Workflows", s_act, "Starts a run on the Local forge: for an idea, an issue or a repository.") { IsRepeatable = true };

    public static ApiOperation ListRuns { get; } = new("listRuns", "GET", $"{V1}/runs", "Runs", s_look, "Runs, newest first.");

    public static ApiOperation GetRun { get; } = new("getRun", "GET", $"{V1}/runs/{{id}}", "Runs", Look(ObjectKind.Run), "One run with its steps, its pull request and how it was verified.");

    public static ApiOperation CancelRun { get; } = new("cancelRun", "POST", $"{V1}/runs/{{id}}/cancel", "Runs", Act(ObjectKind.Run), "Stops a run.") { IsRepeatable = true };

    public static ApiOperation RetryRun { get; } = new("retryRun", "POST", $"{V1}/runs/{{id}}/retry", "Runs", Act(ObjectKind.Run), "Tries a run again from where it failed.") { IsRepeatable = true };

    public static ApiOperation ApproveRun { get; } = new("approveRun", "POST", $"{V1}/runs/{{id}}/approve", "Runs", Act(ObjectKind.Run), "Approves what a run of the Local forge has shown under a hash.") { IsRepeatable = true };

    public static ApiOperation RejectRun { get; } = new("rejectRun", "POST", $"{V1}/runs/{{id}}/reject", "Runs", Act(ObjectKind.Run), "Ends a run of the Local forge that waits for an approval.") { IsRepeatable = true };

    public static ApiOperation FollowRun { get; } = new("followRun", "GET", $"{V1}/runs/{{id}}/events", "Runs", Look(ObjectKind.Run), "What happens in a run, as server-sent events, until it is over.");

    public static ApiOperation GetRunLog { get; } = new("getRunLog", "GET", $"{V1}/runs/{{id}}/log", "Runs", Look(ObjectKind.Run), "What the steps of a run said, as text.");

    public static ApiOperation ListProjects { get; } = new("listProjects", "GET", $"{V1}/projects", "Projects", s_look, "Generated projects, newest first.");

    public static ApiOperation GetProject { get; } = new("getProject", "GET", $"{V1}/projects/{{id}}", "Projects", Look(ObjectKind.Project), "One project.");

    public static ApiOperation ListFiles { get; } = new("listFiles", "GET", $"{V1}/projects/{{id}}/files", "Projects", Look(ObjectKind.Project), "The files of a project, by path.");

    public static ApiOperation GetFile { get; } = new("getFile", "GET", $"{V1}/projects/{{id}}/files/{{**path}}", "Projects", Look(ObjectKind.Project), "The content of a file, as it is.");

    public static ApiOperation ListExports { get; } = new("listExports", "GET", $"{V1}/projects/{{id}}/exports", "Exports", Look(ObjectKind.Project), "The archives of a project, newest first.");

    public static ApiOperation CreateExport { get; } = new("createExport", "POST", $"{V1}/projects/{{id}}/exports", "Exports", Act(ObjectKind.Project), "Writes an archive of a project.") { IsRepeatable = true };

    public static ApiOperation GetExport { get; } = new("getExport", "GET", $"{V1}/projects/{{id}}/exports/{{exportId}}", "Exports", Look(ObjectKind.Project), "One archive's state, size and digest.");

    public static ApiOperation GetExportContent { get; } = new("getExportContent", "GET", $"{V1}/projects/{{id}}/exports/{{exportId}}/content", "Exports", Look(ObjectKind.Project), "The archive itself; ranges are answered.");

    public static ApiOperation ListTokens { get; } = new("listTokens", "GET", $"{V1}/tokens", "Tokens", s_manage, "Tokens, newest first, without their text.");

    public static ApiOperation CreateToken { get; } = new("createToken", "POST", $"{V1}/tokens", "Tokens", s_manage, "Makes a token; its text is in this answer and never shown again.") { IsRepeatable = true, AnswersSecret = true };

    public static ApiOperation GetToken { get; } = new("getToken", "GET", $"{V1}/tokens/{{id}}", "Tokens", new AccessRule(Role.Admin, ObjectKind.Token), "One token, without its text.");

    public static ApiOperation RevokeToken { get; } = new("revokeToken", "DELETE", $"{V1}/tokens/{{id}}", "Tokens", new AccessRule(Role.Admin, ObjectKind.Token), "Ends a token at once.");

    /// <summary>All of them, in the order of the documents.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        ListWorkflows, GetWorkflow, ValidateWorkflow, StartRun,
        ListRuns, GetRun, CancelRun, RetryRun, ApproveRun, RejectRun, FollowRun, GetRunLog,
        ListProjects, GetProject, ListFiles, GetFile,
        ListExports, CreateExport, GetExport, GetExportContent,
        ListTokens, CreateToken, GetToken, RevokeToken,
    ];

    private static AccessRule Look(ObjectKind kind) => new(Role.Viewer, kind);

    private static AccessRule Act(ObjectKind kind) => new(Role.Operator, kind);
}
