using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Tests.Workspaces;

public sealed class FileRuleTests
{
    [Theory]
    [InlineData(FileRuleKind.Paths, ".github/workflows/**/*", 0, ".github/workflows/ci.yml", 1, true)]
    [InlineData(FileRuleKind.Paths, "/docs/**", 0, "docs/a/b.md", 1, true)]
    [InlineData(FileRuleKind.Paths, "docs/*", 0, "docs/a/b.md", 1, false)]
    [InlineData(FileRuleKind.Paths, "[ab].txt", 0, "a.txt", 1, false)]
    [InlineData(FileRuleKind.Paths, "[ab].txt", 0, "[ab].txt", 1, true)]
    [InlineData(FileRuleKind.Endings, ".exe", 0, "bin/TOOL.EXE", 1, true)]
    [InlineData(FileRuleKind.Endings, ".exe", 0, "exe.txt", 1, false)]
    [InlineData(FileRuleKind.PathLength, null, 8, "a/b/c.txt", 1, true)]
    [InlineData(FileRuleKind.PathLength, null, 9, "a/b/c.txt", 1, false)]
    [InlineData(FileRuleKind.FileSize, null, 10, "a", 11, true)]
    [InlineData(FileRuleKind.FileSize, null, 10, "a", 10, false)]
    public void What_It_Forbids_Is_Told_With_Its_Name(FileRuleKind kind, string? value, long most, string path, long size, bool forbids)
    {
        FileRule rule = new("no such files", kind, value is null ? [] : [value], most);
        Assert.True(RepoPath.TryParseExisting(path, out RepoPath? parsed, out _));

        string? why = rule.Forbids(parsed, size);

        Assert.Equal(forbids, why is not null);
        Assert.True(why is null || why.StartsWith("the repository's rule 'no such files' lets no ", StringComparison.Ordinal), why);
    }
}
