using System.Globalization;
using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>Bodies of requests as expressions of the generated tests.</summary>
internal sealed class BodyModel(ApiPlan plan)
{
    /// <summary>A body of a resource: what differs from the nearest sample, or all of it where that is shorter.</summary>
    /// <param name="resource">The resource that the body is for.</param>
    /// <param name="body">The members.</param>
    /// <param name="name">The resource's name as an expression.</param>
    public string Expression(Resource resource, IReadOnlyList<BodyField> body, string name)
    {
        var nearest = Enumerable.Range(0, ApiPlan.Samples)
            .Select(sample => (Sample: sample, Changes: Changes(resource.Body(sample), body)))
            .MinBy(candidate => candidate.Changes.Count);
        var (sample, changes) = nearest;
        var call = $"await service.sample({name}, {Number(sample)})";
        if (changes.Count == 0)
        {
            return call;
        }

        return changes.Count * 2 > body.Count + 1
            ? JavaScriptLiteral.Object(body.Select(member => (member.JsonName, Value(member.Value))))
            : $"{{ ...({call}), {JavaScriptLiteral.Object(changes)[2..]}";
    }

    /// <summary>The members of a sample body: name as a key, value as an expression that may call <c>id</c>.</summary>
    public static IEnumerable<(string Key, string Value)> Members(ApiPlan plan, IReadOnlyList<BodyField> body) =>
        body.Select(member => (JavaScriptName.Key(member.JsonName), Value(plan, member.Value, "id")));

    /// <summary>A value in a test.</summary>
    public string Value(SampleValue value) => Value(plan, value, "service.id");

    private static string Value(ApiPlan plan, SampleValue value, string id) => value switch
    {
        SampleValue.Literal literal => JavaScriptLiteral.Json(literal.Json),
        SampleValue.Reference reference => Id(plan, id, reference.Resource, reference.Sample),
        SampleValue.ReferenceList list => JavaScriptLiteral.List(list.Samples.Select(sample => Id(plan, id, list.Resource, sample))),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "A new kind of sample value."),
    };

    private static string Id(ApiPlan plan, string id, int resource, int sample) =>
        $"await {id}({JavaScriptLiteral.Text(plan.Resources[resource].Plural.Kebab)}, {Number(sample)})";

    // What turns one body into the other; JSON leaves out what is undefined.
    private List<(string Name, string Value)> Changes(IReadOnlyList<BodyField> from, IReadOnlyList<BodyField> to) =>
        [
            .. to.Where(member => !from.Contains(member)).Select(member => (member.JsonName, Value(member.Value))),
            .. from.Where(member => to.All(other => other.JsonName != member.JsonName)).Select(member => (member.JsonName, "undefined")),
        ];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
