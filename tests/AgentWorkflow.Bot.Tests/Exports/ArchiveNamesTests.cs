using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Exports;

/// <summary>Promises P68, P69 and P74 for what leaves as an archive: an existing repository may hold names that no archive of ours does.</summary>
public sealed class ArchiveNamesTests
{
    private static readonly FileEntry s_entry = new(new string('a', 64), 3, Executable: false);

    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("device", "src/aux.c")]
    [InlineData("device", "COM1")]
    [InlineData("control", "a\u0007b")]
    [InlineData("backslash", "a\\b")]
    [InlineData("dot", "folder./a")]
    [InlineData("some systems take it for", "README.md", "readme.MD")]
    [InlineData("some systems take it for", "stra\u00DFe", "STRASSE")]
    [InlineData("it is a folder", "a", "A/b")]
    [InlineData("no files")]
    public void A_File_That_Some_System_Could_Not_Unpack_Is_Refused_With_The_Rule(string rule, params string[] paths)
    {
        WorkspaceTree tree = new(paths.ToImmutableSortedDictionary(Existing, _ => s_entry));

        string? refusal = ArchiveNames.Refusal(new PublishArchive(new EffectKey("x"), tree, "zip", "root", "root.zip"));

        Assert.NotNull(refusal);
        Assert.Contains(rule, refusal, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public Task What_Is_Written_Could_Be_Taken_In_Again(string format) => Gen.String[Gen.Char["abAB01._- é/"], 1, 40].List[1, 8].SampleAsync(
        async names =>
        {
            WorkspaceTree tree = _contents.Tree(names.Where(n => RepoPath.TryParse(n, out _, out _)).Distinct().Select(n => (n, n)));
            PublishArchive effect = new(new EffectKey("x"), tree, format, "root", $"root.{format}");
            if (ArchiveNames.Refusal(effect) is null)
            {
                using MemoryStream archive = new();
                await new ArchiveWriter(_contents).WriteAsync(tree, "root", ArchiveFormat.Find(format)!, archive, Cancel);
                AssertSafe(archive, format, tree);
            }
        },
        iter: 400);

    private static void AssertSafe(MemoryStream archive, string format, WorkspaceTree tree)
    {
        archive.Position = 0;
        string[] names = [.. Names(archive, format)];
        PathCollisions places = new([]);
        foreach (string name in names)
        {
            RepoPath path = RepoPath.Parse(name);
            Assert.Null(places.Check(path));
            places.Add(path);
        }

        Assert.Equal(tree.Files.Keys.Select(p => $"root/{p}"), names);
    }

    private static List<string> Names(Stream archive, string format)
    {
        if (format == "zip")
        {
            using ZipArchive zip = new(archive, ZipArchiveMode.Read, leaveOpen: true);
            return [.. zip.Entries.Select(e => e.FullName)];
        }

        using Stream plain = format == "tar" ? archive : new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        using TarReader tar = new(plain, leaveOpen: true);
        List<string> names = [];
        while (tar.GetNextEntry() is { } entry)
        {
            Assert.Equal(TarEntryType.RegularFile, entry.EntryType);
            names.Add(entry.Name);
        }

        return names;
    }

    private static RepoPath Existing(string path) => RepoPath.TryParseExisting(path, out RepoPath? known, out string? refusal) ? known : throw new ArgumentException(refusal, nameof(path));
}
