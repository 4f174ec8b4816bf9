using AgentWorkflow.Bot.Forges.Git;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>
/// Writes all objects of a commit into a repository as one pack: one file and one sync whatever their number, where an object a file
/// costs a file system walk each. Objects become visible together, when the index appears under its final name.
/// </summary>
internal sealed class PackWriter : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _file;
    private bool _finished;

    /// <summary>Starts a pack.</summary>
    /// <param name="objects">The repository's folder <c>objects</c>.</param>
    /// <param name="name">A name for the unfinished file that nobody else uses.</param>
    /// <param name="there">The hexadecimal ids of objects that need not be stored again.</param>
    public PackWriter(string objects, string name, IReadOnlySet<string> there)
    {
        _folder = Path.Combine(objects, "pack");
        Directory.CreateDirectory(_folder);

        // git removes files of this name when it tidies up, so nothing stays for ever of a process that was killed.
        _file = new FileStream(Path.Combine(_folder, "tmp_pack_" + name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read, 128 * 1024);
        Pack = new PackFile(_file, there);
    }

    /// <summary>Where the objects go.</summary>
    public PackFile Pack { get; }

    /// <summary>Makes the objects part of the repository, durably.</summary>
    public void Finish()
    {
        _finished = true;
        if (Pack.Entries.Count == 0)
        {
            _file.Dispose();
            File.Delete(_file.Name);
            return;
        }

        byte[] checksum = Pack.Finish();
        _file.Flush(flushToDisk: true);
        _file.Dispose();

        string path = Path.Combine(_folder, "pack-" + Convert.ToHexStringLower(checksum));
        string index = _file.Name + ".idx";
        PackIndex.Write(index, Pack.Entries, checksum);
        File.Move(_file.Name, path + ".pack", overwrite: true);

        // Readers look for the index; it comes last.
        File.Move(index, path + ".idx", overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (!_finished)
        {
            File.Delete(_file.Name);
        }
    }
}
