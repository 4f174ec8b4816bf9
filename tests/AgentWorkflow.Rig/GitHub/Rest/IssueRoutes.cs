using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Issues, labels, assignees.</summary>
internal static class IssueRoutes
{
    private const string Read = "issues:read|pull_requests:read";
    private const string Write = "issues:write|pull_requests:write";

    public static void Add(RouteTable routes)
    {
        routes.Add("GET /repos/{owner}/{repo}/issues", "issues:read", List);
        routes.Add("POST /repos/{owner}/{repo}/issues", "issues:write", Create);
        routes.Add("GET /repos/{owner}/{repo}/issues/{issue_number}", Read, c => With(c, i => Answer.Ok(c.Shapes.Issue(i))));
        routes.Add("PATCH /repos/{owner}/{repo}/issues/{issue_number}", Write, c => With(c, i => Edit(c, i)));
        routes.Add("GET /repos/{owner}/{repo}/issues/{issue_number}/labels", Read, c => With(c, i => c.Page(i.Labels, l => c.Shapes.Label(c.Repository, c.Repository.Labels[l]))));
        routes.Add("POST /repos/{owner}/{repo}/issues/{issue_number}/labels", Write, c => With(c, i => AddLabels(c, i)));
        routes.Add("DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", Write, c => With(c, i => c.World.RemoveLabel(i, c.Actor, c["name"]) ? Labels(c, i) : Refusal.Error(404, "Label does not exist")));
        routes.Add("POST /repos/{owner}/{repo}/issues/{issue_number}/assignees", Write, c => With(c, i => Assign(c, i)));
        routes.Add("GET /repos/{owner}/{repo}/labels", Read, c => c.Page(c.Repository.Labels.Values, l => c.Shapes.Label(c.Repository, l)));
        routes.Add("GET /repos/{owner}/{repo}/labels/{name}", Read, c => c.Repository.Labels.TryGetValue(c["name"], out Label? l) ? Answer.Ok(c.Shapes.Label(c.Repository, l)) : Refusal.NotFound);
        routes.Add("POST /repos/{owner}/{repo}/labels", Write, CreateLabel);
    }

    /// <summary>The issue or pull request of the path, and whether the token may.</summary>
    public static Answer With(RestCall call, Func<Issue, Answer> serve)
    {
        Issue? issue = call.Repository.Find(call.Number("issue_number"));
        if (issue is null)
        {
            return Refusal.NotFound;
        }

        // The permission on pull requests says nothing about plain issues.
        if (issue.Pull is null && call.Caller.Token is { } token && !token.Has("issues", call.Operation.Method == "GET" ? "read" : "write") && (call.Repository.Private || call.Operation.Method != "GET"))
        {
            return Refusal.Error(403, "Resource not accessible by integration");
        }

        return serve(issue);
    }

    private static Answer List(RestCall call)
    {
        IEnumerable<Issue> issues = call.Repository.Issues.Where(i => i.Seen());
        string state = call.Query["state"].ToString() is { Length: > 0 } asked ? asked : "open";
        issues = issues.Where(i => state == "all" || i.State == state);
        if (DateTimeOffset.TryParse(call.Query["since"], out DateTimeOffset since))
        {
            issues = issues.Where(i => i.UpdatedAt >= since);
        }

        if (call.Query["labels"].ToString() is { Length: > 0 } labels)
        {
            issues = issues.Where(i => labels.Split(',').All(l => i.Labels.Contains(l, StringComparer.OrdinalIgnoreCase)));
        }

        bool byUpdate = call.Query["sort"] == "updated";
        bool up = call.Query["direction"] == "asc";
        issues = up ? issues.OrderBy(i => byUpdate ? i.UpdatedAt : i.CreatedAt).ThenBy(i => i.Number) : issues.OrderByDescending(i => byUpdate ? i.UpdatedAt : i.CreatedAt).ThenByDescending(i => i.Number);
        return call.Page(issues, call.Shapes.Issue);
    }

    private static Answer Create(RestCall call)
    {
        Issue issue = call.World.OpenIssue(call.Repository.FullName, call.Actor.Login, call.Body["title"]?.ToString() ?? "", call.Text("body") ?? "", [.. call.Texts("labels")]);
        issue.Milestone = call.Body["milestone"]?.GetValue<int>();
        return Answer.Created(call.Shapes.Issue(issue));
    }

    private static Answer Edit(RestCall call, Issue issue)
    {
        call.World.EditIssue(issue, call.Actor, call.Body["title"]?.ToString(), call.Text("body"), call.Text("state"));
        if (call.Body.ContainsKey("labels"))
        {
            IReadOnlyList<string> wanted = call.Texts("labels");
            foreach (string name in issue.Labels.Where(l => !wanted.Contains(l, StringComparer.OrdinalIgnoreCase)).ToList())
            {
                call.World.RemoveLabel(issue, call.Actor, name);
            }

            call.World.AddLabels(issue, call.Actor, wanted);
        }

        if (call.Body.ContainsKey("assignees"))
        {
            call.World.Assign(issue, call.Actor, Known(call));
        }

        return Answer.Ok(call.Shapes.Issue(issue));
    }

    private static Answer AddLabels(RestCall call, Issue issue)
    {
        if (call.Texts("labels").FirstOrDefault(l => l.Length is 0 or > 50) is { } wrong)
        {
            return Refusal.Invalid("Label", "name", "invalid", $"name '{wrong}' is empty or too long (maximum is 50 characters)");
        }

        call.World.AddLabels(issue, call.Actor, call.Texts("labels"));
        return Labels(call, issue);
    }

    private static Answer Labels(RestCall call, Issue issue) => Answer.Ok(new JsonArray([.. issue.Labels.Select(l => call.Shapes.Label(call.Repository, call.Repository.Labels[l]))]));

    private static Answer CreateLabel(RestCall call)
    {
        string name = call.Text("name") ?? "";
        if (call.Repository.Labels.ContainsKey(name))
        {
            return Refusal.Invalid("Label", "name", "already_exists");
        }

        if (call.Text("color") is { } color && (color.Length != 6 || !color.All(Uri.IsHexDigit)))
        {
            return Refusal.Invalid("Label", "color", "invalid");
        }

        return Answer.Created(call.Shapes.Label(call.Repository, call.World.LabelOf(call.Repository, name, call.Text("color") ?? "ededed", call.Text("description"))));
    }

    // GitHub leaves out silently who cannot be assigned.
    private static IEnumerable<Account> Known(RestCall call) =>
        call.Texts("assignees").Where(call.Repository.People.ContainsKey).Select(call.World.Person);

    private static Answer Assign(RestCall call, Issue issue)
    {
        call.World.Assign(issue, call.Actor, Known(call));
        return Answer.Created(call.Shapes.Issue(issue));
    }
}
