using System.Diagnostics;

namespace AgentWorkflow.Rig.Git;

/// <summary>Starts the git program.</summary>
internal static class GitProgram
{
    /// <summary>Runs it to its end and copies its output.</summary>
    /// <exception cref="InvalidOperationException">git says no.</exception>
    public static async Task RunAsync(string repository, IEnumerable<string> arguments, Stream output, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = Describe(repository, arguments);
        using Process git = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        Task<string> errors = git.StandardError.ReadToEndAsync(cancellationToken);
        await git.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
        await git.WaitForExitAsync(cancellationToken);
        if (git.ExitCode != 0)
        {
            throw new InvalidOperationException($"git ended with {git.ExitCode}: {await errors}");
        }
    }

    /// <summary>Runs it to its end and keeps its output.</summary>
    /// <exception cref="InvalidOperationException">git says no.</exception>
    public static async Task<byte[]> ReadAsync(string repository, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        await RunAsync(repository, arguments, bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>A start with an environment that no setting of the machine disturbs.</summary>
    public static ProcessStartInfo Describe(string repository, IEnumerable<string> arguments) => new("git", arguments)
    {
        WorkingDirectory = repository,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        Environment = { ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_TERMINAL_PROMPT"] = "0", ["LC_ALL"] = "C.UTF-8" },
    };
}
