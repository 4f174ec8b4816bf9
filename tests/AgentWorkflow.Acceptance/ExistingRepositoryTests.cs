using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>
/// The real program in a repository that holds a project already: somebody asks, the program dies before it looks at it, somebody else pushes,
/// and a server takes up what was asked for.
/// </summary>
public sealed class ExistingRepositoryTests
{
    private static readonly (string Path, string Text)[] s_node =
    [
        ("package.json", """{ "private": true, "scripts": { "test": "node --test" } }"""),
        ("test/shop.test.js", "require('node:test')('adds', () => { require('node:assert').equal(1 + 1, 2); });\n"),
    ];

    private static readonly (string Path, string Text)[] s_python =
    [
        ("shop.py", "def add(a, b):\n    return a + b\n"),
        ("tests/__init__.py", ""),
        ("tests/test_shop.py", "import unittest\n\nimport shop\n\n\nclass ShopTest(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(2, shop.add(1, 1))\n"),
    ];

    [Theory]
    [InlineData("node", "python-api", "`node --test")]
    [InlineData("python", "node-api", "`python3 -B -m unittest discover -s tests -t .`")]
    public async Task A_Service_Is_Added_Beside_What_Is_There_And_Both_Are_Tested(string there, string stack, string command)
    {
        Tool.Require("git", "bwrap", "node", "python3");
        (string, string)[] files = there == "node" ? s_node : s_python;
        using BotProgram bot = CrashWorld.WithPets();
        (_, string[] points) = await CrashWorld.UndisturbedAsync();
        await CrashWorld.CrashAsync(bot, ["generate", "pets.md", "--input", $"stack={stack}", "--input", "directory=services/pets"], Array.IndexOf(points, "made:comment") + 1);
        await PushAsync(bot, files);

        await CrashWorld.ServeAsync(bot, runs: 1);

        string body = Assert.Single(Books.Query(bot, "SELECT Body FROM LocalIssues WHERE Branch IS NOT NULL AND Draft = 0"));
        Assert.Contains("**Before this change**", body, StringComparison.Ordinal);
        Assert.Contains("It passes its own commands", body, StringComparison.Ordinal);
        Assert.Contains(command, body, StringComparison.Ordinal);
        Assert.Contains("**Verified** on tree", body, StringComparison.Ordinal);
        Assert.Equal(["success"], Books.Query(bot, "SELECT Conclusion FROM LocalChecks"));
        string git = Path.Combine(bot.Data, "repositories", "ideas", "pets.git");
        string branch = Assert.Single(Books.Query(bot, "SELECT Branch FROM LocalIssues WHERE Branch IS NOT NULL"));
        Assert.All(
            (await Tool.GitAsync(git, "diff", "--name-status", "main", branch)).Split('\n').Where(l => !l.EndsWith("-ci.yml", StringComparison.Ordinal) && !l.EndsWith("services-pets.yml", StringComparison.Ordinal)),
            l => Assert.StartsWith("A\tservices/pets/", l, StringComparison.Ordinal));
    }

    private static async Task PushAsync(BotProgram bot, IEnumerable<(string Path, string Text)> files)
    {
        string clone = Path.Combine(bot.Folder, "clone");
        await Tool.GitAsync(bot.Folder, "clone", "--quiet", Path.Combine(bot.Data, "repositories", "ideas", "pets.git"), clone);
        foreach ((string path, string text) in files)
        {
            string file = Path.Combine(clone, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file) ?? clone);
            await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        }

        await Tool.GitAsync(clone, "add", "--all");
        await Tool.GitAsync(clone, "commit", "--quiet", "--message", "Add the shop");
        await Tool.GitAsync(clone, "push", "--quiet", "origin", "HEAD:main");
    }
}
