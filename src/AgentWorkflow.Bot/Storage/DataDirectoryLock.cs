using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// A lock that one process holds in the data directory and the kernel takes back when that process ends, however it ends.
/// It says that one <c>serve</c> works on a SQLite file, and lets one process migrate at a time.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holderPath;

    private DataDirectoryLock(FileStream file, string holderPath)
    {
        _file = file;
        _holderPath = holderPath;
    }

    /// <summary>The lock of <c>serve</c>.</summary>
    public const string Serve = "serve";

    /// <summary>Takes the lock, or says who holds it.</summary>
    /// <exception cref="StorageException">Another process holds it; the message names it.</exception>
    public static DataDirectoryLock Acquire(string directory, string name)
    {
        if (TryAcquire(directory, name, out DataDirectoryLock? held, out string? holder))
        {
            return held;
        }

        string who = holder is null ? "another process" : $"process {holder}";
        throw new StorageException("AW2512", $"'{directory}' is in use: {who} holds {name}.lock; end it, or set DataDirectory to another folder.");
    }

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="directory">The data directory; it is created when absent.</param>
    /// <param name="name">The lock's name: the file is <c>NAME.lock</c>.</param>
    /// <param name="held">The lock.</param>
    /// <param name="holder">The process id of the holder, where it is known.</param>
    public static bool TryAcquire(string directory, string name, [NotNullWhen(true)] out DataDirectoryLock? held, out string? holder)
    {
        Directory.CreateDirectory(directory);
        string holderPath = Path.Combine(directory, name + ".pid");
        holder = null;
        held = null;
        try
        {
            held = new DataDirectoryLock(new FileStream(Path.Combine(directory, name + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), holderPath);
        }
        catch (IOException) when (File.Exists(Path.Combine(directory, name + ".lock")))
        {
            // The locked file cannot be opened, so the process id stands in one beside it.
            holder = File.Exists(holderPath) ? File.ReadAllText(holderPath).Trim() : null;
            return false;
        }

        File.WriteAllText(holderPath, $"{Environment.ProcessId}\n");
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The lock file itself stays: deleting a file that another process is about to lock would let two hold it.
        File.Delete(_holderPath);
        _file.Dispose();
    }
}
