using System.Diagnostics;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Exports;

public sealed class ArchiveWriterTests : IDisposable
{
    private static readonly string s_deep = string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 8)) + "/file.txt";

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Formats => ["zip", "tar", "tar.gz"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_Tools_Of_The_Machine_Unpack_What_Was_Packed(string format)
    {
        byte[] random = RandomNumberGenerator.GetBytes(3_000_000);
        WorkspaceTree tree = _contents.With(Sample(), "data/random.bin", random);

        string unpacked = await UnpackAsync(await WriteAsync(tree, format), format);

        string root = Path.Combine(unpacked, "library");
        Assert.Equal(tree.Files.Keys.Select(p => p.Value), Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f)).Order(StringComparer.Ordinal));
        Assert.Equal(random, await File.ReadAllBytesAsync(Path.Combine(root, "data/random.bin"), Cancel));
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(root, "empty"), Cancel));
        Assert.True(MayExecute(Path.Combine(root, "build.sh")));
        Assert.False(MayExecute(Path.Combine(root, "README.md")));
        Assert.Equal("grüße", await File.ReadAllTextAsync(Path.Combine(root, "docs/größe.md"), Cancel));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_Same_Files_Give_The_Same_Bytes(string format)
    {
        byte[] first = await File.ReadAllBytesAsync(await WriteAsync(Sample(), format), Cancel);

        byte[] second = await File.ReadAllBytesAsync(await WriteAsync(Sample(), format), Cancel);

        Assert.Equal(first, second);

        // A header that names the process would differ the next time.
        Assert.DoesNotContain("PaxHeaders", System.Text.Encoding.Latin1.GetString(first), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Tar_Has_These_Bytes_In_Every_Process_And_Version()
    {
        using MemoryStream output = new();

        ArchiveFacts facts = await new ArchiveWriter(_contents).WriteAsync(Sample(), "library", ArchiveFormat.Tar, output, Cancel);

        Assert.Equal("f4d4431806480b565aa66330039e94eff7bffd6dbc11653a6620c9522330d867", facts.Sha256);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Size_And_Digest_Are_Those_Of_The_File(string format)
    {
        using MemoryStream output = new();

        ArchiveFacts facts = await new ArchiveWriter(_contents).WriteAsync(Sample(), "library", ArchiveFormat.Find(format)!, output, Cancel);

        Assert.Equal(output.Length, facts.Size);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(output.ToArray())), facts.Sha256);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Five_Thousand_Files_Come_Back(string format)
    {
        WorkspaceTree tree = _contents.Tree(Enumerable.Range(0, 5000).Select(i => ($"src/part{i % 50}/file{i}.txt", $"text {i}\n")));

        string unpacked = await UnpackAsync(await WriteAsync(tree, format), format);

        string root = Path.Combine(unpacked, "library");
        Assert.Equal(5000, Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Count());
        Assert.Equal("text 4999\n", await File.ReadAllTextAsync(Path.Combine(root, "src/part49/file4999.txt"), Cancel));
    }

    private static bool MayExecute(string path) => !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);

    private WorkspaceTree Sample() =>
        _contents.Tree(("README.md", "# Library\n"), ("build.sh*", "#!/bin/sh\n"), ("empty", ""), ("docs/größe.md", "grüße"), (s_deep, "deep"));

    private async Task<string> WriteAsync(WorkspaceTree tree, string format)
    {
        string path = Path.Combine(_folder.Path, $"{Guid.CreateVersion7():n}.{format}");
        await using FileStream file = File.Create(path);
        await new ArchiveWriter(_contents).WriteAsync(tree, "library", ArchiveFormat.Find(format)!, file, Cancel);
        return path;
    }

    private async Task<string> UnpackAsync(string archive, string format)
    {
        string target = archive + ".unpacked";
        Directory.CreateDirectory(target);
        string tool = format == "zip" ? "unzip" : "tar";
        Assert.SkipUnless(File.Exists("/usr/bin/" + tool) || File.Exists("/bin/" + tool), $"{tool} is not installed");
        string[] arguments = format == "zip" ? ["-q", archive, "-d", target] : ["-xf", archive, "-C", target];
        ProcessStartInfo start = new(tool, arguments) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0 && error.Length == 0, $"{tool}: {error}");
        return target;
    }
}
