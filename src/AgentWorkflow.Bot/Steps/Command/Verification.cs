using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Steps.Command.Reports;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>What came out of a command step: the facts first, then what follows from them.</summary>
internal sealed record Verification
{
    private const int MostCases = 5000;

    /// <summary>The name of the sandbox; <c>none</c> where the one exception applied.</summary>
    public required string Sandbox { get; init; }

    /// <summary>True when the commands were kept apart.</summary>
    public required bool Isolated { get; init; }

    /// <summary>The digest of the tree that was checked out.</summary>
    public required string Tree { get; init; }

    /// <summary>The commands that were run, in order.</summary>
    public IReadOnlyList<CommandRecord> Commands { get; init; } = [];

    /// <summary>What the runner's own reports say; null when none were asked for.</summary>
    public TestReport? Tests { get; init; }

    /// <summary>The digest of the reports; null when there are none.</summary>
    public string? ReportDigest { get; init; }

    /// <summary>What went wrong, in the order of time; empty when nothing did.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What fails on the base commit too, and so is not the change's fault; empty without a base to compare with.</summary>
    public IReadOnlyList<string> Excused { get; init; } = [];

    /// <summary>The repository's own commands, now and on the base commit; null where none were run again.</summary>
    public BaseComparison? Comparison { get; init; }

    /// <summary>The versions of the programs, by name.</summary>
    public IReadOnlyDictionary<string, string> Toolchain { get; init; } = new Dictionary<string, string>();

    /// <summary>The log.</summary>
    public string Log { get; init; } = "";

    /// <summary>True when the commands passed, kept apart, on exactly this tree, and the runner reports tests that passed.</summary>
    public bool Verified => Faults.Count == 0 && Excused.Count == 0 && Isolated && Tests?.Count(TestOutcome.Passed) > 0;

    private string? Reason => Faults.Count > 0 ? Faults[0]
        : Excused.Count > 0 ? $"the base commit is red itself: {string.Join("; ", Excused)}, and nothing fails that did not fail there"
        : !Isolated ? "the commands were run without a sandbox"
        : Tests is null ? "no test reports were asked for"
        : null;

    /// <summary>The step's outputs.</summary>
    public JsonObject ToOutputs() => new()
    {
        ["status"] = Faults.Count + Excused.Count == 0 ? "passed" : "failed",
        ["verified"] = Verified,
        ["reason"] = Verified ? null : Reason,
        ["exitCode"] = Commands.Count == 0 ? null : Commands[^1].ExitCode,
        ["sandbox"] = Sandbox,
        ["commands"] = new JsonArray([.. Commands.Select(c => c.ToJson())]),
        ["tests"] = Tests is null ? null : ToJson(Tests),
        ["reportDigest"] = ReportDigest,
        ["toolchain"] = new JsonObject(Toolchain.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))),
        ["tree"] = Tree,
        ["log"] = Log,
        ["onlyBase"] = Faults.Count == 0 && Excused.Count > 0,
        ["comparison"] = Comparison?.ToJson(),
    };

    /// <summary>The outputs of a step whose commands were refused.</summary>
    public static JsonObject Refused(string reason, string tree) => new()
    {
        ["status"] = "skipped",
        ["verified"] = false,
        ["reason"] = reason,
        ["exitCode"] = null,
        ["sandbox"] = "none",
        ["commands"] = new JsonArray(),
        ["tests"] = null,
        ["reportDigest"] = null,
        ["toolchain"] = new JsonObject(),
        ["tree"] = tree,
        ["log"] = "",
        ["onlyBase"] = false,
        ["comparison"] = null,
    };

    // Failed ones first: when the list is cut, they stay.
    private static JsonObject ToJson(TestReport report) => new()
    {
        ["passed"] = report.Count(TestOutcome.Passed),
        ["failed"] = report.Count(TestOutcome.Failed),
        ["skipped"] = report.Count(TestOutcome.Skipped),
        ["cases"] = new JsonArray([.. report.Cases.OrderBy(c => c.Outcome != TestOutcome.Failed).Take(MostCases).Select(ToJson)]),
    };

    private static JsonNode ToJson(TestCase test) => new JsonObject
    {
        ["name"] = test.Name,
        ["outcome"] = test.Outcome switch { TestOutcome.Passed => "passed", TestOutcome.Failed => "failed", _ => "skipped" },
        ["message"] = test.Message,
        ["location"] = test.Location,
    };
}

/// <summary>One command that was run.</summary>
/// <param name="Phase"><c>install</c> or <c>run</c>.</param>
/// <param name="Arguments">Program and arguments.</param>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Seconds">Wall-clock time, two decimals.</param>
internal sealed record CommandRecord(string Phase, IReadOnlyList<string> Arguments, int ExitCode, double Seconds)
{
    /// <summary>The folder it was run in; empty for the root.</summary>
    public string Directory { get; init; } = "";

    /// <summary>As it is in outputs and records; the folder only where it is not the root.</summary>
    public JsonNode ToJson()
    {
        JsonObject json = new()
        {
            ["phase"] = Phase,
            ["run"] = new JsonArray([.. Arguments.Select(a => (JsonNode)a)]),
            ["exitCode"] = ExitCode,
            ["seconds"] = Seconds,
        };
        if (Directory.Length > 0)
        {
            json["directory"] = Directory;
        }

        return json;
    }
}
