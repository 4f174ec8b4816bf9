using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Workspaces;

/// <summary>
/// The one place through which files leave steps: paths (P68), collisions (P69), places below files (P70), powerful files
/// (P71), declared places (P72) and quotas (P73). Not thread-safe.
/// </summary>
internal sealed class OutputGate
{
    private readonly PathCollisions _collisions;
    private readonly Dictionary<RepoPath, (long Bytes, long Lines)> _written;
    private long _bytes;
    private long _lines;

    /// <summary>Takes what is there, and what the run wrote before this step.</summary>
    public OutputGate(WorkspaceTree baseTree, WorkspaceTree tree, IContentStore contents)
    {
        _collisions = new PathCollisions(tree.Files.Keys);
        _written = [];
        foreach ((RepoPath path, FileEntry entry) in tree.Files)
        {
            if (!baseTree.Files.TryGetValue(path, out FileEntry? old) || old != entry)
            {
                Count(path, entry.Size, CountLines(contents, entry));
            }
        }
    }

    private OutputGate(OutputGate other)
    {
        _collisions = other._collisions.Copy();
        _written = new Dictionary<RepoPath, (long Bytes, long Lines)>(other._written);
        _bytes = other._bytes;
        _lines = other._lines;
    }

    /// <summary>A gate to try writes on.</summary>
    public OutputGate Copy() => new(this);

    /// <summary>Returns when the file may be written.</summary>
    /// <exception cref="WorkspaceRefusedException">A rule forbids it.</exception>
    public void CheckWrite(RepoPath path, ReadOnlySpan<byte> content, WritePolicy policy)
    {
        // Paths of the repository are read leniently; what is written again is not.
        if (!RepoPath.TryParse(path.Value, out _, out string? refusal))
        {
            throw Refuse("AW1520", $"'{path}' cannot be written: {refusal}.");
        }

        if (_collisions.Check(path) is { } collision)
        {
            throw Refuse("AW1521", $"'{path}' cannot be written: {collision}; choose another name.");
        }

        CheckPlace(path, policy);
        if (ForbiddenBy(policy.Rules, path, content.Length) is { } rule)
        {
            throw Refuse("AW1529", $"'{path}' cannot be written: {rule}, so it could not be pushed.");
        }

        CheckQuota(path, content, policy.Limits);
    }

    /// <summary>Returns when the file may be removed.</summary>
    /// <exception cref="WorkspaceRefusedException">A rule forbids it.</exception>
    public void CheckDelete(RepoPath path, WritePolicy policy)
    {
        if (policy.Declared is null && !_written.ContainsKey(path))
        {
            throw Refuse("AW1524", $"'{path}' cannot be removed: files of the repository are removed only where the workflow declares it.");
        }

        CheckPlace(path, policy);
    }

    /// <summary>Remembers a file that was written.</summary>
    public void Wrote(RepoPath path, ReadOnlySpan<byte> content)
    {
        Forget(path);
        _collisions.Remove(path);
        _collisions.Add(path);
        Count(path, content.Length, Lines(content));
    }

    /// <summary>Forgets a file that was removed.</summary>
    public void Deleted(RepoPath path)
    {
        Forget(path);
        _collisions.Remove(path);
    }

    private static string? ForbiddenBy(IReadOnlyList<FileRule> rules, RepoPath path, long size)
    {
        foreach (FileRule rule in rules)
        {
            if (rule.Forbids(path, size) is { } why)
            {
                return why;
            }
        }

        return null;
    }

    private static void CheckPlace(RepoPath path, WritePolicy policy)
    {
        if (PowerfulFiles.Find(path) is { } kind && !policy.Allows(path, kind))
        {
            throw Refuse("AW1523", $"'{path}' cannot be written: it has power over {Power(kind)} and is not declared for this step.");
        }

        if (policy.Declared is not null && !policy.Declared.Any(g => g.IsMatch(path.Value)))
        {
            string declared = policy.Declared.Count == 0 ? "nothing is declared" : $"declared are {string.Join(", ", policy.Declared)}";
            throw Refuse("AW1524", $"'{path}' cannot be written: {declared}; add it to 'writes' of the step.");
        }
    }

    private void CheckQuota(RepoPath path, ReadOnlySpan<byte> content, WriteLimits limits)
    {
        (long oldBytes, long oldLines) = _written.GetValueOrDefault(path);
        if (!_written.ContainsKey(path) && _written.Count >= limits.Files)
        {
            throw Refuse("AW1525", $"'{path}' cannot be written: a run writes at most {limits.Files} files.");
        }

        if (content.Length > limits.FileBytes)
        {
            throw Refuse("AW1526", $"'{path}' cannot be written: it has {content.Length} bytes and a file has at most {limits.FileBytes}.");
        }

        if (_bytes - oldBytes + content.Length > limits.TotalBytes)
        {
            throw Refuse("AW1527", $"'{path}' cannot be written: a run writes at most {limits.TotalBytes} bytes.");
        }

        if (_lines - oldLines + Lines(content) > limits.Lines)
        {
            throw Refuse("AW1528", $"'{path}' cannot be written: a run writes at most {limits.Lines} lines.");
        }
    }

    private static WorkspaceRefusedException Refuse(string code, string message) => new(code, message);

    private static string Power(PowerfulKind kind) => kind switch
    {
        PowerfulKind.Ci => "what the forge's runners do",
        PowerfulKind.Owners => "who must review",
        PowerfulKind.Git => "what git does",
        PowerfulKind.Hooks => "what editors and hooks run",
        PowerfulKind.Packages => "where packages come from",
        PowerfulKind.Build => "what a build runs",
        PowerfulKind.Agents => "what agents are told",
        _ => "what this bot does",
    };

    private void Count(RepoPath path, long bytes, long lines)
    {
        _written[path] = (bytes, lines);
        _bytes += bytes;
        _lines += lines;
    }

    private void Forget(RepoPath path)
    {
        if (_written.Remove(path, out (long Bytes, long Lines) old))
        {
            _bytes -= old.Bytes;
            _lines -= old.Lines;
        }
    }

    private static long CountLines(IContentStore contents, FileEntry entry)
    {
        using Stream stream = contents.OpenRead(entry.Sha256);
        byte[] content = new byte[entry.Size];
        stream.ReadExactly(content);
        return Lines(content);
    }

    // A picture has no lines: they are there for people who review.
    private static long Lines(ReadOnlySpan<byte> content) =>
        content.IsEmpty || content[..Math.Min(content.Length, 8000)].Contains((byte)0) ? 0 : content.Count((byte)'\n') + (content[^1] == (byte)'\n' ? 0 : 1);
}
