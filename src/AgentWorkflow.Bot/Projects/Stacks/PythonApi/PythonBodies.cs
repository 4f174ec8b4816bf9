using System.Globalization;
using AgentWorkflow.Bot.Projects.Api;

using static AgentWorkflow.Bot.Projects.Stacks.PythonApi.PythonExpression;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>Bodies as a reader wants them: a sample, and what is different from it.</summary>
internal static class PythonBodies
{
    /// <summary>The samples of a resource: <c>BOOKS: tuple[Body, ...] = (...)</c>.</summary>
    public static string Samples(PythonResource resource, ApiPlan plan)
    {
        var bodies = Enumerable.Range(0, ApiPlan.Samples).Select(number => new Item(string.Empty, Whole(resource.Resource.Body(number), plan)));
        var before = $"{resource.Constant}: tuple[Body, ...] = ";
        return before + new Group("(", [.. bodies], ")") { Tall = true }.Format(0, before.Length, 0);
    }

    /// <summary>A body of a test: <c>{**BOOKS[0], "title": ""}</c>.</summary>
    public static PythonExpression Of(IReadOnlyList<BodyField> body, PythonResource resource, ApiPlan plan)
    {
        if (body.Count == 0 && resource.Resource.Body(0).Count > 0)
        {
            return new Atom("{}");
        }

        var (number, missing, others) = Enumerable.Range(0, ApiPlan.Samples)
            .Select(sample => Difference(body, resource.Resource, sample))
            .MinBy(difference => difference.Missing.Count + difference.Others.Count);
        PythonExpression start = new Atom($"{resource.Constant}[{number.ToString(CultureInfo.InvariantCulture)}]");
        if (missing.Count > 0)
        {
            start = new Group("without(", [new(string.Empty, start), .. missing.Select(name => new Item(string.Empty, PythonLiteral.Of(name)))], ")");
        }

        return others.Count == 0 ? start : new Group("{", [new("**", start), .. others.Select(member => Member(member, plan))], "}");
    }

    /// <summary>A body with one more member.</summary>
    public static PythonExpression With(PythonExpression body, string name, PythonExpression value) =>
        new Group("{", [new("**", body), new(PythonLiteral.Text(name) + ": ", value)], "}");

    private static Group Whole(IReadOnlyList<BodyField> body, ApiPlan plan) => new("{", [.. body.Select(member => Member(member, plan))], "}");

    private static Item Member(BodyField member, ApiPlan plan) => new(PythonLiteral.Text(member.JsonName) + ": ", PythonLiteral.Of(member.Value, plan));

    private static (int Number, List<string> Missing, List<BodyField> Others) Difference(IReadOnlyList<BodyField> body, Resource resource, int sample)
    {
        var start = resource.Body(sample);
        return (
            sample,
            [.. start.Where(member => body.All(other => other.JsonName != member.JsonName)).Select(member => member.JsonName)],
            [.. body.Where(member => !start.Contains(member))]);
    }
}
