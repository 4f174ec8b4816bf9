using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.PythonApi;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

using static AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi.Ideas;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

/// <summary>Generated projects, run for real.</summary>
public sealed class PythonApiRunTests
{
    [Fact]
    public async Task A_Lending_Library_Passes() => await CheckAsync(Library);

    [Fact]
    public async Task The_Idea_That_Ships_Passes() =>
        await CheckAsync(IdeaReader.Read(await File.ReadAllTextAsync(Path.Combine(IdeaFiles.Examples, "lending-library.md"), TestContext.Current.CancellationToken), null));

    [Fact]
    public async Task Every_Idea_Of_A_Stranger_Passes()
    {
        Assert.SkipWhen(IdeaFiles.Strangers is null, "The folder shared/data/ideas is not beside this repository.");
        foreach (string file in Directory.EnumerateFiles(IdeaFiles.Strangers!, "*.md"))
        {
            await CheckAsync(IdeaReader.Read(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), null));
        }
    }

    [Fact]
    public async Task A_Test_That_Fails_Is_In_The_Report_With_Its_Place_And_The_Run_Fails()
    {
        Python.SkipWhereAbsent();
        using PythonProject project = await PythonProject.CreateAsync(Of("Skeleton", []));
        await File.WriteAllTextAsync(
            Path.Combine(project.Folder, "tests", "test_red.py"),
            """
            import unittest


            class RedTests(unittest.TestCase):
                def test_fails(self) -> None:
                    self.assertEqual(1, 2, "\x00 \ud800 <&")

                def test_skips(self) -> None:
                    self.skipTest("not here")

                def test_parts(self) -> None:
                    for number in (1, 2):
                        with self.subTest(number=number):
                            self.assertEqual(1, number)
            """,
            TestContext.Current.CancellationToken);

        (int exitCode, _) = await Python.RunAsync(project.Folder, project.Rendered.Verify[0].Skip(1), "", TestContext.Current.CancellationToken);

        IReadOnlyDictionary<string, string> report = project.ReadReport();
        Assert.Equal(1, exitCode);
        Assert.StartsWith("failure: tests/test_red.py:6: 1 != 2", report["tests.test_red.RedTests.test_fails"], StringComparison.Ordinal);
        Assert.Equal("skipped: not here", report["tests.test_red.RedTests.test_skips"]);
        Assert.StartsWith("failure: tests/test_red.py:14: ", report["tests.test_red.RedTests.test_parts"], StringComparison.Ordinal);
        Assert.Equal("", report["tests.test_service.HealthTests.test_answers_ok"]);
    }

    [Fact]
    public async Task A_Run_That_Finds_No_Test_Fails()
    {
        Python.SkipWhereAbsent();
        using PythonProject project = await PythonProject.CreateAsync(Of("Skeleton", []));

        (int exitCode, string output) = await Python.RunAsync(project.Folder, ["-m", "tests", "-k", "no such test"], "", TestContext.Current.CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Contains("No test was found.", output, StringComparison.Ordinal);
        Assert.Empty(project.ReadReport());
    }

    [Fact]
    public async Task An_Idea_Without_Entities_Becomes_A_Skeleton_That_Passes()
    {
        IReadOnlyDictionary<string, string> report = await CheckAsync(Of("Shell \"game\" \\N{DASH} 😀", [], [Library.Stories[2]], name: "calendar"));

        Assert.Contains("tests.test_service.HealthTests.test_answers_ok", report);
    }

    [Fact]
    public async Task Every_Type_With_Every_Rule_Passes() => await CheckAsync(Of("Everything", [.. Enum.GetValues<FieldKind>().Select(EveryRule), new Entity("Target", "", [])]));

    [Fact]
    public async Task Hostile_Names_Pass_As_Fields_Stories_And_Entities()
    {
        string[] names = HostileNames.All;
        var crowded = new Entity("Crowd", "", [.. names.Select((name, i) => Text(name) with { Unique = i % 9 == 0 })]);
        IEnumerable<Entity> entities = names.Where((_, i) => i % 12 == 0).Select(name => new Entity(name, name, [Text(name) with { Required = true }, Reference("points to " + name, "Crowd")]));

        await CheckAsync(Of(string.Concat(names), [crowded, .. entities], [.. names.Select((name, i) => new Story($"S{i}", name, null, null, null, [name], [], 1))], name: "class"));
    }

    [Fact]
    public async Task Hostile_Names_Of_Entities_Become_Modules_That_Can_Be_Imported()
    {
        Python.SkipWhereAbsent();
        using PythonProject project = await PythonProject.CreateAsync(Of("Others", [.. HostileNames.All.Distinct().Take(70).Select(name => new Entity(name, name, [Text(name)]))], name: "json"));

        // Discovery imports every test module; the tests of the project import every other one and look at the tables.
        (int exitCode, string output) = await Python.RunAsync(project.Folder, ["-W", "error", "-m", "tests", "-k", "test_project"], "", TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Thirty_Entities_Pass()
    {
        IEnumerable<Entity> entities = Enumerable.Range(0, 30).Select(i => new Entity($"Thing {i}", "", [
            Reference("next", $"Thing {(i + 1) % 30}"),
        ]));

        await CheckAsync(Of("Thirty", [.. entities]));
    }

    [Fact]
    public async Task References_To_Itself_Rings_And_Lists_Pass() => await CheckAsync(Of("Rings", [
        new Entity("Person", "", [Text("name"), Reference("parent", "Person"), Many("friends", "Person") with { MinLength = 1, Required = true }]),
        new Entity("Egg", "", [Reference("hen", "Hen") with { Required = true }, Many("people", "Person") with { MinLength = 2, MaxLength = 3, Immutable = true }]),
        new Entity("Hen", "", [Reference("egg", "Egg") with { Required = true, Unique = true, Immutable = true }, Many("eggs", "Egg")]),
        new Entity("Stranger", "", [Reference("nobody", "Nobody") with { Required = true }]),
    ]));

    [Fact]
    public async Task Enum_Values_Of_Any_Kind_Pass()
    {
        string[] values = [.. HostileNames.All.Where(name => name.Length > 0 && !name.Contains('\ud800', StringComparison.Ordinal)).Distinct()];
        var type = new FieldType(FieldKind.Enum, values);

        await CheckAsync(Of("Enums", [
            new Entity("Choice", "", [
                new Field { Name = "one", Type = type, Required = true, Default = values[0], Unique = true },
                new Field { Name = "many", Type = new FieldType(FieldKind.List, values, Item: FieldKind.Enum), Required = true, MinLength = 1, MaxLength = 3 },
            ]),
        ]));
    }

    private static Field Many(string name, string target) => new() { Name = name, Type = new FieldType(FieldKind.List, [], target) };

    // One field for each rule and one with all of them; a rule that makes no sense for the type is left out by the plan.
    private static Entity EveryRule(FieldKind kind)
    {
        FieldType type = kind switch
        {
            FieldKind.Enum => new FieldType(kind, ["small", "very large", "class"]),
            FieldKind.Reference => new FieldType(kind, [], "Target"),
            FieldKind.List => new FieldType(kind, [], Item: FieldKind.Date),
            _ => FieldType.Plain(kind),
        };
        var plain = new Field { Name = "plain", Type = type };
        return new Entity($"{kind} entity", "", [
            plain,
            plain with { Name = "required", Required = true },
            plain with { Name = "unique", Unique = true },
            plain with { Name = "immutable", Immutable = true },
            plain with { Name = "indexed", Indexed = true },
            plain with { Name = "min", Min = -1.005m },
            plain with { Name = "max", Max = 99.995m },
            plain with { Name = "short", MinLength = 2 },
            plain with { Name = "long", MaxLength = 40 },
            plain with { Name = "pattern", Pattern = "^[a-z]+\\.(x|y)?$" },
            plain with { Name = "default", Default = kind switch { FieldKind.Boolean => "true", FieldKind.Enum => "very large", FieldKind.Date => "2026-02-03", _ => "7" } },
            plain with { Name = "all", Required = true, Unique = true, Immutable = true, Indexed = true, Min = 1, Max = 9, MinLength = 1, MaxLength = 20 },
        ]);
    }

    private static async Task<IReadOnlyDictionary<string, string>> CheckAsync(Requirements requirements)
    {
        Python.SkipWhereAbsent();
        using PythonProject project = await PythonProject.CreateAsync(requirements);

        IReadOnlyDictionary<string, string> report = await project.VerifyAsync();

        Assert.NotEmpty(report);
        Assert.All(report, test => Assert.Equal("", test.Value));
        IEnumerable<string> claimed = new PythonApiStack().BuildEvidence(requirements)
            .SelectMany(story => story!["tests"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.All(claimed, name => Assert.Contains(name, report));
        (int exitCode, string output) = await Python.RunAsync(
            project.Folder, ["-c", "import tomllib; print(tomllib.load(open('pyproject.toml', 'rb'))['project']['name'])"], "", TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, output);
        return report;
    }
}
