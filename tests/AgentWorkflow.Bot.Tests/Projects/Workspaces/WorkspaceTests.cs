using System.Text;

using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Projects.Workspaces;

public sealed class WorkspaceTests
{
    private readonly MemoryContentStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("AUX.c", "AW1520", "device name")]
    [InlineData("readme.md", "AW1521", "some systems take it for 'README.md'")]
    [InlineData("README.md/x", "AW1521", "'README.md' is a file, not a folder")]
    [InlineData("src", "AW1521", "it is a folder, 'src'")]
    [InlineData("SRC/other.cs", "AW1521", "some systems take it for 'src'")]
    [InlineData("\uFF32EADME.md", "AW1521", "some systems take it for 'README.md'")]
    [InlineData("Stra\u00DFe.md", "AW1521", "some systems take it for 'STRASSE.md'")]
    [InlineData(".github/workflows/ci.yml", "AW1523", "runners")]
    [InlineData(".GitHub/Workflows/ci.yml", "AW1523", "runners")]
    [InlineData(".gitlab-ci.yml", "AW1523", "runners")]
    [InlineData("CODEOWNERS", "AW1523", "review")]
    [InlineData("docs/CODEOWNERS", "AW1523", "review")]
    [InlineData("x/.gitattributes", "AW1523", "git does")]
    [InlineData(".gitmodules", "AW1523", "git does")]
    [InlineData(".husky/pre-commit", "AW1523", "hooks")]
    [InlineData(".vscode/tasks.json", "AW1523", "hooks")]
    [InlineData(".devcontainer/devcontainer.json", "AW1523", "hooks")]
    [InlineData(".envrc", "AW1523", "hooks")]
    [InlineData("a/.npmrc", "AW1523", "packages")]
    [InlineData("NuGet.Config", "AW1523", "packages")]
    [InlineData("pip.conf", "AW1523", "packages")]
    [InlineData("Directory.Build.props", "AW1523", "build")]
    [InlineData("src/x.targets", "AW1523", "build")]
    [InlineData(".config/dotnet-tools.json", "AW1523", "build")]
    [InlineData("AGENTS.md", "AW1523", "agents")]
    [InlineData("sub/CLAUDE.md", "AW1523", "agents")]
    [InlineData(".github/copilot-instructions.md", "AW1523", "agents")]
    [InlineData(".cursor/rules/x.mdc", "AW1523", "agents")]
    [InlineData(".mcp.json", "AW1523", "agents")]
    [InlineData(".agentworkflow/workflows/x.yml", "AW1523", "this bot")]
    public async Task A_Write_Against_A_Rule_Leaves_No_Trace(string path, string code, string part)
    {
        Workspace workspace = await OpenAsync(WritePolicy.Anywhere, "README.md", "src/a.cs", "STRASSE.md");
        int contents = _store.Contents.Count;
        WorkspaceTree before = workspace.Tree;
        Assert.True(RepoPath.TryParseExisting(path, out RepoPath? target, out _));

        var refused = await Assert.ThrowsAsync<WorkspaceRefusedException>(() => workspace.WriteAsync(target, "new"u8.ToArray(), false, Cancel));

        Assert.Equal(code, refused.Code);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        Assert.Same(before, workspace.Tree);
        Assert.Equal(contents, _store.Contents.Count);
    }

    [Theory]
    [InlineData("src/b.cs", true)]
    [InlineData("tests/b.cs", false)]
    [InlineData("README.md", true)]
    [InlineData("docs/README.md", false)]
    [InlineData("Directory.Build.props", true)]
    [InlineData("src/x.props", false)]
    [InlineData(".github/workflows/ci.yml", false)]
    [InlineData("AGENTS.md", false)]
    public async Task Only_Declared_Places_Are_Written(string path, bool allowed)
    {
        PathGlob[] declared = [.. new[] { "src/**", "README.md", "Directory.Build.props", ".github/workflows/ci.yml", "AGENTS.md" }.Select(Glob)];
        Workspace workspace = await OpenAsync(WritePolicy.Within(declared), "README.md");

        Task write = workspace.WriteAsync(RepoPath.Parse(path), "new"u8.ToArray(), false, Cancel);

        Assert.Equal(allowed, !(await Record(write) is WorkspaceRefusedException));
    }

    [Fact]
    public async Task Only_The_Built_In_Ci_Part_Writes_Ci()
    {
        Workspace workspace = await OpenAsync(WritePolicy.Anywhere);
        RepoPath ci = RepoPath.Parse(".github/workflows/ci.yml"), props = RepoPath.Parse("Directory.Build.props"), agents = RepoPath.Parse("AGENTS.md");

        IWorkspace part = workspace.Under(WritePolicy.BuiltInTemplate(allowsCi: true));
        await part.WriteAsync(ci, "x"u8.ToArray(), false, Cancel);
        Assert.IsType<WorkspaceRefusedException>(await Record(part.WriteAsync(props, "x"u8.ToArray(), false, Cancel)));
        IWorkspace scaffold = workspace.Under(WritePolicy.BuiltInTemplate(allowsCi: false));
        await scaffold.WriteAsync(props, "x"u8.ToArray(), false, Cancel);
        Assert.IsType<WorkspaceRefusedException>(await Record(scaffold.WriteAsync(ci, "y"u8.ToArray(), false, Cancel)));
        Assert.IsType<WorkspaceRefusedException>(await Record(scaffold.WriteAsync(agents, "y"u8.ToArray(), false, Cancel)));
        Assert.Equal([ci, props], workspace.Tree.Files.Keys);
    }

    [Theory]
    [InlineData("AW1525", 3, 1, 1)]
    [InlineData("AW1526", 1, 101, 1)]
    [InlineData("AW1527", 2, 100, 1)]
    [InlineData("AW1528", 1, 100, 31)]
    public async Task One_More_Than_A_Quota_Is_Refused_And_The_Quota_Itself_Is_Not(string code, int files, int bytes, int lines)
    {
        var limits = new WriteLimits(2, 100, 150, 30);
        Workspace workspace = await OpenAsync(WritePolicy.Anywhere with { Limits = limits }, "old.md");
        byte[] content = Encoding.UTF8.GetBytes(new string('\n', lines).PadRight(bytes, 'x')[..bytes]);

        Exception? last = null;
        for (int i = 0; i < files; i++)
        {
            last = await Record(workspace.WriteAsync(RepoPath.Parse($"f{i}"), content, false, Cancel));
        }

        Assert.Equal(code, Assert.IsType<WorkspaceRefusedException>(last).Code);
        Workspace fresh = await OpenAsync(WritePolicy.Anywhere with { Limits = limits }, "old.md");
        await fresh.WriteAsync(RepoPath.Parse("a"), Encoding.UTF8.GetBytes(new string('\n', 29) + new string('x', 71)), false, Cancel);
        await fresh.WriteAsync(RepoPath.Parse("b"), new byte[50], false, Cancel);
        await fresh.WriteAsync(RepoPath.Parse("b"), new byte[49], false, Cancel);
        Assert.Equal(3, fresh.Tree.Files.Count);
    }

    [Fact]
    public async Task What_Earlier_Steps_Wrote_Counts()
    {
        Workspace first = await OpenAsync(WritePolicy.Anywhere, "old.md");
        WorkspaceTree baseTree = first.Tree;
        await first.WriteAsync(RepoPath.Parse("a"), "1"u8.ToArray(), false, Cancel);
        var second = new Workspace(_store, baseTree, first.Tree, WritePolicy.Anywhere with { Limits = WriteLimits.Default with { Files = 2 } });

        await second.WriteAsync(RepoPath.Parse("b"), "1"u8.ToArray(), false, Cancel);

        Assert.IsType<WorkspaceRefusedException>(await Record(second.WriteAsync(RepoPath.Parse("c"), "1"u8.ToArray(), false, Cancel)));
    }

    [Fact]
    public async Task Of_Several_Files_All_Or_None_Are_Written()
    {
        Workspace workspace = await OpenAsync(WritePolicy.Anywhere);
        NewFile[] files = [new(RepoPath.Parse("a"), "1"u8.ToArray(), false), new(RepoPath.Parse("b"), "2"u8.ToArray(), true), new(RepoPath.Parse("B"), "3"u8.ToArray(), false)];

        var refused = Assert.IsType<WorkspaceRefusedException>(await Record(workspace.WriteAllAsync(files, Cancel)));

        Assert.Equal("AW1521", refused.Code);
        Assert.Empty(workspace.Tree.Files);
        Assert.Empty(_store.Contents);
        await workspace.WriteAllAsync(files[..2], Cancel);
        Assert.True(workspace.Tree.Files[RepoPath.Parse("b")].Executable);
    }

    [Fact]
    public async Task Files_Of_The_Repository_Are_Removed_Only_Where_Declared()
    {
        Workspace undeclared = await OpenAsync(WritePolicy.Anywhere, "a.md");
        Assert.Throws<WorkspaceRefusedException>(() => undeclared.Delete(RepoPath.Parse("a.md")));
        Workspace declared = await OpenAsync(WritePolicy.Within([Glob("*.md")]), "a.md", "b.cs");
        declared.Delete(RepoPath.Parse("a.md"));
        declared.Delete(RepoPath.Parse("not-there"));
        Assert.Throws<WorkspaceRefusedException>(() => declared.Delete(RepoPath.Parse("b.cs")));
        await declared.WriteAsync(RepoPath.Parse("A.md"), "x"u8.ToArray(), false, Cancel);
    }

    [Fact]
    public async Task A_Check_Out_Has_The_Bytes_And_The_Modes()
    {
        Workspace workspace = await OpenAsync(WritePolicy.Anywhere, "a/b/c.txt", "run.sh");
        await workspace.WriteAsync(RepoPath.Parse("run.sh"), "#!"u8.ToArray(), executable: true, Cancel);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("out");
        try
        {
            await workspace.CheckOutAsync(folder.FullName, Cancel);

            Assert.Equal("a/b/c.txt", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "a/b/c.txt"), Cancel));
            Assert.Equal("-rwxr-xr-x", Mode(Path.Combine(folder.FullName, "run.sh")));
            Assert.Equal("-rw-r--r--", Mode(Path.Combine(folder.FullName, "a/b/c.txt")));
            await Assert.ThrowsAsync<IOException>(() => workspace.CheckOutAsync(folder.FullName, Cancel));
            string link = folder.FullName + "-link";
            Directory.CreateSymbolicLink(link, folder.CreateSubdirectory("empty").FullName);
            await Assert.ThrowsAsync<IOException>(() => workspace.CheckOutAsync(link, Cancel));
            File.Delete(link);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Pairs_That_Fall_Together_Are_Refused()
    {
        string[] names = ["README.md", "Straße.txt", "café.md", "ﬁle.cs", "Ωmega", "ΣΊΣΥΦΟΣ", "ǅungla", "K", "가나다", "プログラム", "Ⅷ.md", "ﾊﾟ", "ſtop", "İstanbul"];
        int pairs = 0;
        foreach (string name in names)
        {
            foreach (string folder in (string[])["", "Src/", "a/B/c/"])
            {
                foreach (string other in Spellings(folder + name).Distinct().Where(o => o != folder + name))
                {
                    if (!RepoPath.TryParse(folder + name, out RepoPath? one, out _) || !RepoPath.TryParse(other, out RepoPath? two, out _))
                    {
                        continue;
                    }

                    Workspace workspace = await OpenAsync(WritePolicy.Anywhere, one.Value);
                    Assert.IsType<WorkspaceRefusedException>(await Record(workspace.WriteAsync(two, "x"u8.ToArray(), false, Cancel)));
                    pairs++;
                }
            }
        }

        Assert.True(pairs > 100, $"{pairs}");
    }

    private static PathGlob Glob(string text) => PathGlob.TryParse(text, out PathGlob? glob, out string? refusal) ? glob : throw new FormatException(refusal);

    private static IEnumerable<string> Spellings(string text) =>
        from form in (string[])[text, UnicodeForms.Compose(text), UnicodeForms.Compose(text, compatible: true)]
        from spelling in (string[])[form, form.ToUpperInvariant(), form.ToLowerInvariant(), form + "/x", form.Replace("ß", "ss", StringComparison.Ordinal), form.Replace("ß", "SS", StringComparison.Ordinal)]
        select spelling;

    private static async Task<Exception?> Record(Task task) => await Xunit.Record.ExceptionAsync(() => task);

    private static string Mode(string file)
    {
        UnixFileMode mode = new FileInfo(file).UnixFileMode;
        return "-" + string.Concat(Enumerable.Range(0, 9).Select(i => ((int)mode & (1 << (8 - i))) != 0 ? "rwx"[i % 3] : '-'));
    }

    private async Task<Workspace> OpenAsync(WritePolicy policy, params string[] files)
    {
        WorkspaceTree tree = WorkspaceTree.Empty;
        foreach (string file in files)
        {
            byte[] content = Encoding.UTF8.GetBytes(file);
            tree = tree.With(RepoPath.Parse(file), new FileEntry(await _store.PutAsync(content, Cancel), content.Length, false));
        }

        return new Workspace(_store, tree, tree, policy);
    }
}
