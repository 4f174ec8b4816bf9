namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Runs other people's commands apart from everything else. One file and one registration line each.</summary>
internal interface ISandbox
{
    /// <summary>The name in <c>Sandbox__Provider</c> and in verification records.</summary>
    string Name { get; }

    /// <summary>True when commands are really kept apart; false for the host itself.</summary>
    bool Isolates { get; }

    /// <summary>A real trial run: null when it works, else one sentence with what is missing.</summary>
    Task<string?> TryAsync(CancellationToken cancellationToken);

    /// <summary>Runs one command and waits until it and all it started have ended.</summary>
    Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken);
}

/// <summary>One command.</summary>
internal sealed record SandboxCommand
{
    /// <summary>Program and arguments; never a shell line.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The folder with the files, writable, absolute on the host.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>A folder that outlives the command and is shared by the commands of one step: package caches. Absolute on the host.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>The folder to start in, relative to <see cref="WorkFolder"/>; empty for the work folder itself.</summary>
    public string Directory { get; init; } = "";

    /// <summary>True for <c>install</c>: the network and the operator's feed settings are there.</summary>
    public required bool Network { get; init; }

    /// <summary>The limits.</summary>
    public required SandboxLimits Limits { get; init; }

    /// <summary>Gets each line of standard output and standard error as it comes, terminal sequences removed.</summary>
    public required Action<string> Output { get; init; }
}

/// <summary>Limits of one command.</summary>
/// <param name="Time">Wall-clock time.</param>
/// <param name="MemoryBytes">Resident memory of all processes together.</param>
/// <param name="Processes">Processes and threads together.</param>
/// <param name="OutputBytes">Output kept; more ends the command.</param>
/// <param name="DiskBytes">Growth of the work folder and the cache folder.</param>
internal sealed record SandboxLimits(TimeSpan Time, long MemoryBytes, int Processes, long OutputBytes, long DiskBytes)
{
    /// <summary>10 minutes, 4 GiB, 1,024 tasks (a build of .NET starts hundreds of threads), 5 MiB of output, 4 GiB of disk.</summary>
    public static SandboxLimits Default { get; } = new(TimeSpan.FromMinutes(10), 4L << 30, 1024, 5 << 20, 4L << 30);
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">The exit code; 128 + n when signal n ended it.</param>
/// <param name="Duration">Wall-clock time.</param>
/// <param name="Limit">The limit that ended it, in a few words with its value; null when none did.</param>
internal sealed record SandboxResult(int ExitCode, TimeSpan Duration, string? Limit);
