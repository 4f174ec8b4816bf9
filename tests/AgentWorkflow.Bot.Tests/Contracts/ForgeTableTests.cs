using System.Reflection;
using System.Text;

using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>docs/forges.md is what the contract of the forges says: a yes is a test that this forge runs. UPDATE_GOLDEN=1 rewrites it.</summary>
public sealed class ForgeTableTests
{
    private const string Head = """
        # Forges

        What people see on a forge is the same on each, where the forge has it. Every row is a test that all forges run (`ForgeContract`): a *yes*
        is a test that passes there, against the forge itself (Local) or against a double that refuses every request which the forge's own
        description does not allow. Where a forge cannot, the reason stands instead. `ForgeTableTests` writes this page.

        """;

    private const string Tail = """

        ## In GitLab's words

        - Issues and merge requests are counted apart: `#5` and `!5` are two things. A draft is a title that begins with `Draft: `.
        - `/approve`, `/status`, `/label` and others are quick actions of GitLab, which it runs and the bot never sees: `/aw approve HASH` is what the bot
          suggests. A line of ours that would be one is made plain.
        - One commit is one request with all changes. GitLab compares no heads, so the branch is asked for right before, one of the files that were there
          is held against its last commit by GitLab, and the commit's own id tells whether its parent and its files are the planned ones. Who pushes in
          that very moment finds the commit above theirs, nothing of theirs is gone, and the run says that it was not verified on it.
        - A run asks at most 20 times, its trigger included, whatever it commits. It is one more where the default branch's head is signed, since
          the id of a signed commit proves nothing without its signature.

        """;

    private static readonly (string Name, IReadOnlyDictionary<string, string> Cannot)[] s_forges =
        [("Local", LocalForgeContract.CannotDo), ("GitHub", new GitHubForgeContractTests().Cannot), ("GitLab", GitLabForgeContractTests.CannotDo)];

    [Fact]
    public void The_Table_Is_What_The_Suite_Says()
    {
        string path = Path.Combine(IdeaFiles.Root, "docs", "forges.md");
        string text = Head + Table() + Tail;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void What_A_Forge_Cannot_Do_Is_A_Behaviour_Of_The_Table()
    {
        string[] tests = [.. Behaviours().Select(b => b.Test)];

        Assert.All(s_forges.SelectMany(f => f.Cannot.Keys), t => Assert.Contains(t, tests));
    }

    [Fact]
    public void Every_Test_Of_The_Contract_Is_A_Behaviour()
    {
        IEnumerable<MethodInfo> tests = typeof(ForgeContract).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(m => m.GetCustomAttributes<FactAttribute>().Any());

        Assert.Equal(tests.Select(t => t.Name).Order(StringComparer.Ordinal), Behaviours().Select(b => b.Test).Order(StringComparer.Ordinal));
    }

    private static string Table()
    {
        StringBuilder table = new();
        table.Append($"\n| behaviour | {string.Join(" | ", s_forges.Select(f => f.Name))} |\n|---|{string.Concat(s_forges.Select(_ => "---|"))}\n");
        foreach ((string test, string sentence) in Behaviours())
        {
            table.Append($"| {sentence} | {string.Join(" | ", s_forges.Select(f => f.Cannot.GetValueOrDefault(test, "yes")))} |\n");
        }

        return table.ToString();
    }

    // In the order of the words: that of the methods depends on how a machine lists the contract's files.
    private static IEnumerable<(string Test, string Sentence)> Behaviours() => typeof(ForgeContract).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Select(m => (m.Name, m.GetCustomAttribute<BehaviourAttribute>()?.Sentence ?? "")).Where(b => b.Item2.Length > 0).OrderBy(b => b.Item2, StringComparer.Ordinal);
}
