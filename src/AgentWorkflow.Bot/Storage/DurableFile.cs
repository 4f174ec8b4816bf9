namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Files that appear whole or not at all, whenever the process or the machine stops: written beside their place, flushed,
/// renamed, and the name flushed too.
/// </summary>
/// <param name="incoming">The folder for what is being written, on the same disk as the places.</param>
internal sealed class DurableFile(string incoming)
{
    private long _count;

    /// <summary>Writes the parts one after the other as one file; a file that is there already is replaced.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task WriteAsync(string place, IReadOnlyList<ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(incoming);
        string temporary = Temporary(Path.GetFileName(place));
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, FileOptions.Asynchronous, parts.Sum(p => (long)p.Length)))
            {
                await RandomAccess.WriteAsync(file, parts, fileOffset: 0, cancellationToken);
                RandomAccess.FlushToDisk(file);
            }

            Move(temporary, place);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes a file whose place is known when it is written.</summary>
    /// <param name="write">Writes the content and returns the place.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task WriteAsync(Func<Stream, Task<string>> write)
    {
        Directory.CreateDirectory(incoming);
        string temporary = Temporary("stream");
        try
        {
            string place;
            await using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
            {
                place = await write(file);
                RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            Move(temporary, place);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Removes what writers left that were stopped. Only for the start, when nobody writes.</summary>
    public void Sweep()
    {
        foreach (string left in Directory.Exists(incoming) ? Directory.EnumerateFiles(incoming) : [])
        {
            File.Delete(left);
        }
    }

    private string Temporary(string name) => Path.Combine(incoming, $"{name}.{Environment.ProcessId}.{Interlocked.Increment(ref _count)}");

    // Two writers of one place rename the same bytes onto each other.
    private static void Move(string temporary, string place)
    {
        string folder = Path.GetDirectoryName(place) ?? throw new ArgumentException($"'{place}' is in no folder.", nameof(place));
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            Flush(Path.GetDirectoryName(folder) ?? folder);
        }

        File.Move(temporary, place, overwrite: true);
        Flush(folder);
    }

    // A rename is durable when its folder is; .NET opens no folders, the system does.
    private static void Flush(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            FolderSync.Flush(folder);
        }
    }
}
