using System.Diagnostics;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

/// <summary>The machine's own Python, asked as a process.</summary>
internal static class Python
{
    private static readonly Lazy<string?> Missing = new(FindAbsence);

    /// <summary>Skips the test where there is no Python of 3.11 or newer.</summary>
    public static void SkipWhereAbsent()
    {
        if (Missing.Value is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    /// <summary>Runs Python with a text on its standard input.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, IEnumerable<string> arguments, string input, CancellationToken cancellationToken)
    {
        using Process process = Start(folder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        string text = await output + await errors;
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, text);
    }

    private static Process Start(string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("python3", ["-B", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PYTHONUTF8"] = "1";
        start.Environment.Remove("PYTHONPATH");
        return Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
    }

    private static string? FindAbsence()
    {
        try
        {
            using Process process = Start(Path.GetTempPath(), ["-c", "import sys, sqlite3; sys.exit(sys.version_info < (3, 11))"]);
            process.WaitForExit();
            return process.ExitCode == 0 ? null : "python3 is older than 3.11, or has no sqlite3";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "python3 is not installed";
        }
    }
}
