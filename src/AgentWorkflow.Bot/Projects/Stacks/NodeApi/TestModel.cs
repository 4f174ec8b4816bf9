using System.Text.Json.Nodes;
using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>Test cases as the template of test files reads them.</summary>
internal sealed class TestModel(ApiPlan plan)
{
    private readonly BodyModel _bodies = new(plan);

    /// <summary>The name in the generated file and in the runner's report, e.g. <c>books: refuses missing title</c>.</summary>
    public static string Name(ApiPlan plan, TestCase test) => $"{plan.Resources[test.Resource].Plural.Spaced}: {test.Name.Spaced}";

    /// <summary>One test case. Members that end in <c>_js</c> are JavaScript.</summary>
    public JsonObject Of(TestCase test) => new()
    {
        ["name_js"] = JavaScriptLiteral.Text(Name(plan, test)),
        ["kind"] = test.Kind.ToString(),
        ["status"] = test.Status,
        ["body_js"] = Body(test),
        ["samples"] = new JsonArray([.. test.Before.Select(sample => JsonValue.Create(sample))]),
        ["limit"] = Math.Max(1, test.Before.Count - 1),
        ["order_js"] = JavaScriptLiteral.List(test.Order.Select(place => $"ids[{place}]")),
        ["field_js"] = test.Field is { } field ? JavaScriptLiteral.Text(field.JsonName) : null,
        ["code_js"] = test.ErrorCode is { } code ? JavaScriptLiteral.Text(code) : null,
        ["query_js"] = test is { Query: { } query, Field: { } filter } ? JavaScriptLiteral.Object([(filter.JsonName, _bodies.Value(query))]) : null,
        ["expected_js"] = JavaScriptLiteral.Object(test.Expected.Select(member => (member.Key, JavaScriptLiteral.Json(member.Value)))),
        ["holder_js"] = test.Holder is { } holder ? JavaScriptLiteral.Text("/" + plan.Resources[holder].Plural.Kebab) : null,
    };

    // The test file has its own resource's name in a constant.
    private string Body(TestCase test)
    {
        var resource = plan.Resources[test.Holder ?? test.Resource];
        return _bodies.Expression(resource, test.Body, resource.Index == test.Resource ? "name" : JavaScriptLiteral.Text(resource.Plural.Kebab));
    }
}
