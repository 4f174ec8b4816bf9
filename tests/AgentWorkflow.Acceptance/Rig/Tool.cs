using System.Diagnostics;
using System.Security.Cryptography;

namespace AgentWorkflow.Acceptance.Rig;

/// <summary>Programs of the machine that tests look with.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end in a folder.</summary>
    public static async Task<Ended> RunAsync(string folder, string program, params IEnumerable<string> arguments)
    {
        using StartedProgram started = new(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder }, input: null);
        return await started.EndAsync();
    }

    /// <summary>What git says, without the last line break.</summary>
    public static async Task<string> GitAsync(string folder, params string[] arguments) =>
        (await RunAsync(folder, "git", ["-c", "user.name=Tester", "-c", "user.email=tester@example.invalid", .. arguments])).Require(0).Output.TrimEnd('\n');

    /// <summary>The SHA-256 of a file.</summary>
    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Skips the test where a program is absent.</summary>
    public static void Require(params string[] programs)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        foreach (string program in programs)
        {
            Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, program))), $"'{program}' is not installed here.");
        }
    }
}
