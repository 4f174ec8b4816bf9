using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Check runs and commit statuses.</summary>
internal static class CheckRoutes
{
    public static void Add(RouteTable routes)
    {
        routes.Add("POST /repos/{owner}/{repo}/check-runs", "checks:write", Create);
        routes.Add("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:read", c => With(c, x => Answer.Ok(c.Shapes.Check(c.Repository, x, c.World))));
        routes.Add("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:write", c => With(c, x => Change(c, x, made: false) ?? Answer.Ok(c.Shapes.Check(c.Repository, x, c.World))));
        routes.Add("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", "checks:read", c => With(c, x => c.Page(x.Annotations, a => a.DeepClone())));
        routes.Add("GET /repos/{owner}/{repo}/commits/{ref}/check-runs", "checks:read", List);
        routes.Add("POST /repos/{owner}/{repo}/statuses/{sha}", "statuses:write", CreateStatus);
        routes.Add("GET /repos/{owner}/{repo}/commits/{ref}/statuses", "statuses:read", c => c.Page(Statuses(c), s => Status(c, s)));
        routes.Add("GET /repos/{owner}/{repo}/commits/{ref}/status", "statuses:read", Combined);
    }

    private static Answer With(RestCall call, Func<CheckRun, Answer> serve) => call.Repository.Checks.Find(c => c.Id == call.Number("check_run_id")) is { } check ? serve(check) : Refusal.NotFound;

    private static Answer Create(RestCall call)
    {
        string sha = call.Text("head_sha") ?? "";
        if (call.Repository.Git.Commit(sha) is null)
        {
            return Refusal.Error(422, $"No commit found for SHA: {sha}");
        }

        CheckRun check = call.World.AddCheck(call.Repository, call.Text("name") ?? "", sha, call.Actor);
        if (Change(call, check, made: true) is { } wrong)
        {
            call.Repository.Checks.Remove(check);
            return wrong;
        }

        return Answer.Created(call.Shapes.Check(call.Repository, check, call.World));
    }

    private static Answer? Change(RestCall call, CheckRun check, bool made)
    {
        JsonObject? output = call.Body["output"] as JsonObject;
        string? conclusion = call.Text("conclusion");
        if (call.Text("status") == "completed" && conclusion is null)
        {
            return Refusal.Invalid("CheckRun", "conclusion", "missing_field");
        }

        if (output is not null && (output["title"] is null || output["summary"] is null))
        {
            return Refusal.Invalid("CheckRun", "output", "missing_field", "output needs a title and a summary");
        }

        check.Name = call.Text("name") ?? check.Name;
        check.ExternalId = call.Text("external_id") ?? check.ExternalId;
        check.DetailsUrl = call.Text("details_url") ?? check.DetailsUrl;
        check.StartedAt = call.Text("started_at") ?? check.StartedAt;
        check.Status = conclusion is null ? call.Text("status") ?? check.Status : "completed";
        check.Conclusion = conclusion ?? (check.Status == "completed" ? check.Conclusion : null);
        check.CompletedAt = check.Status == "completed" ? call.Text("completed_at") ?? check.CompletedAt ?? Shapes.Stamp(call.World.Now) : null;
        check.Title = output?["title"]?.GetValue<string>() ?? check.Title;
        check.Summary = output?["summary"]?.GetValue<string>() ?? check.Summary;
        check.Text = output?["text"]?.GetValue<string>() ?? check.Text;
        foreach (JsonObject annotation in (output?["annotations"] as JsonArray ?? []).OfType<JsonObject>())
        {
            JsonObject kept = (JsonObject)annotation.DeepClone();
            kept["blob_href"] = $"{call.Shapes.Web}/{call.Repository.FullName}/blob/{check.HeadSha}/{annotation["path"]}";
            check.Annotations.Add(kept);
        }

        call.World.CheckChanged(call.Repository, check, made, call.Actor);
        return null;
    }

    private static Answer List(RestCall call)
    {
        string? sha = RepositoryRoutes.CommitOf(call.Repository, call["ref"])?.Sha;
        List<CheckRun> checks = [.. call.Repository.Checks.Where(c => c.HeadSha == sha && c.Seen() && (call.Query["check_name"].ToString() is not { Length: > 0 } name || c.Name == name) && (call.Query["status"].ToString() is not { Length: > 0 } status || c.Status == status))];
        if (call.Query["filter"] != "all")
        {
            checks = [.. checks.GroupBy(c => c.Name, StringComparer.Ordinal).Select(g => g.Last())];
        }

        return call.Page(checks.OrderByDescending(c => c.Id), c => call.Shapes.Check(call.Repository, c, call.World), list => new JsonObject { ["total_count"] = checks.Count, ["check_runs"] = list });
    }

    private static Answer CreateStatus(RestCall call)
    {
        if (call.Repository.Git.Commit(call["sha"]) is null)
        {
            return Refusal.Error(422, $"No commit found for SHA: {call["sha"]}");
        }

        CommitStatus status = new(call.World.Next("status", 50_000), call["sha"], call.Text("state") ?? "", call.Text("context") ?? "default", call.Text("description"), call.Text("target_url"), call.Actor, call.World.Now);
        call.Repository.Statuses.Add(status);
        call.World.Effect("status", call.Repository, status.Context, $"{status.State} {status.Description}", call.Actor);
        return Answer.Created(Status(call, status));
    }

    private static IEnumerable<CommitStatus> Statuses(RestCall call)
    {
        string? sha = RepositoryRoutes.CommitOf(call.Repository, call["ref"])?.Sha;
        return call.Repository.Statuses.Where(s => s.Sha == sha).Reverse();
    }

    private static JsonObject Status(RestCall call, CommitStatus status) => new()
    {
        ["id"] = status.Id,
        ["node_id"] = Shapes.NodeId("SC", status.Id),
        ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/statuses/{status.Sha}",
        ["state"] = status.State,
        ["context"] = status.Context,
        ["description"] = status.Description,
        ["target_url"] = status.TargetUrl,
        ["creator"] = call.Shapes.User(status.Creator),
        ["created_at"] = Shapes.Stamp(status.At),
        ["updated_at"] = Shapes.Stamp(status.At),
        ["avatar_url"] = null,
    };

    private static Answer Combined(RestCall call)
    {
        List<CommitStatus> latest = [.. Statuses(call).GroupBy(s => s.Context, StringComparer.Ordinal).Select(g => g.First())];
        string state = latest.Exists(s => s.State is "failure" or "error") ? "failure" : latest.Count == 0 || latest.Exists(s => s.State == "pending") ? "pending" : "success";
        string sha = RepositoryRoutes.CommitOf(call.Repository, call["ref"])?.Sha ?? "";
        return Answer.Ok(new JsonObject { ["state"] = state, ["statuses"] = new JsonArray([.. latest.Select(s => Status(call, s))]), ["sha"] = sha, ["total_count"] = latest.Count, ["repository"] = call.Shapes.Repository(call.Repository), ["commit_url"] = call.Shapes.Api, ["url"] = call.Shapes.Api });
    }
}
