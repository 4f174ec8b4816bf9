using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>
/// What every stack generates, before any language: resources with routes, fields, rules and sample values, and the test cases that prove them.
/// A pure function of the requirements. <c>docs/stacks/contract.md</c> says what the generated services answer.
/// </summary>
internal sealed record ApiPlan
{
    /// <summary>How many sample bodies each resource has: indices 0 to 2.</summary>
    public const int Samples = 3;

    /// <summary>What the plan was made from.</summary>
    public required Requirements Requirements { get; init; }

    /// <summary>The resources in the idea's order; empty: the service has a health route and nothing else.</summary>
    public required IReadOnlyList<Resource> Resources { get; init; }

    /// <summary>Indices of <see cref="Resources"/>, each after those whose sample it needs.</summary>
    public required IReadOnlyList<int> CreationOrder { get; init; }

    /// <summary>Every test case, by resource and in a fixed order.</summary>
    public required IReadOnlyList<TestCase> Tests { get; init; }

    /// <summary>For each story of the requirements what stands behind it, in their order.</summary>
    public required IReadOnlyList<StoryEvidence> Stories { get; init; }

    /// <summary>What was left out or read differently because it cannot hold, one sentence each, for the documents.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The plan of the requirements; never throws, however odd they are.</summary>
    public static ApiPlan From(Requirements requirements)
    {
        var notes = new List<string>();
        var resources = new ResourcePlanner(requirements, notes).Plan();
        var order = CreationOrders.Sort(resources, notes, out var acyclic);
        var sampled = SamplePlanner.Fill(acyclic, order, notes);
        var tests = sampled.SelectMany(resource => TestPlanner.For(resource, sampled)).ToList();
        return new ApiPlan
        {
            Requirements = requirements,
            Resources = sampled,
            CreationOrder = order,
            Tests = tests,
            Stories = EvidencePlanner.For(requirements, sampled, tests),
            Notes = notes,
        };
    }

    /// <summary>The test cases of one resource, in order.</summary>
    public IEnumerable<TestCase> TestsOf(Resource resource) => Tests.Where(test => test.Resource == resource.Index);
}

/// <summary>What stands behind one story.</summary>
/// <param name="Story">The story's id.</param>
/// <param name="Operations">The operations, e.g. <c>POST /books</c>; empty where templates have nothing for it.</param>
/// <param name="Tests">The test cases of those operations.</param>
/// <param name="Criteria">For each acceptance criterion, in order, the test cases that check just that; empty where none does.</param>
internal sealed record StoryEvidence(
    string Story, IReadOnlyList<string> Operations, IReadOnlyList<TestCase> Tests, IReadOnlyList<IReadOnlyList<TestCase>> Criteria)
{
    /// <summary>How many of the criteria a test case checks.</summary>
    public int CriteriaCovered => Criteria.Count(tests => tests.Count > 0);

    /// <summary>The places, from 0, of the criteria that no test case checks.</summary>
    public IEnumerable<int> Uncovered => Criteria.Index().Where(c => c.Item.Count == 0).Select(c => c.Index);
}
