using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>
/// Moves a branch from an expected commit to a new one, or does nothing: git's own protocol of a <c>.lock</c> file beside the
/// reference, so that it also holds against a <c>git push</c> of that moment. (libgit2 compares with what it has just read
/// itself, not with what the caller expects.) A kernel lock keeps our own processes apart, and names what a killed one left behind.
/// </summary>
internal sealed class ReferenceUpdate(TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);

    /// <summary>Sets the branch; false when it is not at <paramref name="expected"/> (null: not there).</summary>
    /// <exception cref="ForgeException">Another program holds the branch's lock.</exception>
    public async Task<bool> TrySetAsync(BareRepository repository, string reference, CommitId? expected, CommitId to, CancellationToken cancellationToken)
    {
        await using FileStream turn = await TakeTurnAsync(repository.Path, reference, cancellationToken);
        string path = Path.Combine(repository.Path, reference);
        await ForgetLockOfADeadProcessAsync(turn, repository.Path, cancellationToken);
        if (repository.IsBlocked(reference))
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? repository.Path);
        await using (FileStream file = await LockAsync(path + ".lock", reference, cancellationToken))
        {
            await NoteAsync(turn, reference, cancellationToken);
            if (repository.Find(reference) != expected)
            {
                File.Delete(path + ".lock");
                await NoteAsync(turn, "", cancellationToken);
                return false;
            }

            WriteDurably(file, to.Value + "\n");
        }

        CrashPoint.Here("locked:reference");
        File.Move(path + ".lock", path, overwrite: true);
        CrashPoint.Here("moved:reference");
        await NoteAsync(turn, "", CancellationToken.None); // The branch has moved: what follows may not be cut off.
        return true;
    }

    private async Task<FileStream> TakeTurnAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(repository, "agentworkflow.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(repository) && time.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(s_step, time, cancellationToken);
            }
            catch (IOException exception)
            {
                throw new ForgeException(ForgeFault.Unavailable, $"'{reference}' in '{repository}' cannot be updated: another process of the bot is at it.", exception);
            }
        }
    }

    private async Task<FileStream> LockAsync(string path, string reference, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            }
            catch (IOException) when (File.Exists(path) && time.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(s_step, time, cancellationToken);
            }
            catch (IOException exception) when (File.Exists(path))
            {
                throw new ForgeException(ForgeFault.Unavailable, $"'{reference}' is locked by another program; if none is running, delete '{path}'.", exception);
            }
        }
    }

    // The turn's file names the branch whose lock its holder made; who gets the turn and finds a name there follows a dead holder.
    private static async Task ForgetLockOfADeadProcessAsync(FileStream turn, string repository, CancellationToken cancellationToken)
    {
        if (turn.Length > 0)
        {
            using StreamReader reader = new(turn, leaveOpen: true);
            string left = await reader.ReadToEndAsync(cancellationToken);
            File.Delete(Path.Combine(repository, left + ".lock"));
        }
    }

    private static void WriteDurably(FileStream file, string text)
    {
        file.Write(System.Text.Encoding.ASCII.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    private static async Task NoteAsync(FileStream turn, string reference, CancellationToken cancellationToken)
    {
        turn.SetLength(0);
        await turn.WriteAsync(System.Text.Encoding.ASCII.GetBytes(reference), cancellationToken);
        await turn.FlushAsync(cancellationToken);
    }
}
