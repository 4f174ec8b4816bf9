using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>A resource and what it is called in the generated project.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Module">Its module in <c>resources</c>; its tests are in <c>test_MODULE.py</c>.</param>
/// <param name="Constant">The name of its declaration and of its samples.</param>
/// <param name="TestClass">The class of its tests.</param>
/// <param name="Table">Its table.</param>
/// <param name="Links">The tables of its lists of references, by field.</param>
internal sealed record PythonResource(
    Resource Resource, string Module, string Constant, string TestClass, string Table, IReadOnlyDictionary<FieldPlan, string> Links)
{
    private static readonly string[] Modules = ["endpoints", "query", "records", "resource", "service", "project"];
    private static readonly string[] Constants = ["RESOURCES", "SAMPLES"];
    private static readonly string[] Classes = ["Code", "Description", "Health", "Schema", "Service"];

    /// <summary>All resources of a plan, in its order, with names that differ.</summary>
    public static IReadOnlyList<PythonResource> Of(ApiPlan plan)
    {
        var modules = new NameScope(Modules);
        var constants = new NameScope(Constants);
        var classes = new NameScope(Classes);
        var tables = new NameScope();
        var named = plan.Resources.Select(resource => new PythonResource(
            resource,
            PythonName.Snake(modules.Take(resource.Plural, PythonName.Snake)),
            PythonName.Constant(constants.Take(resource.Plural, PythonName.Constant)),
            PythonName.Pascal(classes.Take(resource.Words, PythonName.Pascal)) + "Tests",
            tables.Take(TableName(resource)),
            new Dictionary<FieldPlan, string>())).ToList();
        return [.. named.Select(resource => resource with
        {
            Links = resource.Resource.Fields.Where(field => field.IsReferenceList)
                .ToDictionary(field => field, field => tables.Take($"{resource.Table}_{field.Column}")),
        })];
    }

    /// <summary>The name of a test as the runner reports it.</summary>
    public string TestName(TestCase test) => $"tests.test_{Module}.{ShortTestName(test)}";

    /// <summary>The name of a test for people.</summary>
    public string ShortTestName(TestCase test) => $"{TestClass}.{Method(test)}";

    /// <summary>The method of a test.</summary>
    public static string Method(TestCase test) => "test_" + test.Name.Snake;

    // Names that start like this belong to SQLite.
    private static string TableName(Resource resource) =>
        resource.Table.StartsWith("sqlite_", StringComparison.Ordinal) ? "app_" + resource.Table : resource.Table;
}
