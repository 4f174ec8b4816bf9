using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Rig.GitHub.Control;

/// <summary>What people and circumstances do, by name, with JSON arguments: for scripts, and for faults that act at a moment.</summary>
internal sealed class ControlVerbs
{
    private readonly GitHubDouble _github;
    private readonly Dictionary<string, Func<GitHubWorld, JsonObject, JsonNode>> _verbs;

    public ControlVerbs(GitHubDouble github)
    {
        _github = github;
        _verbs = new(StringComparer.Ordinal)
        {
            ["repositories"] = CreateRepository,
            ["issues"] = (w, a) => Number(w.OpenIssue(Text(a, "repository"), Text(a, "by"), Text(a, "title"), Text(a, "body", ""), [.. Texts(a, "labels")]).Number),
            ["comments"] = (w, a) => Id(w.Comment(Text(a, "repository"), Long(a, "number"), Text(a, "by"), Text(a, "body")).Id),
            ["edit-comment"] = (w, a) => Done(() => w.EditComment(Comment(w, a), w.Person(Text(a, "by")), Text(a, "body"))),
            ["delete-comment"] = (w, a) => Done(() => w.DeleteComment(Comment(w, a), w.Person(Text(a, "by")))),
            ["review-comments"] = (w, a) => Id(w.AddReviewComment(Issue(w, a), w.Person(Text(a, "by")), Text(a, "path"), (int)Long(a, "line"), Text(a, "body")).Id),
            ["labels"] = (w, a) => Done(() => w.AddLabels(Issue(w, a), w.Person(Text(a, "by")), Texts(a, "labels"))),
            ["unlabel"] = (w, a) => Done(() => w.RemoveLabel(Issue(w, a), w.Person(Text(a, "by")), Text(a, "label"))),
            ["edit-issue"] = (w, a) => Done(() => w.EditIssue(Issue(w, a), w.Person(Text(a, "by")), Maybe(a, "title"), Maybe(a, "body"), Maybe(a, "state"))),
            ["pulls"] = (w, a) => Number(w.OpenPull(w.Repository(Text(a, "repository")), w.Person(Text(a, "by")), Text(a, "title"), Text(a, "body", ""), Text(a, "head"), Text(a, "base", "main")).Number),
            ["merge"] = (w, a) => Done(() => w.Merge(Issue(w, a), w.Person(Text(a, "by")))),
            ["pushes"] = (w, a) => new JsonObject { ["commit"] = w.Push(Text(a, "repository"), Text(a, "by"), Text(a, "branch"), Files(a), Text(a, "message", "Change")) },
            ["delete-branch"] = (w, a) => Done(() => w.DeleteBranch(Text(a, "repository"), Text(a, "branch"), Text(a, "by"))),
            ["rerequest"] = (w, a) => Done(() => w.Rerequest(Text(a, "repository"), Long(a, "check"), Text(a, "by"))),
            ["permissions"] = (w, a) => Done(() => w.Grant(Text(a, "repository"), Text(a, "login"), Text(a, "permission"), Maybe(a, "role"))),
            ["app-permissions"] = AppPermissions,
            ["suspend"] = (w, a) => Done(() => w.Suspend(Text(a, "owner"), a["suspended"]?.GetValue<bool>() ?? true)),
            ["uninstall"] = (w, a) => Done(() => w.Uninstall(Text(a, "owner"))),
            ["install"] = (w, a) => Id(w.Install(Text(a, "owner")).Id),
            ["rename"] = (w, a) => Done(() => w.Rename(Text(a, "login"), Text(a, "to"))),
            ["association"] = (w, a) => Done(() => w.AuthorAssociation = Text(a, "value")),
            ["archive"] = (w, a) => Done(() => w.Archive(Text(a, "repository"))),
            ["delete"] = (w, a) => Done(() => w.Delete(Text(a, "repository"))),
            ["transfer"] = (w, a) => Done(() => w.Transfer(Text(a, "repository"), Text(a, "to"))),
            ["rules"] = (w, a) => Done(() => w.Repository(Text(a, "repository")).Rules.Add(new BranchRule(Text(a, "type"), Text(a, "pattern"), Text(a, "ruleset", "protected")))),
            ["drafts"] = (w, a) => Done(() => w.Repository(Text(a, "repository")).AllowsDrafts = a["allowed"]?.GetValue<bool>() ?? false),
            ["network"] = (_, a) => Done(() => _github.Webhooks.Network = Enum.Parse<Network>(Text(a, "state"), ignoreCase: true)),
            ["webhook"] = (_, a) => Done(() => _github.SendWebhooksTo(Maybe(a, "url"), Maybe(a, "secret"))),
            ["send"] = (_, a) => new JsonObject { ["guid"] = _github.Webhooks.Send(Text(a, "event"), (JsonObject)(a["payload"]?.DeepClone() ?? new JsonObject())).Guid },
            ["limits"] = (_, a) => Done(() => _github.Limits.PerHour = (int)Long(a, "perHour")),
            ["faults"] = AddFault,
            ["clear-faults"] = (_, _) => Done(_github.Faults.Clear),
        };
    }

    /// <summary>The verbs.</summary>
    public IEnumerable<string> Names => _verbs.Keys.Order(StringComparer.Ordinal);

    /// <summary>Does a verb; null where there is none of that name.</summary>
    public JsonNode? Run(string verb, JsonObject arguments) => _verbs.TryGetValue(verb, out Func<GitHubWorld, JsonObject, JsonNode>? what) ? _github.Do(w => what(w, arguments)) : null;

    /// <summary>Reads the journal, the deliveries, the faults or what stands in the repositories.</summary>
    public JsonNode? Read(string what) => what switch
    {
        "journal" => new JsonObject
        {
            ["requests"] = new JsonArray([.. _github.Journal.Requests.Select(r => new JsonObject { ["sequence"] = r.Sequence, ["at"] = r.At, ["method"] = r.Method, ["path"] = r.Path, ["operation"] = r.Operation, ["caller"] = r.Caller, ["body"] = r.Body, ["status"] = r.Status, ["fault"] = r.Fault })]),
            ["effects"] = new JsonArray([.. _github.Journal.Effects.Select(e => new JsonObject { ["sequence"] = e.Sequence, ["at"] = e.At, ["kind"] = e.Kind, ["repository"] = e.Repository, ["subject"] = e.Subject, ["text"] = e.Text, ["actor"] = e.Actor })]),
            ["violations"] = Shapes.Texts(_github.Journal.Violations),
        },
        "effects" => Shapes.Texts(_github.Journal.Lines(_github.BotLogin)),
        "deliveries" => new JsonArray([.. _github.Webhooks.Deliveries.Select(d => new JsonObject { ["id"] = d.Id, ["guid"] = d.Guid, ["event"] = d.Event, ["action"] = d.Action, ["status"] = d.StatusCode, ["redelivery"] = d.Redelivery })]),
        "faults" => Shapes.Texts(_github.Faults.Waiting.Select(f => $"{f.Kind} {f.Operation} x{f.Times}")),
        "state" => Shapes.Texts(_github.Do(WorldView.Lines)),
        "verbs" => Shapes.Texts(Names),
        _ => null,
    };

    private static string Text(JsonObject a, string name, string? otherwise = null) => a[name]?.ToString() ?? otherwise ?? throw new KeyNotFoundException($"'{name}' is missing.");

    private static string? Maybe(JsonObject a, string name) => a[name]?.ToString();

    private static long Long(JsonObject a, string name) => a[name]?.GetValue<long>() ?? throw new KeyNotFoundException($"'{name}' is missing.");

    private static IEnumerable<string> Texts(JsonObject a, string name) => (a[name] as JsonArray ?? []).Select(t => t!.ToString());

    private static Dictionary<string, string?> Files(JsonObject a) => (a["files"] as JsonObject ?? []).ToDictionary(f => f.Key, f => f.Value?.ToString(), StringComparer.Ordinal);

    private static Issue Issue(GitHubWorld world, JsonObject a) => world.Repository(Text(a, "repository")).Find(Long(a, "number")) ?? throw GitHubWorld.Missing(Long(a, "number"));

    private static Comment Comment(GitHubWorld world, JsonObject a) => world.FindComment(world.Repository(Text(a, "repository")), Long(a, "comment")) ?? throw new KeyNotFoundException("There is no such comment.");

    private static JsonObject Number(long number) => new() { ["number"] = number };

    private static JsonObject Id(long id) => new() { ["id"] = id };

    private static JsonObject Done(Action what)
    {
        what();
        return [];
    }

    private static JsonObject CreateRepository(GitHubWorld world, JsonObject a)
    {
        Dictionary<string, string>? files = a["files"] is JsonObject given ? given.ToDictionary(f => f.Key, f => f.Value?.ToString() ?? "", StringComparer.Ordinal) : null;
        ForgeRepository repository = world.CreateRepository(Text(a, "repository"), files, a["private"]?.GetValue<bool>() ?? false);
        return new JsonObject { ["id"] = repository.Id, ["cloneUrl"] = $"/{repository.FullName}.git" };
    }

    private static JsonObject AppPermissions(GitHubWorld world, JsonObject a)
    {
        Installation installation = world.Install(Text(a, "owner"));
        installation.Permissions.Clear();
        foreach ((string name, JsonNode? access) in a["permissions"] as JsonObject ?? [])
        {
            installation.Permissions[name] = access?.ToString() ?? "read";
        }

        return [];
    }

    private JsonObject AddFault(GitHubWorld world, JsonObject a)
    {
        _ = world;
        List<JsonObject> then = [.. (a["then"] as JsonArray ?? []).OfType<JsonObject>().Select(t => (JsonObject)t.DeepClone())];
        _github.Faults.Add(new Fault(Text(a, "operation"), Enum.Parse<FaultKind>(Text(a, "kind"), ignoreCase: true))
        {
            Times = (int)(a["times"]?.GetValue<long>() ?? 1),
            Skip = (int)(a["skip"]?.GetValue<long>() ?? 0),
            Status = (int)(a["status"]?.GetValue<long>() ?? 500),
            Message = Text(a, "message", ""),
            Reads = (int)(a["reads"]?.GetValue<long>() ?? 1),
            Wait = TimeSpan.FromSeconds(a["seconds"]?.GetValue<double>() ?? 1),
            Then = then.Count == 0 ? null : w => then.ForEach(t => _verbs[Text(t, "verb")](w, t)),
        });
        return [];
    }
}
