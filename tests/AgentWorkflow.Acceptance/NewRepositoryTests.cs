using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>From an idea to a repository of its own, and to archives of the same files, with the real program (issue 5, done when 3).</summary>
public sealed class NewRepositoryTests
{
    private const string Stories = "# Pets\n\n- As a seller I want to add a pet so that it is seen\n- As a buyer I want to find a pet\n\n## Entities\n\n### Pet\n- name: text, required\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_The_Local_Forge_A_Run_Without_A_Pull_Request_Is_A_Success_And_Twice_The_Same_Bytes()
    {
        Tool.Require("git");
        using BotProgram bot = new();
        bot.Write("pets.md", Stories);
        bot.Write("new.yml", Workflows.New);

        JsonObject first = (await bot.RunAsync("generate", "pets.md", "--workflow", "new.yml", "--input", "name=shop", "--json")).Require(0).Json;
        Ended second = (await bot.RunAsync("generate", "pets.md", "--workflow", "new.yml", "--input", "name=store")).Require(0);

        ResultShape.Check(first);
        Assert.Equal("succeeded", $"{first["run"]!["status"]}");
        Assert.Null(first["pullRequest"]);
        Assert.Contains(first["effects"]!.AsArray(), e => $"{e!["kind"]} {e["key"]} {e["outcome"]}" == "repository repository/local/ideas/shop applied");
        Assert.Contains("The run made the repository ideas/store on local with 2 issues and 3 archives", second.Output, StringComparison.Ordinal);
        SortedDictionary<string, string> files = new(first["files"]!.AsArray().ToDictionary(f => $"{f!["path"]}", f => $"{f!["sha256"]}"), StringComparer.Ordinal);
        Assert.Equal(["zip", "tar", "tar.gz"], first["archives"]!.AsArray().Select(a => $"{a!["format"]}"));
        foreach (JsonNode? archive in first["archives"]!.AsArray())
        {
            Assert.Equal(files, await UnpackAsync($"{archive!["path"]}"));
            Assert.Equal($"{archive["sha256"]}", Tool.Sha256($"{archive["path"]}"));
        }

        // The same files are the same archive: the second run found each there.
        Assert.Equal(["3|3"], Books.Query(bot, "SELECT count(*), count(DISTINCT Sha256) FROM RepositoryExports"));
        await HoldsAsync(Path.Combine(bot.Data, "repositories", "ideas", "shop.git"), bot.Folder, files);
        Assert.Equal(["4"], Books.Query(bot, "SELECT count(*) FROM LocalIssues WHERE Milestone = 'First version'"));
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    public async Task On_A_Forge_It_Stands_Beside_The_Repository_That_Asked(string forge)
    {
        await using ForgeSite site = forge == "github" ? await GitHubSite.StartAsync(("new", Workflows.New)) : await GitLabSite.StartAsync(("new", Workflows.New));
        site.MakesRepositories();
        StartedProgram serve = await site.ServeAsync();

        site.Comment(site.Issue(Stories), "/aw generate new name=shop");
        await site.RunsAreOverAsync(serve);

        Assert.True(Books.Query(site.Bot, "SELECT Status FROM Runs") is ["succeeded"], site.Story());
        SortedDictionary<string, string> files = Files(site.Bot);
        (string git, string description, IReadOnlyList<string> issues) = site.Made("octo/shop");
        Assert.Equal("Pets", description);
        Assert.Equal(2, issues.Count);
        Assert.All(issues, i => Assert.EndsWith(": First version [story]", i, StringComparison.Ordinal));
        await HoldsAsync(git, site.Bot.Folder, files);
        IReadOnlyList<string> archives = Books.Query(site.Bot, "SELECT FileName FROM RepositoryExports");
        Assert.Equal(3, archives.Count);
        foreach (string archive in archives)
        {
            Assert.Equal(files, await UnpackAsync(Directory.EnumerateFiles(Path.Combine(site.Bot.Data, "exports"), archive, SearchOption.AllDirectories).Single()));
        }

        site.Journal.RequireNoViolations();
    }

    // The digests that the program keeps of each file, by path.
    private static SortedDictionary<string, string> Files(BotProgram bot) =>
        new(Books.Query(bot, "SELECT Path, Sha256 FROM ProjectFiles").ToDictionary(r => r.Split('|')[0], r => r.Split('|')[1], StringComparer.Ordinal), StringComparer.Ordinal);

    private static async Task HoldsAsync(string git, string folder, SortedDictionary<string, string> files)
    {
        string clone = Path.Combine(folder, "clone");
        await Tool.GitAsync(folder, "clone", "-q", git, clone);
        Assert.Equal("1", await Tool.GitAsync(clone, "rev-list", "--count", "HEAD"));
        SortedDictionary<string, string> there = new(StringComparer.Ordinal);
        foreach (string path in (await Tool.GitAsync(clone, "-c", "core.quotePath=false", "ls-files")).Split('\n'))
        {
            there[path] = Tool.Sha256(Path.Combine(clone, path));
        }

        Assert.Equal(files, there);
    }

    /// <summary>The digests of the files in an archive, by their paths below its folder.</summary>
    private static async Task<SortedDictionary<string, string>> UnpackAsync(string path)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        if (path.EndsWith(".zip", StringComparison.Ordinal))
        {
            await using ZipArchive zip = await ZipFile.OpenReadAsync(path, Cancel);
            foreach (ZipArchiveEntry entry in zip.Entries.Where(e => !e.FullName.EndsWith('/')))
            {
                await using Stream content = await entry.OpenAsync(Cancel);
                files[Below(entry.FullName)] = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, Cancel));
            }

            return files;
        }

        await using FileStream file = File.OpenRead(path);
        await using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        await using TarReader tar = new(stream);
        while (await tar.GetNextEntryAsync(copyData: false, Cancel) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                files[Below(entry.Name)] = Convert.ToHexStringLower(await SHA256.HashDataAsync(entry.DataStream ?? Stream.Null, Cancel));
            }
        }

        return files;
    }

    private static string Below(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
