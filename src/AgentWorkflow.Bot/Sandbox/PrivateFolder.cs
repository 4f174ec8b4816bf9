using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>A folder of this process alone, deleted with all in it at the end; what a crash left is swept at the next start.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private const string Prefix = "box-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _held;

    private PrivateFolder(string path, FileStream held)
    {
        Path = path;
        _held = held;
    }

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Makes one below <paramref name="parent"/>.</summary>
    public static PrivateFolder Create(string parent)
    {
        string name = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        string path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent), name);
        Directory.CreateDirectory(parent);
        FileStream held = new(path + ".lock", FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, OwnerOnly);
        return new PrivateFolder(path, held);
    }

    /// <summary>Deletes what processes that are gone left below <paramref name="parent"/>; folders in use are let alone. Returns how many were deleted.</summary>
    public static int Sweep(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return 0;
        }

        int swept = 0;
        foreach (string folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                // Only a dead process's lock can be taken.
                using FileStream free = new(folder + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
                Remove(folder);
                swept++;
            }
            catch (IOException)
            {
                // In use by another process.
            }
        }

        return swept;
    }

    /// <summary>Makes a folder in it.</summary>
    public string Add(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Remove(Path);
        _held.Dispose();
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException) when (!Directory.Exists(folder))
        {
            // Gone is gone.
        }
        catch (Exception hostile) when (hostile is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Names that are not UTF-8, paths too long, folders without rights: what the tools of the system can delete.
            HostTool.RunAsync("chmod", ["-R", "u+rwx", folder], TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
            HostTool.RunAsync("rm", ["-rf", "--one-file-system", folder], TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
        }
    }
}
