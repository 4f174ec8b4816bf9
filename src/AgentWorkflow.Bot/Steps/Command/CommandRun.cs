using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps.Command.Reports;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>One run of a command step on files that are checked out: install, run, look at what is there.</summary>
internal sealed class CommandRun(ISandbox sandbox, string sandboxName, PrivateFolder folder, StepContext context)
{
    private const long LongestReport = TestReportReader.MaxBytes;
    private const int NotFound = 127;
    private static readonly string[] s_versioned = ["dotnet", "node", "npm", "python3", "cargo", "make"];
    private readonly CommandLog _log = new(context.Log);
    private readonly List<CommandRecord> _commands = [];
    private readonly List<string> _digests = [];

    /// <summary>Where the files are on the host.</summary>
    public string WorkFolder { get; } = folder.Add("work");

    private string CacheFolder { get; } = folder.Add("cache");

    /// <summary>Runs all groups, one after the other. A fault of the workflow's own commands is the last thing that is run.</summary>
    /// <returns>The facts, without a verdict, and the groups that were run.</returns>
    public async Task<(Verification Facts, IReadOnlyList<GroupResult> Results)> RunAsync(WorkspaceTree tree, IReadOnlyList<CommandGroup> groups, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> toolchain = await ToolchainAsync(groups, cancellationToken);
        WorkFiles files = new(WorkFolder);
        List<GroupResult> results = [];
        foreach (CommandGroup group in groups)
        {
            string? failed = await CommandsAsync(group, cancellationToken);
            results.Add(await ReadAsync(group, failed, files, tree, cancellationToken));
            if (failed is not null && !group.IsOfBase)
            {
                break;
            }
        }

        RepoPath? changed = await files.FirstChangedAsync(tree, cancellationToken);
        bool asked = groups.Any(g => g.Reports.Count > 0);
        return (new Verification
        {
            Sandbox = sandboxName,
            Isolated = sandbox.Isolates,
            Tree = tree.Fingerprint(),
            Commands = _commands,
            Tests = asked ? new TestReport([.. results.SelectMany(r => r.Cases)]) : null,
            ReportDigest = _digests.Count == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(_digests.Select(d => d + "\n"))))),
            Faults = changed is null ? [] : [$"the commands changed '{changed}', so they did not test the files of the pull request"],
            Toolchain = toolchain,
            Log = _log.Text,
        }, results);
    }

    // What failed, or null.
    private async Task<string?> CommandsAsync(CommandGroup group, CancellationToken cancellationToken)
    {
        foreach ((string phase, IReadOnlyList<string> arguments) in group.Install.Select(a => ("install", a)).Concat(group.Run.Select(a => ("run", a))))
        {
            string line = string.Join(' ', arguments.Select(Shown));
            string place = group.Directory.Length == 0 ? "" : $"in {group.Directory}: ";
            context.Log.Progress($"{place}{line}  (sandbox: {sandboxName}{(phase == "run" && sandbox.Isolates ? ", no network" : "")})");
            _log.Write($"$ {place}{line}");
            SandboxResult result = await sandbox.RunAsync(Command(arguments, group.Directory, phase == "install", _log.Write), cancellationToken);
            _commands.Add(new CommandRecord(phase, arguments, result.ExitCode, Math.Round(result.Duration.TotalSeconds, 2)) { Directory = group.Directory });
            if (result.Limit is not null || result.ExitCode != 0)
            {
                string how = result.Limit is { } limit ? $"was ended, {limit}" : $"ended with exit code {result.ExitCode}";
                _log.Write($"{line} {how}");
                return $"'{line}' {how}{(result is { Limit: null, ExitCode: NotFound } ? ", as for a program that is not there" : "")}";
            }
        }

        return null;
    }

    private async Task<IReadOnlyDictionary<string, string>> ToolchainAsync(IReadOnlyList<CommandGroup> groups, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach (string program in groups.SelectMany(g => g.Install.Concat(g.Run)).Select(a => a[0]).Distinct().Where(s_versioned.Contains))
        {
            List<string> said = [];
            SandboxResult result = await sandbox.RunAsync(Command([program, "--version"], "", false, said.Add), cancellationToken);
            if (result is { ExitCode: 0, Limit: null } && said.Count > 0)
            {
                versions[program] = said[^1].Replace("Python ", "", StringComparison.Ordinal).TrimStart('v');
            }
        }

        return versions;
    }

    private async Task<GroupResult> ReadAsync(CommandGroup group, string? failed, WorkFiles files, WorkspaceTree tree, CancellationToken cancellationToken)
    {
        List<string> faults = failed is null ? [] : [failed];
        TestReportReader reader = new(new SourceLocation(BoxEnvironment.Work, WorkFolder));
        List<TestCase> cases = [];
        int read = 0;

        // A report that was in the repository before is nobody's result, and one that another group left is not this one's.
        foreach (RepoPath path in group.Reports.Count == 0 ? [] : files.Find(group.Reports).Where(p => !tree.Files.ContainsKey(p)))
        {
            byte[]? content = await files.ReadAsync(path, LongestReport, cancellationToken);
            string digest = $"{(content is null ? "too large" : Convert.ToHexStringLower(SHA256.HashData(content)))} {path}";
            if (_digests.Contains(digest))
            {
                continue;
            }

            _digests.Add(digest);
            read++;
            try
            {
                cases.AddRange(reader.Read(content ?? throw new ReportException($"it is larger than {LongestReport >> 20} MiB")).Cases);
            }
            catch (ReportException unreadable)
            {
                faults.Add($"the report '{path}' cannot be read: {unreadable.Message}");
            }
        }

        AddFaults(group, cases, read, faults);
        return new GroupResult(group, cases, faults);
    }

    private static void AddFaults(CommandGroup group, List<TestCase> cases, int read, List<string> faults)
    {
        int failed = cases.Count(c => c.Outcome == TestOutcome.Failed);
        if (faults.Count == 0 && cases.Count == 0 && group.Reports.Count > 0)
        {
            faults.Add($"no tests were found: {(read == 0 ? $"the commands wrote no report that fits {string.Join(", ", group.Reports.Select(g => $"'{g.Text}'"))}" : "the reports name none")}");
        }
        else if (faults.Count == 0 && cases.Count > 0 && cases.TrueForAll(c => c.Outcome == TestOutcome.Skipped))
        {
            faults.Add($"all {cases.Count} tests were skipped");
        }

        if (failed > 0)
        {
            // What people want to know first is the tests, not the exit code that follows from them.
            faults.Insert(0, $"{failed} of {cases.Count} tests failed");
        }
    }

    private SandboxCommand Command(IReadOnlyList<string> arguments, string directory, bool network, Action<string> output) => new()
    {
        Arguments = arguments,
        WorkFolder = WorkFolder,
        CacheFolder = CacheFolder,
        Directory = directory,
        Network = network,
        Limits = SandboxLimits.Default,
        Output = output,
    };

    private static string Shown(string argument) =>
        TerminalText.Strip(argument.Length > 0 && !argument.Any(char.IsWhiteSpace) ? argument : $"'{argument.ReplaceLineEndings(" ")}'");
}
