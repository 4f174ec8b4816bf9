namespace AgentWorkflow.Bot.Sandbox;

/// <summary>
/// The host's toolchains at their real place. Version managers put a small script in front of the real program (pyenv, asdf,
/// volta), so a program is asked where it lives instead of trusting the PATH.
/// </summary>
/// <param name="Folders">Folders outside <c>/usr</c> that have to be visible for the programs to work.</param>
/// <param name="Path">The folders of the programs, in the order of the host's PATH.</param>
internal sealed record Toolchains(IReadOnlyList<string> Folders, IReadOnlyList<string> Path)
{
    private static readonly string[] s_standard = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Finds dotnet, node with npm, and python3; what is not there is left out.</summary>
    public static async Task<Toolchains> FindAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        List<(string Folder, string Programs)> found = [];
        await Add("dotnet", ["--list-sdks"], DotNet);
        await Add("node", ["-p", "process.execPath"], Node);
        await Add("python3", ["-c", "import sys; print(sys.base_prefix)"], Python);
        return new Toolchains(
            [.. found.Select(f => f.Folder).Where(f => !IsBelow(f, "/usr")).Distinct()],
            [.. found.Select(f => f.Programs).Where(f => !s_standard.Contains(f)).Distinct()]);

        async Task Add(string name, IReadOnlyList<string> question, Func<string, (string Folder, string Programs)?> read)
        {
            if (HostTool.Find(name) is { } program)
            {
                (int code, string answer) = await HostTool.RunAsync(program, question, time, cancellationToken);
                if (code == 0 && read(answer.Trim()) is { } place && (IsBelow(place.Folder, "/usr") || IsNarrow(place.Folder)))
                {
                    found.Add(place);
                }
            }
        }
    }

    /// <summary>
    /// True for a folder that may be shown to commands: absolute, at least two levels deep, and neither the home folder nor
    /// something above it. A program lying loose in the home folder must not open all of it.
    /// </summary>
    public static bool IsNarrow(string folder)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return System.IO.Path.IsPathFullyQualified(folder)
            && folder.Split('/', StringSplitOptions.RemoveEmptyEntries).Length >= 2
            && Directory.Exists(folder)
            && !IsBelow(home, folder);
    }

    /// <summary>True when the path is the folder or lies in it.</summary>
    public static bool IsBelow(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    // "10.0.401 [/usr/share/dotnet/sdk]"
    private static (string Folder, string Programs)? DotNet(string answer)
    {
        string last = answer.Split('\n')[^1];
        int open = last.IndexOf('[');
        string? folder = open < 0 ? null : System.IO.Path.GetDirectoryName(last[(open + 1)..].TrimEnd(']'));
        return folder is null ? null : (folder, folder);
    }

    private static (string Folder, string Programs)? Node(string answer)
    {
        string? programs = System.IO.Path.GetDirectoryName(answer);
        string? folder = System.IO.Path.GetDirectoryName(programs);
        return programs is null || folder is null ? null : (folder, programs);
    }

    private static (string Folder, string Programs)? Python(string answer) => (answer, System.IO.Path.Combine(answer, "bin"));
}
