using System.Formats.Tar;
using System.IO.Compression;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Exports;

/// <summary>
/// Writes the files of a tree as an archive. Names are sorted, times and owners fixed, so the same tree gives the same bytes
/// with the same .NET; contents are streamed, whatever their size.
/// </summary>
internal sealed class ArchiveWriter(IContentStore contents)
{
    private const int RegularFile = 0x8000;

    // The first day that a ZIP can say.
    private static readonly DateTimeOffset s_time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes the archive and returns its size and digest; the stream need not seek and stays open.</summary>
    /// <param name="tree">The files.</param>
    /// <param name="rootFolder">The folder that all of them stand in.</param>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Cancels between two pieces of a file.</param>
    /// <param name="tell">Is told the percent of the bytes that are in, where it has grown by a tenth; null when nobody wants to know.</param>
    public async Task<ArchiveFacts> WriteAsync(
        WorkspaceTree tree, string rootFolder, ArchiveFormat format, Stream output, CancellationToken cancellationToken, Func<int, Task>? tell = null)
    {
        using DigestStream digest = new(output);
        ArchiveProgress progress = new(tree.TotalSize, tell);
        if (format == ArchiveFormat.Zip)
        {
            await WriteZipAsync(tree, rootFolder, digest, progress, cancellationToken);
        }
        else if (format == ArchiveFormat.Tar)
        {
            await WriteTarAsync(tree, rootFolder, digest, progress, cancellationToken);
        }
        else
        {
            await using GZipStream gzip = new(digest, CompressionLevel.Optimal, leaveOpen: true);
            await WriteTarAsync(tree, rootFolder, gzip, progress, cancellationToken);
        }

        return digest.Finish();
    }

    private async Task WriteZipAsync(WorkspaceTree tree, string rootFolder, Stream output, ArchiveProgress progress, CancellationToken cancellationToken)
    {
        await using ZipArchive zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach ((RepoPath path, FileEntry file) in tree.Files)
        {
            ZipArchiveEntry entry = zip.CreateEntry($"{rootFolder}/{path}", CompressionLevel.Optimal);
            entry.LastWriteTime = s_time;

            // The upper half is what Unix tools read: without it an executable file loses its bit.
            entry.ExternalAttributes = (RegularFile | (int)ModeOf(file)) << 16;
            await using Stream target = await entry.OpenAsync(cancellationToken);
            await using Stream content = contents.OpenRead(file.Sha256);
            await content.CopyToAsync(target, cancellationToken);
            await progress.AddAsync(file.Size);
        }
    }

    private async Task WriteTarAsync(WorkspaceTree tree, string rootFolder, Stream output, ArchiveProgress progress, CancellationToken cancellationToken)
    {
        // The GNU format: .NET's pax headers name the process that wrote them, which differs each time.
        await using TarWriter tar = new(output, TarEntryFormat.Gnu, leaveOpen: true);
        foreach ((RepoPath path, FileEntry file) in tree.Files)
        {
            await using Stream content = contents.OpenRead(file.Sha256);
            GnuTarEntry entry = new(TarEntryType.RegularFile, $"{rootFolder}/{path}") { Mode = ModeOf(file), ModificationTime = s_time, DataStream = content };
            await tar.WriteEntryAsync(entry, cancellationToken);
            await progress.AddAsync(file.Size);
        }
    }

    private static UnixFileMode ModeOf(FileEntry file)
    {
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return file.Executable ? Read | Execute : Read;
    }
}

/// <summary>How far an archive is, told at most ten times.</summary>
internal sealed class ArchiveProgress(long total, Func<int, Task>? tell)
{
    private const int Step = 10;

    // Below this an archive is done before anybody could ask.
    private const long WorthTelling = 8 * 1024 * 1024;
    private long _done;
    private int _told;

    /// <summary>A file is in.</summary>
    public async Task AddAsync(long bytes)
    {
        _done += bytes;
        int percent = total < WorthTelling ? 0 : (int)Math.Min(99, _done * 100 / total);
        if (tell is not null && percent >= _told + Step)
        {
            _told = percent;
            await tell(percent);
        }
    }
}

/// <summary>What was written.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
internal sealed record ArchiveFacts(long Size, string Sha256);
