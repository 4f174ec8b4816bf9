using System.Globalization;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>
/// Follows one command from its start to its end and ends it when it passes a limit. RLIMIT_AS is not used: .NET cannot start
/// under it, so memory is counted from outside.
/// </summary>
internal sealed class Supervisor(TimeProvider time)
{
    private const long FreeFloor = 256L << 20;
    private static readonly TimeSpan s_calm = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_alert = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_lastOutput = TimeSpan.FromSeconds(2);

    /// <summary>Waits until the command ended, by itself, by a limit or by cancellation.</summary>
    /// <param name="child">The process on the host that stands for it.</param>
    /// <param name="command">The command.</param>
    /// <param name="folders">Folders whose growth counts as disk.</param>
    /// <param name="kill">Ends the command and all it started; called at most a few times.</param>
    /// <param name="cancellationToken">Kills the command, waits for its end, then throws.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is alive any more.</exception>
    public async Task<SandboxResult> FollowAsync(
        ChildProcess child, SandboxCommand command, IReadOnlyList<string> folders, Func<Task> kill, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        using CancellationTokenSource deaf = new();
        OutputLines lines = new(command.Limits.OutputBytes, command.Output);
        Task pumps = Task.WhenAll(lines.PumpAsync(child.Output, deaf.Token), lines.PumpAsync(child.Error, deaf.Token));
        DiskWatch disk = new(folders, time);
        string? limit = null;
        while (limit is null && !child.Exited.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            ProcessTree tree = ProcessTree.Below(child.Id);
            limit = Passed(command.Limits, time.GetElapsedTime(start), tree, lines, disk);
            if (limit is null)
            {
                TimeSpan pause = tree.MemoryBytes > command.Limits.MemoryBytes / 4 ? s_alert : s_calm;
                await Task.WhenAny(child.Exited, lines.Full, Task.Delay(pause, time, cancellationToken));
            }
        }

        if (!child.Exited.IsCompleted)
        {
            await EndAsync(child, kill);
        }

        int code = await child.Exited;

        // Everything that could write is dead in a box; on the host something may have kept the pipe.
        await Task.WhenAny(pumps, Task.Delay(s_lastOutput, time, CancellationToken.None));
        await deaf.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        limit ??= lines.Full.IsCompleted ? Output(command.Limits) : disk.Passed(command.Limits.DiskBytes, now: true);
        return new SandboxResult(code, time.GetElapsedTime(start), limit);
    }

    private async Task EndAsync(ChildProcess child, Func<Task> kill)
    {
        do
        {
            await kill();
        }
        while (await Task.WhenAny(child.Exited, Task.Delay(s_calm, time, CancellationToken.None)) != child.Exited);
    }

    private static string? Passed(SandboxLimits limits, TimeSpan elapsed, ProcessTree tree, OutputLines lines, DiskWatch disk) =>
        elapsed > limits.Time ? $"time: it ran longer than {Say(limits.Time)}"
        : tree.MemoryBytes > limits.MemoryBytes ? $"memory: all processes together used more than {Say(limits.MemoryBytes)}"
        : tree.Tasks > limits.Processes ? string.Create(CultureInfo.InvariantCulture, $"processes: more than {limits.Processes} processes and threads")
        : lines.Full.IsCompleted ? Output(limits)
        : DiskWatch.IsNearlyFull(disk) ? $"disk: less than {Say(FreeFloor)} of the host's disk is free"
        : disk.Passed(limits.DiskBytes, now: false);

    private static string Output(SandboxLimits limits) => $"output: more than {Say(limits.OutputBytes)} of output";

    private static string Say(TimeSpan span) => span.TotalSeconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0.#} minutes");

    private static string Say(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.#} MiB");

    /// <summary>Counts folders seldom enough that counting stays a small part of the work.</summary>
    private sealed class DiskWatch(IReadOnlyList<string> folders, TimeProvider time)
    {
        private const int Share = 20;
        private static readonly TimeSpan s_often = TimeSpan.FromSeconds(1);
        private readonly long _before = folders.Sum(FolderSize.Of);
        private long _last = time.GetTimestamp();
        private TimeSpan _next = s_often;

        public static bool IsNearlyFull(DiskWatch watch) => watch.Folders.Any(f => Free(f) < FreeFloor);

        private IReadOnlyList<string> Folders => folders;

        public string? Passed(long limit, bool now)
        {
            if (!now && time.GetElapsedTime(_last) < _next)
            {
                return null;
            }

            long start = time.GetTimestamp();
            long grown = folders.Sum(FolderSize.Of) - _before;
            _last = time.GetTimestamp();
            TimeSpan pause = Share * time.GetElapsedTime(start);
            _next = pause > s_often ? pause : s_often;
            return grown > limit ? $"disk: it wrote more than {Say(limit)}" : null;
        }

        private static long Free(string folder)
        {
            try
            {
                return new DriveInfo(folder).AvailableFreeSpace;
            }
            catch (IOException)
            {
                return long.MaxValue;
            }
        }
    }
}
