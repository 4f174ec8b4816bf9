using System.Diagnostics;

namespace AgentWorkflow.Bench.Measuring;

/// <summary>A program of this machine.</summary>
internal static class Tool
{
    /// <summary>True where it is on the PATH.</summary>
    public static bool IsThere(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Runs it to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(string name, string[] arguments, string folder, Func<Stream, Task>? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using Process process = Start(name, arguments, folder, environment, readErrors: true);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await input(process.StandardInput.BaseStream);
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
    }

    /// <summary>Starts it.</summary>
    public static Process Start(string name, string[] arguments, string folder, IReadOnlyDictionary<string, string>? environment = null, bool readErrors = false)
    {
        ProcessStartInfo start = new(name, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = readErrors,
        };
        foreach ((string key, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[key] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
    }
}
