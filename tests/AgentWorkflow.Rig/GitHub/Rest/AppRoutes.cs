using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>The app, its installations, tokens and webhook deliveries.</summary>
internal static class AppRoutes
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    public static void Add(RouteTable routes)
    {
        routes.Add("GET /app", "app", c => Answer.Ok(c.Shapes.App(c.Caller.App ?? c.World.App)));
        routes.Add("GET /apps/{app_slug}", "anyone", c => c["app_slug"] == c.World.App.Slug ? Answer.Ok(c.Shapes.App(c.World.App)) : Refusal.NotFound);
        routes.Add("GET /app/installations", "app", c => c.Page(Installed(c), c.Shapes.Installation));
        routes.Add("GET /app/installations/{installation_id}", "app", c => Find(c) is { } i ? Answer.Ok(c.Shapes.Installation(i)) : Refusal.NotFound);
        routes.Add("GET /repos/{owner}/{repo}/installation", "app", c => Of(c, Installed(c).FirstOrDefault(i => i.Covers(c.Repository))));
        routes.Add("GET /orgs/{org}/installation", "app", c => Of(c, Installed(c).FirstOrDefault(i => i.Account.Type == "Organization" && i.Account.Login.Equals(c["org"], StringComparison.OrdinalIgnoreCase))));
        routes.Add("GET /users/{username}/installation", "app", c => Of(c, Installed(c).FirstOrDefault(i => i.Account.Login.Equals(c["username"], StringComparison.OrdinalIgnoreCase))));
        routes.Add("POST /app/installations/{installation_id}/access_tokens", "app", CreateToken);
        routes.Add("DELETE /installation/token", "installation", c => { c.Caller.Token!.Revoked = true; return Answer.NoContent; });
        routes.Add("GET /installation/repositories", "installation", c => c.Page(c.World.Repositories.Where(r => !r.Deleted && c.Caller.Token!.Covers(r)), c.Shapes.Repository,
            list => new JsonObject { ["total_count"] = c.World.Repositories.Count(r => !r.Deleted && c.Caller.Token!.Covers(r)), ["repositories"] = list, ["repository_selection"] = "all" }));
        routes.Add("GET /app/hook/config", "app", c => Answer.Ok(new JsonObject { ["content_type"] = "json", ["insecure_ssl"] = "0", ["secret"] = "********", ["url"] = c.World.HookUrl ?? "" }));
        routes.Add("GET /app/hook/deliveries", "app", Deliveries);
        routes.Add("GET /app/hook/deliveries/{delivery_id}", "app", c => Delivery(c) is { } d ? Answer.Ok(Whole(d, c)) : Refusal.NotFound);
        routes.Add("POST /app/hook/deliveries/{delivery_id}/attempts", "app", Attempt);
        routes.Add("GET /rate_limit", "anyone", _ => Answer.Ok(new JsonObject { ["resources"] = new JsonObject { ["core"] = Limit(), ["search"] = Limit(), ["graphql"] = Limit() }, ["rate"] = Limit() }));
        routes.Add("GET /meta", "anyone", _ => Answer.Ok(new JsonObject { ["verifiable_password_authentication"] = false, ["installed_version"] = "3.20.0" }));
        routes.Add("GET /users/{username}", "anyone", c => c.World.Accounts.TryGetValue(c["username"], out Account? a) ? Answer.Ok(WithDates(c.Shapes.User(a))) : Refusal.NotFound);
    }

    private static JsonObject Limit() => new() { ["limit"] = 5000, ["remaining"] = 5000, ["reset"] = 2_000_000_000, ["used"] = 0 };

    private static JsonObject WithDates(JsonObject user)
    {
        user["created_at"] = "2026-01-01T00:00:00Z";
        user["updated_at"] = "2026-01-01T00:00:00Z";
        return user;
    }

    private static IEnumerable<Installation> Installed(RestCall call) => call.World.Installations.Where(i => i.App == call.Caller.App && !i.Deleted);

    private static Installation? Find(RestCall call) => Installed(call).FirstOrDefault(i => i.Id == call.Number("installation_id"));

    private static Answer Of(RestCall call, Installation? installation) => installation is null ? Refusal.NotFound : Answer.Ok(call.Shapes.Installation(installation));

    private static Answer CreateToken(RestCall call)
    {
        if (Find(call) is not { } installation)
        {
            return Refusal.NotFound;
        }

        if (installation.SuspendedAt is not null)
        {
            return Refusal.Error(403, "This installation has been suspended");
        }

        Dictionary<string, string> permissions = new(installation.Permissions, StringComparer.Ordinal);
        if (call.Body["permissions"] is JsonObject asked)
        {
            permissions = asked.ToDictionary(p => p.Key, p => p.Value!.GetValue<string>(), StringComparer.Ordinal);
            if (permissions.Any(p => !installation.Permissions.TryGetValue(p.Key, out string? granted) || (p.Value == "write" && granted == "read")))
            {
                return Refusal.Error(422, "The permissions requested are not granted to this installation.");
            }

            permissions.TryAdd("metadata", "read");
        }

        HashSet<long>? repositories = null;
        IReadOnlyList<string> names = call.Texts("repositories");
        List<long> ids = [.. (call.Body["repository_ids"] as JsonArray ?? []).Select(i => i!.GetValue<long>())];
        if (names.Count + ids.Count > 0)
        {
            List<ForgeRepository> covered = [.. call.World.Repositories.Where(r => !r.Deleted && installation.Covers(r) && (names.Contains(r.Name, StringComparer.OrdinalIgnoreCase) || ids.Contains(r.Id)))];
            if (covered.Count < names.Count + ids.Count)
            {
                return Refusal.Error(422, "There is at least one repository that does not exist or is not accessible to the parent installation.");
            }

            repositories = [.. covered.Select(r => r.Id)];
        }

        AccessToken token = call.World.IssueToken(installation, permissions, repositories);
        JsonObject body = new() { ["token"] = token.Value, ["expires_at"] = Shapes.Stamp(token.ExpiresAt), ["permissions"] = Shapes.Permissions(permissions), ["repository_selection"] = repositories is null ? "all" : "selected" };
        if (repositories is not null)
        {
            body["repositories"] = new JsonArray([.. call.World.Repositories.Where(r => repositories.Contains(r.Id)).Select(call.Shapes.Repository)]);
        }

        return Answer.Created(body);
    }

    private static IEnumerable<WebhookDelivery> Recent(RestCall call) =>
        (call.World.Outbox?.Deliveries ?? []).Where(d => call.World.Time.GetUtcNow() - d.At <= Kept).OrderByDescending(d => d.Id);

    private static WebhookDelivery? Delivery(RestCall call) => Recent(call).FirstOrDefault(d => d.Id == call.Number("delivery_id"));

    private static Answer Deliveries(RestCall call)
    {
        int size = Math.Clamp(call.Ask("per_page", 30), 1, 100);
        string cursor = call.Query["cursor"].ToString();
        if (cursor.Length > 0 && (!cursor.StartsWith("v1_", StringComparison.Ordinal) || !long.TryParse(cursor[3..], out _)))
        {
            return Refusal.Error(400, "The cursor is not valid.");
        }

        List<WebhookDelivery> rest = [.. Recent(call).Where(d => cursor.Length == 0 || d.Id < long.Parse(cursor[3..]))];
        Answer answer = Answer.Ok(new JsonArray([.. rest.Take(size).Select(Item)]));
        if (rest.Count > size)
        {
            answer.Headers["Link"] = $"<{call.Shapes.Api}/app/hook/deliveries?per_page={size}&cursor=v1_{rest[size - 1].Id}>; rel=\"next\"";
        }

        return answer;
    }

    private static Answer Attempt(RestCall call)
    {
        if (Delivery(call) is not { } delivery)
        {
            return Refusal.NotFound;
        }

        call.World.Outbox?.Redeliver(delivery);
        return new Answer(202, new JsonObject());
    }

    private static JsonObject Item(WebhookDelivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["guid"] = delivery.Guid,
        ["delivered_at"] = Shapes.Stamp(delivery.At),
        ["redelivery"] = delivery.Redelivery,
        ["duration"] = Math.Round(delivery.Seconds, 2),
        ["status"] = delivery.StatusCode is >= 200 and < 300 ? "OK" : delivery.StatusCode == 0 ? "failed to connect to host" : $"Invalid HTTP Response: {delivery.StatusCode}",
        ["status_code"] = delivery.StatusCode == 0 ? 502 : delivery.StatusCode,
        ["event"] = delivery.Event,
        ["action"] = delivery.Action,
        ["installation_id"] = delivery.InstallationId,
        ["repository_id"] = delivery.RepositoryId,
        ["throttled_at"] = null,
    };

    private static JsonObject Whole(WebhookDelivery delivery, RestCall call)
    {
        JsonObject item = Item(delivery);
        item["url"] = call.World.HookUrl ?? "";
        item["request"] = new JsonObject { ["headers"] = delivery.Headers.DeepClone(), ["payload"] = JsonNode.Parse(delivery.Body) };
        item["response"] = new JsonObject { ["headers"] = new JsonObject(), ["payload"] = delivery.Answer };
        return item;
    }
}
