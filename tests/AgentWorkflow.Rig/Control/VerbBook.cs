using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.Serving;

using static AgentWorkflow.Rig.Control.Arguments;

namespace AgentWorkflow.Rig.Control;

/// <summary>What scripts can do with a double.</summary>
internal interface IVerbs
{
    /// <summary>The verbs.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>Does a verb; null where there is none of that name.</summary>
    JsonNode? Run(string verb, JsonObject arguments);

    /// <summary>Reads something; null where there is none of that name.</summary>
    JsonNode? Read(string what);

    /// <summary>Sends the webhooks that were kept back.</summary>
    Task ReleaseAsync(CancellationToken cancellationToken);
}

/// <summary>
/// What people and circumstances do, by name, with JSON arguments: for scripts, and for faults that act at a moment. Each forge
/// adds its own verbs and readings to those that every double has.
/// </summary>
internal sealed class VerbBook<TWorld> : IVerbs
    where TWorld : IDisposable
{
    private readonly LoopbackForge<TWorld> _forge;
    private readonly Func<CancellationToken, Task> _release;
    private readonly Dictionary<string, Func<TWorld, JsonObject, JsonNode>> _verbs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<JsonNode>> _readings = new(StringComparer.Ordinal);

    public VerbBook(LoopbackForge<TWorld> forge, Func<string> actor, Func<CancellationToken, Task> release)
    {
        _forge = forge;
        _release = release;
        _verbs["limits"] = (_, a) => Done(() => forge.Limits.PerHour = (int)Long(a, "perHour"));
        _verbs["faults"] = (_, a) => AddFault(a);
        _verbs["clear-faults"] = (_, _) => Done(forge.Faults.Clear);
        _readings["journal"] = Journal;
        _readings["effects"] = () => List(forge.Journal.Lines(actor()));
        _readings["faults"] = () => List(forge.Faults.Waiting.Select(f => $"{f.Kind} {f.Operation} x{f.Times}"));
        _readings["verbs"] = () => List(Names);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Names => _verbs.Keys.Order(StringComparer.Ordinal);

    /// <summary>Adds or replaces a verb.</summary>
    public Func<TWorld, JsonObject, JsonNode> this[string verb]
    {
        set => _verbs[verb] = value;
    }

    /// <summary>Adds a reading.</summary>
    public void Reading(string what, Func<JsonNode> read) => _readings[what] = read;

    /// <inheritdoc/>
    public JsonNode? Run(string verb, JsonObject arguments) => _verbs.TryGetValue(verb, out Func<TWorld, JsonObject, JsonNode>? what) ? _forge.Do(w => what(w, arguments)) : null;

    /// <inheritdoc/>
    public JsonNode? Read(string what) => _readings.TryGetValue(what, out Func<JsonNode>? read) ? read() : null;

    /// <inheritdoc/>
    public Task ReleaseAsync(CancellationToken cancellationToken) => _release(cancellationToken);

    private JsonObject Journal() => new()
    {
        ["requests"] = new JsonArray([.. _forge.Journal.Requests.Select(r => new JsonObject { ["sequence"] = r.Sequence, ["at"] = r.At, ["method"] = r.Method, ["path"] = r.Path, ["operation"] = r.Operation, ["caller"] = r.Caller, ["body"] = r.Body, ["status"] = r.Status, ["fault"] = r.Fault })]),
        ["effects"] = new JsonArray([.. _forge.Journal.Effects.Select(e => new JsonObject { ["sequence"] = e.Sequence, ["at"] = e.At, ["kind"] = e.Kind, ["repository"] = e.Repository, ["subject"] = e.Subject, ["text"] = e.Text, ["actor"] = e.Actor })]),
        ["violations"] = List(_forge.Journal.Violations),
    };

    private JsonObject AddFault(JsonObject a)
    {
        List<JsonObject> then = [.. (a["then"] as JsonArray ?? []).OfType<JsonObject>().Select(t => (JsonObject)t.DeepClone())];
        _forge.Faults.Add(new Fault(Text(a, "operation"), Enum.Parse<FaultKind>(Text(a, "kind"), ignoreCase: true))
        {
            Times = (int)(a["times"]?.GetValue<long>() ?? 1),
            Skip = (int)(a["skip"]?.GetValue<long>() ?? 0),
            Status = (int)(a["status"]?.GetValue<long>() ?? 500),
            Message = Text(a, "message", ""),
            Reads = (int)(a["reads"]?.GetValue<long>() ?? 1),
            Wait = TimeSpan.FromSeconds(a["seconds"]?.GetValue<double>() ?? 1),
            Then = then.Count == 0 ? null : w => then.ForEach(t => _verbs[Text(t, "verb")]((TWorld)w, t)),
        });
        return [];
    }
}
