using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Contents as files, <c>ab/cd...</c>. A content is written beside its place, flushed and then renamed, so that a name never
/// stands for half a content, whenever the process or the machine stops.
/// </summary>
internal sealed class DiskContentStore : IContentStore
{
    private const int DigestLength = 64;
    private readonly string _root;
    private readonly string _incoming;
    private long _count;

    /// <summary>Opens the store. Its folder is made when something is put: commands that keep nothing leave nothing behind.</summary>
    /// <param name="root">The folder, absolute.</param>
    public DiskContentStore(string root)
    {
        _root = root;
        _incoming = Path.Combine(root, "incoming");
    }

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        string place = PlaceOf(sha256);
        if (File.Exists(place) && new FileInfo(place).Length == content.Length)
        {
            return sha256;
        }

        string folder = Path.Combine(_root, sha256[..2]);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            Flush(_root);
        }

        Directory.CreateDirectory(_incoming);
        string temporary = Path.Combine(_incoming, $"{sha256}.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}");
        try
        {
            await WriteAsync(temporary, content, cancellationToken);

            // Two writers of one content rename the same bytes onto each other.
            File.Move(temporary, place, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        Flush(folder);
        return sha256;
    }

    /// <inheritdoc/>
    public Stream OpenRead(string sha256)
    {
        string place = IsDigest(sha256) ? PlaceOf(sha256) : throw new FileNotFoundException($"'{sha256}' is not the digest of a content.");
        try
        {
            return new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 16 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException($"The content {sha256} is not stored.", place, e);
        }
    }

    /// <inheritdoc/>
    public bool Contains(string sha256) => IsDigest(sha256) && File.Exists(PlaceOf(sha256));

    /// <summary>Removes what writers left that were stopped. Only for the start, when nobody writes.</summary>
    public void Sweep()
    {
        foreach (string left in Directory.Exists(_incoming) ? Directory.EnumerateFiles(_incoming) : [])
        {
            File.Delete(left);
        }
    }

    private static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await file.WriteAsync(content, cancellationToken);
        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }

    // A rename is durable when its folder is; .NET opens no folders, the system does.
    private static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        FolderSync.Flush(folder);
    }

    private string PlaceOf(string sha256) => Path.Combine(_root, sha256[..2], sha256[2..]);
}
