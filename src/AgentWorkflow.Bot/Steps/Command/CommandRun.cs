using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps.Command.Reports;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>One run of a command step: check out, install, run, look at what is there.</summary>
internal sealed class CommandRun(ISandbox sandbox, string sandboxName, PrivateFolder folder, CommandInputs inputs, StepContext context)
{
    private const long LongestReport = TestReportReader.MaxBytes;
    private static readonly string[] s_versioned = ["dotnet", "node", "npm", "python3"];
    private readonly CommandLog _log = new(context.Log);
    private readonly List<CommandRecord> _commands = [];
    private readonly List<string> _faults = [];

    /// <summary>Where the files are on the host.</summary>
    public string WorkFolder { get; } = folder.Add("work");

    private string CacheFolder { get; } = folder.Add("cache");

    /// <summary>Runs all, and stops at the first command that fails.</summary>
    public async Task<Verification> RunAsync(IReadOnlyList<PathGlob> reports, CancellationToken cancellationToken)
    {
        WorkspaceTree tree = context.Workspace.Tree;
        await context.Workspace.CheckOutAsync(WorkFolder, cancellationToken);
        IReadOnlyDictionary<string, string> toolchain = await ToolchainAsync(cancellationToken);
        await CommandsAsync(cancellationToken);

        WorkFiles files = new(WorkFolder);
        if (await files.FirstChangedAsync(tree, cancellationToken) is { } changed)
        {
            _faults.Add($"the commands changed '{changed}', so they did not test the files of the pull request");
        }

        (TestReport? tests, string? digest) = reports.Count == 0 ? (null, null) : await ReportsAsync(files, reports, tree, cancellationToken);
        return new Verification
        {
            Sandbox = sandboxName,
            Isolated = sandbox.Isolates,
            Tree = tree.Fingerprint(),
            Commands = _commands,
            Tests = tests,
            ReportDigest = digest,
            Faults = _faults,
            Toolchain = toolchain,
            Log = _log.Text,
        };
    }

    private async Task CommandsAsync(CancellationToken cancellationToken)
    {
        foreach ((string phase, IReadOnlyList<string> arguments) in inputs.Install.Select(a => ("install", a)).Concat(inputs.Run.Select(a => ("run", a))))
        {
            string line = string.Join(' ', arguments.Select(Shown));
            context.Log.Progress($"{line}  (sandbox: {sandboxName}{(phase == "run" && sandbox.Isolates ? ", no network" : "")})");
            _log.Write($"$ {line}");
            SandboxResult result = await sandbox.RunAsync(Command(arguments, phase == "install", _log.Write), cancellationToken);
            _commands.Add(new CommandRecord(phase, arguments, result.ExitCode, Math.Round(result.Duration.TotalSeconds, 2)));
            if (result.Limit is not null || result.ExitCode != 0)
            {
                string how = result.Limit is { } limit ? $"was ended, {limit}" : $"ended with exit code {result.ExitCode}";
                _log.Write($"{line} {how}");
                _faults.Add($"'{line}' {how}");
                return;
            }
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> ToolchainAsync(CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach (string program in inputs.Install.Concat(inputs.Run).Select(a => a[0]).Distinct().Where(s_versioned.Contains))
        {
            List<string> said = [];
            SandboxResult result = await sandbox.RunAsync(Command([program, "--version"], false, said.Add), cancellationToken);
            if (result is { ExitCode: 0, Limit: null } && said.Count > 0)
            {
                versions[program] = said[^1].Replace("Python ", "", StringComparison.Ordinal).TrimStart('v');
            }
        }

        return versions;
    }

    private async Task<(TestReport? Tests, string? Digest)> ReportsAsync(
        WorkFiles files, IReadOnlyList<PathGlob> globs, WorkspaceTree tree, CancellationToken cancellationToken)
    {
        TestReportReader reader = new(new SourceLocation(BoxEnvironment.Work, WorkFolder));
        List<TestCase> cases = [];
        List<string> digests = [];

        // A report that was in the repository before is nobody's result.
        foreach (RepoPath path in files.Find(globs).Where(p => !tree.Files.ContainsKey(p)))
        {
            byte[]? content = await files.ReadAsync(path, LongestReport, cancellationToken);
            digests.Add($"{(content is null ? "too large" : Convert.ToHexStringLower(SHA256.HashData(content)))} {path}");
            try
            {
                cases.AddRange(reader.Read(content ?? throw new ReportException($"it is larger than {LongestReport >> 20} MiB")).Cases);
            }
            catch (ReportException unreadable)
            {
                _faults.Add($"the report '{path}' cannot be read: {unreadable.Message}");
            }
        }

        TestReport report = new(cases);
        int failed = report.Count(TestOutcome.Failed);
        if (_faults.Count == 0 && cases.Count == 0)
        {
            _faults.Add($"no tests were found: {(digests.Count == 0 ? $"the commands wrote no report that fits {string.Join(", ", globs.Select(g => $"'{g.Text}'"))}" : "the reports name none")}");
        }
        else if (_faults.Count == 0 && report.Count(TestOutcome.Passed) == 0 && failed == 0)
        {
            _faults.Add($"all {cases.Count} tests were skipped");
        }

        if (failed > 0)
        {
            // What people want to know first is the tests, not the exit code that follows from them.
            _faults.Insert(0, $"{failed} of {cases.Count} tests failed");
        }

        return (report, digests.Count == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(digests.Select(d => d + "\n"))))));
    }

    private SandboxCommand Command(IReadOnlyList<string> arguments, bool network, Action<string> output) => new()
    {
        Arguments = arguments,
        WorkFolder = WorkFolder,
        CacheFolder = CacheFolder,
        Directory = inputs.Directory is null or "." ? "" : inputs.Directory,
        Network = network,
        Limits = SandboxLimits.Default,
        Output = output,
    };

    private static string Shown(string argument) =>
        TerminalText.Strip(argument.Length > 0 && !argument.Any(char.IsWhiteSpace) ? argument : $"'{argument.ReplaceLineEndings(" ")}'");
}
