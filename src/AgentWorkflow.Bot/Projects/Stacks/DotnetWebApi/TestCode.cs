using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>The test cases of a resource as the templates write them: a sample, and what of it is changed.</summary>
internal sealed class TestCode(ApiPlan plan, PlanNames names)
{
    /// <summary>Adds samples and tests to the model of the resource.</summary>
    public void AddTo(JsonObject model, Resource resource)
    {
        model["has_references"] = resource.Fields.Any(field => field.Target is not null && field.Samples.Count > 0);
        model["samples"] = new JsonArray([.. Enumerable.Range(0, ApiPlan.Samples).Select(sample => new JsonArray(
            [.. resource.Body(sample).Select(member => new JsonObject { ["json"] = member.JsonName, ["value"] = Value(member.Value, "api") })]))]);
        model["tests"] = new JsonArray([.. plan.TestsOf(resource).Select(test => Test(resource, test))]);
    }

    private JsonObject Test(Resource resource, TestCase test)
    {
        var holder = test.Holder is { } index ? plan.Resources[index] : null;
        var basis = holder ?? resource;
        var sample = Nearest(basis, test);
        var limit = Math.Max(1, test.Before.Count - 1);
        return new JsonObject
        {
            ["kind"] = test.Kind.ToString(),
            ["method"] = names.Method(test),
            ["json"] = test.Field?.JsonName,
            ["status"] = Status(test.Status),
            ["code"] = test.ErrorCode,
            ["base"] = sample,
            ["changes"] = Texts(Changes(basis.Body(sample), test.Body, holder is null ? "body" : "holder")),
            ["before"] = Numbers(test.Before),
            ["limit"] = limit,
            ["first"] = Numbers(test.Before.Take(limit)),
            ["rest"] = Numbers(test.Before.Skip(limit).Take(limit)),
            ["order"] = Numbers(test.Order),
            ["expected"] = new JsonArray([.. test.Expected.Select(pair => new JsonObject { ["json"] = pair.Key, ["value"] = CSharpText.Node(pair.Value) })]),
            ["holder"] = holder is null ? null : names.Types[holder.Index],
            ["holder_path"] = holder?.Path,
        };
    }

    // The sample from which the fewest changes lead to the body.
    private static int Nearest(Resource resource, TestCase test) => test.Body.Count == 0
        ? 0
        : Enumerable.Range(0, ApiPlan.Samples).MinBy(sample => resource.Body(sample).Count(member => !test.Body.Contains(member)));

    private IEnumerable<string> Changes(IReadOnlyList<BodyField> from, IReadOnlyList<BodyField> to, string body)
    {
        foreach (var member in from.Where(member => to.All(other => other.JsonName != member.JsonName)))
        {
            yield return $"{body}.Remove({CSharpText.Literal(member.JsonName)});";
        }

        foreach (var member in to.Where(member => !from.Contains(member)))
        {
            yield return $"{body}[{CSharpText.Literal(member.JsonName)}] = {Value(member.Value, "_api")};";
        }
    }

    private string Value(SampleValue value, string api) => value switch
    {
        SampleValue.Literal literal => CSharpText.Node(literal.Json),
        SampleValue.Reference reference => Id(reference.Resource, reference.Sample, api),
        SampleValue.ReferenceList list => $"new JsonArray({string.Join(", ", list.Samples.Select(sample => Id(list.Resource, sample, api)))})",
        _ => "null",
    };

    private string Id(int resource, int sample, string api) =>
        $"await {names.Types[resource]}Samples.Id({api}, {sample.ToString(CultureInfo.InvariantCulture)})";

    private static string Status(int status) => "HttpStatusCode." + status switch
    {
        200 => "OK",
        201 => "Created",
        204 => "NoContent",
        400 => "BadRequest",
        404 => "NotFound",
        409 => "Conflict",
        _ => "UnprocessableEntity",
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    private static JsonArray Numbers(IEnumerable<int> numbers) => new([.. numbers.Select(number => (JsonNode?)number)]);
}
