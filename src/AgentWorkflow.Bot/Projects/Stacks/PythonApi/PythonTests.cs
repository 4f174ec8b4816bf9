using System.Globalization;
using AgentWorkflow.Bot.Projects.Api;

using static AgentWorkflow.Bot.Projects.Stacks.PythonApi.PythonExpression;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>Test cases as calls of the methods of <c>tests/resource_test.py</c>.</summary>
/// <param name="plan">The plan.</param>
/// <param name="resources">Its resources with their names.</param>
internal sealed class PythonTests(ApiPlan plan, IReadOnlyList<PythonResource> resources)
{
    private const int Indent = 8;

    /// <summary>The one statement of a test's method.</summary>
    public string Call(TestCase test)
    {
        var (method, arguments) = Parts(test);
        return new Group($"self.{method}(", [.. arguments.Select(argument => new Item(string.Empty, argument))], ")").Format(Indent, 0, 0);
    }

    private (string Method, PythonExpression[] Arguments) Parts(TestCase test) => test.Kind switch
    {
        TestKind.Creates or TestKind.AcceptsBoundary => ("check_create", [Body(test)]),
        TestKind.CreatesWithDefaults => ("check_create", [Body(test), Expected(test)]),
        TestKind.ListsAndPages => ("check_pages", [Number(test.Before.Count)]),
        TestKind.FiltersBy => ("check_filter", [Field(test), test.Query is null ? new Atom("None") : PythonLiteral.Of(test.Query, plan)]),
        TestKind.SortsBy => ("check_sort", [Field(test), new Group("(", [.. test.Order.Select(place => new Item(string.Empty, Number(place)))], ")")]),
        TestKind.GetsById => ("check_get", []),
        TestKind.GetNotFound => ("check_not_found", [Text("GET")]),
        TestKind.UpdateNotFound => ("check_not_found", [Text("PUT"), Body(test)]),
        TestKind.DeleteNotFound => ("check_not_found", [Text("DELETE")]),
        TestKind.Updates => ("check_update", [Body(test)]),
        TestKind.Deletes => ("check_delete", []),
        TestKind.RejectsMalformedJson => ("check_malformed", []),
        TestKind.RefusesDuplicate => ("check_duplicate", [Field(test), Body(test)]),
        TestKind.RefusesDuplicateOnUpdate => ("check_update_refusal", [Number(409), Number(1), Field(test), Code(test), Body(test)]),
        TestKind.RefusesChangeOfImmutable => ("check_update_refusal", [Number(422), Number(0), Field(test), Code(test), Body(test)]),
        TestKind.RefusesDeleteWhileReferenced => ("check_delete_refusal", Holder(test)),
        TestKind.RejectsUnknownField =>
            ("check_refusal", [Number(test.Status), Text("unknownField"), Code(test), PythonBodies.With(Body(test), "unknownField", Number(1))]),
        _ => ("check_refusal", [Number(test.Status), Field(test), Code(test), Body(test)]),
    };

    /// <summary>What the test module takes from <c>samples.py</c>: the samples it starts from, and what stands for ids.</summary>
    public string SampleImports(IReadOnlyList<TestCase> tests)
    {
        var calls = tests.Select(test => (Call: Call(test), test.Holder, test.Resource)).ToList();
        var constants = calls.SelectMany(call => new[] { call.Resource, call.Holder ?? call.Resource })
            .Distinct().Select(index => resources[index].Constant)
            .Where(constant => calls.Exists(call => call.Call.Contains(constant + "[", StringComparison.Ordinal)));
        var names = constants.Order(StringComparer.Ordinal).ToList();
        if (tests.Any(NamesReference))
        {
            names.Add("Ref");
        }

        return string.Join(", ", names);
    }

    /// <summary>The test starts from a sample without some members.</summary>
    public bool TakesAway(TestCase test) => Parts(test).Arguments.Any(argument => argument.Flat.Contains("without(", StringComparison.Ordinal));

    private bool NamesReference(TestCase test) => Parts(test).Arguments.Any(argument => argument.Flat.Contains("Ref(\"/", StringComparison.Ordinal));

    private PythonExpression[] Holder(TestCase test)
    {
        var holder = resources[test.Holder ?? test.Resource];
        return [PythonLiteral.Of(holder.Resource.Path), PythonBodies.Of(test.Body, holder, plan)];
    }

    private PythonExpression Body(TestCase test) => PythonBodies.Of(test.Body, resources[test.Resource], plan);

    private static Group Expected(TestCase test) =>
        new("{", [.. test.Expected.Select(member => new Item(PythonLiteral.Text(member.Key) + ": ", PythonLiteral.OfJson(member.Value)))], "}");

    private static PythonExpression Field(TestCase test) => Text(test.Field?.JsonName ?? string.Empty);

    private static PythonExpression Code(TestCase test) => Text(test.ErrorCode ?? string.Empty);

    private static PythonExpression Text(string text) => PythonLiteral.Of(text);

    private static Atom Number(int number) => new(number.ToString(CultureInfo.InvariantCulture));
}
