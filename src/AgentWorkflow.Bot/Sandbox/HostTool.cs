using System.Text;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Runs a tool of the host that is trusted (chown, a toolchain asked for its place) and reads what it says.</summary>
internal static class HostTool
{
    private const int LongestAnswer = 64 << 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The file on the PATH of this process, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathFullyQualified)
        .Select(folder => Path.Combine(folder, name))
        .FirstOrDefault(IsProgram);

    /// <summary>Runs it; the exit code is -1 when it cannot be started or does not end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ["LANG"] = "C.UTF-8",
        };
        return RunAsync(program, arguments, environment, s_patience, time, cancellationToken);
    }

    /// <summary>Runs it with an environment and a patience of its own.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan patience,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        try
        {
            using ChildProcess child = await ChildProcess.StartAsync(program, arguments, environment);
            Task<string> output = ReadAsync(child.Output, cancellationToken);
            Task<string> error = ReadAsync(child.Error, cancellationToken);
            try
            {
                int code = await child.Exited.WaitAsync(patience, time, cancellationToken);
                return (code, await output + await error);
            }
            catch (Exception late) when (late is TimeoutException or OperationCanceledException)
            {
                child.Kill(tree: true);
                await child.Exited;
                cancellationToken.ThrowIfCancellationRequested();
                return (-1, $"{program} did not end in {patience.TotalSeconds:0} s");
            }
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, missing.Message);
        }
    }

    private static bool IsProgram(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows() || File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Length < LongestAnswer)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
            }
        }

        return text.ToString();
    }
}
