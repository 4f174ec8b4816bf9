using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>Objects as files: written beside their place, flushed and renamed, so that no half object is ever seen.</summary>
/// <param name="root">The folder, absolute.</param>
/// <param name="random">Tells writers apart.</param>
internal sealed class DiskObjectStore(string root, IRandomSource random) : IObjectStore
{
    private const int Attempts = 5;
    private const int BufferSize = 128 * 1024;
    private const string Unfinished = ".tmp";

    /// <inheritdoc/>
    public Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        WriteFileAsync(AddressOf(name), random, write, cancellationToken);

    /// <summary>Writes any file the same way.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static async Task WriteFileAsync(string path, IRandomSource random, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/");
        await using FileStream file = Begin(path, random);
        try
        {
            await write(file, cancellationToken);
            Sync(file);

            // Moved while it is held: let go of first, it would look like the remains of a writer that died.
            File.Move(file.Name, path, overwrite: true);
        }
        finally
        {
            File.Delete(file.Name);
        }
    }

    /// <inheritdoc/>
    public Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken)
    {
        FileInfo file = new(AddressOf(name));
        return Task.FromResult(file.Exists ? new StoredObject(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, long offset, CancellationToken cancellationToken)
    {
        string path = AddressOf(name);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
            file.Position = offset;
            return Task.FromResult<Stream>(file);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            throw ObjectNames.Missing(name, e);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = AddressOf(name);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        DirectoryInfo place = new(AddressOf(folder));
        foreach (FileInfo file in place.Exists ? place.EnumerateFiles("*", SearchOption.AllDirectories) : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Extension != Unfinished)
            {
                yield return new StoredObject(Path.GetRelativePath(root, file.FullName).Replace('\\', '/'), file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
            }
        }
    }

    /// <inheritdoc/>
    public string AddressOf(string name) => Path.Combine(root, ObjectNames.Check(name));

    /// <inheritdoc/>
    public Task<Uri?> LinkAsync(string name, TimeSpan lifetime) => Task.FromResult<Uri?>(null);

    /// <summary>
    /// An unfinished file that nobody else deletes. A file is made and then locked, and in between another writer may take it
    /// for remains: so only one that is still there once it is locked counts.
    /// </summary>
    private static FileStream Begin(string path, IRandomSource random)
    {
        DeleteLeftovers(path);
        for (int attempt = 1; ; attempt++)
        {
            string unfinished = $"{path}.{random.NextBase32(8)}{Unfinished}";
            try
            {
                FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, useAsync: false);
                if (File.Exists(unfinished))
                {
                    return file;
                }

                file.Dispose();
            }
            catch (IOException) when (attempt < Attempts)
            {
                // Taken for remains at this very moment; a disk that is full says so again.
            }
        }
    }

    /// <summary>Deletes what writers of this file left that died; one that is at work holds its file.</summary>
    private static void DeleteLeftovers(string path)
    {
        foreach (string leftover in Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", $"{Path.GetFileName(path)}.*{Unfinished}"))
        {
            try
            {
                // Not FileOptions.DeleteOnClose: that deletes the file also where the lock was refused.
                using FileStream held = new(leftover, FileMode.Open, FileAccess.Write, FileShare.None);
                File.Delete(leftover);
            }
            catch (IOException)
            {
                // Somebody is writing it, or it is gone already.
            }
        }
    }

    private static void Sync(FileStream file) => file.Flush(flushToDisk: true);
}
