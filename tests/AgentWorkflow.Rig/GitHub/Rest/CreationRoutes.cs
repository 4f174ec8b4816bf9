using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Organisations, new repositories and what they are set up with.</summary>
internal static class CreationRoutes
{
    private const int LongestName = 100;

    public static void Add(RouteTable routes)
    {
        routes.Add("GET /orgs/{org}", "anyone", Organisation);
        routes.Add("GET /orgs/{org}/memberships/{username}", "installation", Membership);
        routes.Add("POST /orgs/{org}/repos", "installation", Create);
        routes.Add("PATCH /repos/{owner}/{repo}", "administration:write", Update);
        routes.Add("DELETE /repos/{owner}/{repo}", "administration:write", Delete);
        routes.Add("PUT /repos/{owner}/{repo}/topics", "administration:write", SetTopics);
        routes.Add("PUT /repos/{owner}/{repo}/branches/{branch}/protection", "administration:write", Protect);
        routes.Add("GET /repos/{owner}/{repo}/milestones", "issues:read|pull_requests:read", c => c.Page(Enumerable.Range(1, c.Repository.Milestones.Count), n => c.Shapes.Milestone(c.Repository, n)));
        routes.Add("POST /repos/{owner}/{repo}/milestones", "issues:write|pull_requests:write", AddMilestone);
        routes.Add("PATCH /repos/{owner}/{repo}/labels/{name}", "issues:write|pull_requests:write", UpdateLabel);
    }

    private static Account? Org(RestCall call) => call.World.Accounts.TryGetValue(call["org"], out Account? account) && account.Type == "Organization" ? account : null;

    // A token of an installation there with a permission, for no repository alone.
    private static bool May(RestCall call, Account org, string name, string access) =>
        call.Caller.Token is { Repositories: null } token && token.Installation.Account == org && token.Has(name, access);

    private static Answer Organisation(RestCall call)
    {
        if (Org(call) is not { } org)
        {
            return Refusal.NotFound;
        }

        JsonObject shape = call.Shapes.User(org);
        shape["created_at"] = "2026-01-01T00:00:00Z";
        shape["updated_at"] = "2026-01-01T00:00:00Z";
        if (May(call, org, "organization_administration", "read"))
        {
            shape["members_can_create_repositories"] = org.MembersCreate is not (false, false);
            shape["members_can_create_private_repositories"] = org.MembersCreate.Private;
            shape["members_can_create_public_repositories"] = org.MembersCreate.Public;
        }

        return Answer.Ok(shape);
    }

    private static Answer Membership(RestCall call)
    {
        if (Org(call) is not { } org || !May(call, org, "members", "read"))
        {
            return Org(call) is null ? Refusal.NotFound : Refusal.Error(403, "Resource not accessible by integration");
        }

        return !org.Members.TryGetValue(call["username"], out string? role) ? Refusal.NotFound : Answer.Ok(new JsonObject
        {
            ["url"] = $"{call.Shapes.Api}/orgs/{org.Login}/memberships/{call["username"]}",
            ["state"] = "active",
            ["role"] = role,
            ["organization_url"] = $"{call.Shapes.Api}/orgs/{org.Login}",
            ["user"] = call.Shapes.User(call.World.Person(call["username"])),
        });
    }

    private static Answer Create(RestCall call)
    {
        if (Org(call) is not { } org)
        {
            return Refusal.NotFound;
        }

        string name = call.Text("name") ?? "";
        bool isPrivate = call.Body["private"]?.GetValue<bool>() ?? false;
        return !May(call, org, "administration", "write") ? Refusal.Error(403, "Resource not accessible by integration")
            : name.Length is 0 or > LongestName || name is "." or ".." || name.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? Refusal.Invalid("Repository", "name", "custom", "name is invalid")
            : call.World.Find($"{org.Login}/{name}") is not null ? Refusal.Invalid("Repository", "name", "custom", "name already exists on this account")
            : org.Quota <= call.World.Repositories.Count(r => r.Owner == org && !r.Deleted) ? Refusal.Error(403, "You have reached the limit of private repositories of your plan.")
            : Answer.Created(call.Shapes.Repository(call.World.AddRepository(org, name, isPrivate, call.Text("description"), call.Actor)));
    }

    private static Answer Update(RestCall call)
    {
        string branch = call.Text("default_branch") ?? call.Repository.DefaultBranch;
        if (call.Repository.Git.Head(branch) is null)
        {
            return Refusal.Error(422, $"The branch {branch} was not found. Please push that ref first or create it via the Git Data API.");
        }

        call.Repository.DefaultBranch = branch;
        call.Repository.Description = call.Text("description") ?? call.Repository.Description;
        call.World.Effect("repository-edit", call.Repository, branch, call.Repository.Description ?? "", call.Actor);
        return Answer.Ok(call.Shapes.Repository(call.Repository));
    }

    private static Answer Delete(RestCall call)
    {
        call.World.Effect("repository-delete", call.Repository, "", "", call.Actor);
        call.World.Delete(call.Repository.FullName);
        return Answer.NoContent;
    }

    private static Answer SetTopics(RestCall call)
    {
        call.Repository.Topics.Clear();
        call.Repository.Topics.AddRange(call.Texts("names"));
        call.World.Effect("topics", call.Repository, "", string.Join(' ', call.Repository.Topics), call.Actor);
        return Answer.Ok(new JsonObject { ["names"] = Shapes.Texts(call.Repository.Topics) });
    }

    private static Answer Protect(RestCall call)
    {
        string branch = call["branch"];
        if (call.Repository.Git.Head(branch) is null)
        {
            return Refusal.Error(404, "Branch not found");
        }

        if (call.Repository is { Private: true, Owner.ProtectsPrivate: false })
        {
            return Refusal.Error(403, "Upgrade to GitHub Pro or make this repository public to enable this feature.");
        }

        int reviews = call.Body["required_pull_request_reviews"]?["required_approving_review_count"]?.GetValue<int>() ?? 0;
        call.Repository.Rules.RemoveAll(r => r.Pattern == branch);
        call.Repository.Rules.Add(new BranchRule("pull_request", branch, "branch protection"));
        call.World.Effect("protection", call.Repository, branch, $"{reviews} reviews", call.Actor);
        return Answer.Ok(new JsonObject { ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/branches/{branch}/protection" });
    }

    private static Answer AddMilestone(RestCall call)
    {
        string title = call.Text("title") ?? "";
        if (call.Repository.Milestones.Contains(title, StringComparer.OrdinalIgnoreCase))
        {
            return Refusal.Invalid("Milestone", "title", "already_exists");
        }

        call.Repository.Milestones.Add(title);
        call.World.Effect("milestone", call.Repository, $"{call.Repository.Milestones.Count}", title, call.Actor);
        return Answer.Created(call.Shapes.Milestone(call.Repository, call.Repository.Milestones.Count));
    }

    private static Answer UpdateLabel(RestCall call)
    {
        if (!call.Repository.Labels.TryGetValue(call["name"], out Label? label))
        {
            return Refusal.NotFound;
        }

        Label changed = label with { Color = call.Text("color") ?? label.Color, Description = call.Text("description") ?? label.Description };
        call.Repository.Labels[call["name"]] = changed;
        return Answer.Ok(call.Shapes.Label(call.Repository, changed));
    }
}
