using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>The C# names of a plan that more than one place must know: namespaces, types and tests.</summary>
internal sealed class PlanNames
{
    private readonly Dictionary<TestCase, string> _methods = new(ReferenceEqualityComparer.Instance);

    /// <summary>Names for a plan, always the same.</summary>
    public PlanNames(ApiPlan plan)
    {
        Project = CSharpNames.OfSpaces().Take(Words.Of(plan.Requirements.Name, "service"));
        var types = CSharpNames.OfTypes();
        var spaces = CSharpNames.OfSpaces();
        Types = [.. plan.Resources.Select(resource => types.Take(resource.Words))];
        Spaces = [.. plan.Resources.Select(resource => spaces.Take(resource.Plural))];
        foreach (var resource in plan.Resources)
        {
            var tests = CSharpNames.OfTests();
            foreach (var test in plan.TestsOf(resource))
            {
                _methods[test] = tests.TakeSentence(test.Name);
            }
        }
    }

    /// <summary>The first part of all namespaces.</summary>
    public string Project { get; }

    /// <summary>The type of each resource.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The namespace, and folder, of each resource.</summary>
    public IReadOnlyList<string> Spaces { get; }

    /// <summary>The method of a test.</summary>
    public string Method(TestCase test) => _methods[test];

    /// <summary>The name of a test as a sentence about it refers to it, e.g. <c>BookTests.Refuses_Missing_Title</c>.</summary>
    public string Short(TestCase test) => $"{Types[test.Resource]}Tests.{Method(test)}";

    /// <summary>The name of a test in the runner's report.</summary>
    public string Full(TestCase test) => $"{Project}.Tests.{Short(test)}";
}
