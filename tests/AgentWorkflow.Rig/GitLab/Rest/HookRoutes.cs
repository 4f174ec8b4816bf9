using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Webhooks of projects: made, looked at, tested, and what they sent.</summary>
internal static class HookRoutes
{
    private const string Base = "/projects/{id}/hooks";
    private static readonly string[] Events = ["push_events", "tag_push_events", "merge_requests_events", "issues_events", "confidential_issues_events", "note_events", "confidential_note_events", "pipeline_events", "job_events", "wiki_page_events", "deployment_events", "feature_flag_events", "releases_events", "milestone_events", "emoji_events", "resource_access_token_events", "vulnerability_events"];

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add($"GET {Base}", Need.ReadAsMaintainer, c => c.Page(c.Project.Hooks, h => Shape(c, h)));
        add($"POST {Base}", Need.Maintain, Create);
        add($"GET {Base}/{{hook_id}}", Need.ReadAsMaintainer, c => With(c, h => Answer.Ok(Shape(c, h))));
        add($"PUT {Base}/{{hook_id}}", Need.Maintain, c => With(c, h => Change(c, h) ?? Answer.Ok(Shape(c, h))));
        add($"DELETE {Base}/{{hook_id}}", Need.Maintain, c => With(c, h => Delete(c, h)));
        add($"GET {Base}/{{hook_id}}/events", Need.ReadAsMaintainer, c => With(c, h => Sent(c, h)));
        add($"POST {Base}/{{hook_id}}/test/{{trigger}}", Need.Maintain, c => With(c, h => Test(c, h)));
        add($"POST {Base}/{{hook_id}}/events/{{hook_log_id}}/resend", Need.Maintain, c => With(c, h => Resend(c, h)));
    }

    private static Answer With(RestCall call, Func<Hook, Answer> serve) => call.Project.Hooks.Find(h => h.Id == call.Number("hook_id")) is { } hook ? serve(hook) : Refusal.NotFound("");

    private static JsonObject Shape(RestCall call, Hook hook)
    {
        DateTimeOffset now = call.World.Time.GetUtcNow();
        JsonObject shape = new()
        {
            ["id"] = hook.Id,
            ["url"] = hook.Url,
            ["name"] = hook.Name,
            ["description"] = hook.Description,
            ["created_at"] = Shapes.Stamp(hook.CreatedAt),
            ["enable_ssl_verification"] = true,
            ["repository_update_events"] = false,
            ["alert_status"] = hook.Status(now),
            ["disabled_until"] = Shapes.Stamp(hook.DisabledUntil),
            ["url_variables"] = new JsonArray(),
            ["push_events_branch_filter"] = null,
            ["branch_filter_strategy"] = "wildcard",
            ["custom_webhook_template"] = null,
            ["custom_headers"] = new JsonArray(),
            ["token_present"] = hook.Token is not null,
            ["signing_token_present"] = hook.SigningToken is not null,
            ["project_id"] = call.Project.Id,
        };
        foreach (string name in Events)
        {
            shape[name] = hook.Events.Contains(name);
        }

        return shape;
    }

    private static Answer Create(RestCall call)
    {
        Hook hook = new() { Id = call.World.Next("hook", 90), Uuid = GitLabWorld.NewUuid(), Url = "", CreatedAt = call.World.Now };
        hook.Events.Add("push_events");
        if (Change(call, hook) is { } wrong)
        {
            return wrong;
        }

        call.Project.Hooks.Add(hook);
        return Answer.Created(Shape(call, hook));
    }

    private static Answer? Change(RestCall call, Hook hook)
    {
        if (call.Text("url") is { } url && (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")))
        {
            return Refusal.Error(422, "Invalid url given");
        }

        if (call.Text("signing_token") is { Length: > 0 } signing && !(signing.StartsWith("whsec_", StringComparison.Ordinal) && Convert.TryFromBase64String(signing["whsec_".Length..], new byte[64], out int size) && size == 32))
        {
            return Refusal.Error(422, "Invalid signing token given");
        }

        hook.Url = call.Text("url") ?? hook.Url;
        hook.Name = call.Text("name") ?? hook.Name;
        hook.Description = call.Text("description") ?? hook.Description;
        hook.Token = call.Text("token") is { } token ? (token.Length == 0 ? null : token) : hook.Token;
        hook.SigningToken = call.Text("signing_token") is { } key ? (key.Length == 0 ? null : key) : hook.SigningToken;
        foreach (string name in Events.Where(call.Body.ContainsKey))
        {
            _ = call.Flag(name) ? hook.Events.Add(name) : hook.Events.Remove(name);
        }

        call.World.Effect("hook", call.Project, hook.Url, string.Join(' ', hook.Events.Order(StringComparer.Ordinal)), call.Actor);
        return null;
    }

    private static Answer Delete(RestCall call, Hook hook)
    {
        call.Project.Hooks.Remove(hook);
        call.World.Effect("hook-delete", call.Project, hook.Url, "", call.Actor);
        return Answer.NoContent;
    }

    private static Answer Sent(RestCall call, Hook hook)
    {
        DateTimeOffset oldest = call.World.Time.GetUtcNow().AddDays(-2);
        string[] wanted = call.Asked("status")?.Split(',') ?? [];
        IEnumerable<HookEvent> events = hook.History.Where(e => e.At >= oldest && (wanted.Length == 0 || wanted.Any(w => Matches(w, e.StatusCode)))).Reverse();
        return call.Page(events, Event, most: 20);
    }

    private static bool Matches(string wanted, int status) => wanted switch
    {
        "successful" => status is >= 200 and < 300,
        "client_failure" => status is >= 400 and < 500,
        "server_failure" => status >= 500,
        _ => wanted == status.ToString(CultureInfo.InvariantCulture),
    };

    private static JsonObject Event(HookEvent sent) => new()
    {
        ["id"] = sent.Id,
        ["url"] = sent.Hook.Url,
        ["trigger"] = sent.Trigger,
        ["request_headers"] = new JsonObject(sent.Headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)(h.Key == "X-Gitlab-Token" ? "[REDACTED]" : h.Value)))),
        ["request_data"] = JsonNode.Parse(sent.Body),
        ["response_headers"] = new JsonObject(),
        ["response_body"] = sent.Answer,
        ["execution_duration"] = sent.Seconds,
        ["response_status"] = sent.StatusCode is 0 or 502 or 504 ? "internal error" : $"{sent.StatusCode}",
    };

    private static Answer Test(RestCall call, Hook hook)
    {
        if (call.World.Payloads?.Test(call.Project, hook, call["trigger"], call.Actor) != true)
        {
            return Refusal.Error(422, $"Ensure the project has {call["trigger"]}.");
        }

        return new Answer(201, new JsonObject { ["message"] = "201 Created" });
    }

    private static Answer Resend(RestCall call, Hook hook)
    {
        if (hook.History.Find(e => e.Id == call.Number("hook_log_id")) is not { } sent)
        {
            return Refusal.NotFound("");
        }

        call.World.Payloads?.Resend(sent);
        return new Answer(201, new JsonObject { ["response_status"] = 200 });
    }
}
