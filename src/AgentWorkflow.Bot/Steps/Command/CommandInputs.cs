using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>The inputs of <see cref="CommandStep"/>.</summary>
internal sealed record CommandInputs
{
    /// <summary>Commands with the network.</summary>
    [Description("Commands that prepare, with the network: one argument list or a list of them. Never a shell line.")]
    [JsonConverter(typeof(ArgumentListsConverter))]
    public IReadOnlyList<IReadOnlyList<string>> Install { get; init; } = [];

    /// <summary>Commands without the network.</summary>
    [Description("Commands that build and test, without the network: one argument list or a list of them. Never a shell line.")]
    [JsonConverter(typeof(ArgumentListsConverter))]
    public IReadOnlyList<IReadOnlyList<string>> Run { get; init; } = [];

    /// <summary>Where the reports are.</summary>
    [Description("Globs of the test runner's own reports (TRX, JUnit XML or TAP), relative to the work folder. Without them nothing is ever called verified.")]
    [JsonConverter(typeof(OneOrManyTextsConverter))]
    public IReadOnlyList<string> Reports { get; init; } = [];

    /// <summary>Where to run.</summary>
    [Description("The folder of the repository to run in; without it its root.")]
    public string? Directory { get; init; }

    /// <summary>Which files to run on.</summary>
    [Description("'workspace' runs on the files as they are at this step; 'base' on the repository as it was before the run, where its result is what the repository itself does. Without 'run' the commands are then found from the repository's files: projects and the tests they have.")]
    public CommandFiles On { get; init; }

    /// <summary>What to run again.</summary>
    [Description("The id of a step with 'on: base': what it ran is run again first, on the files as they are now, and held against its result there. What failed there already is not held against the change where reports name the tests.")]
    public string? Again { get; init; }

    /// <summary>What to bring back.</summary>
    [Description("Globs of files that the commands make and that are brought back when all went well; none unless told. Regular files only.")]
    [JsonConverter(typeof(OneOrManyTextsConverter))]
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>Repairs.</summary>
    [Description("The agent step that may repair what fails, and how often. An agent without a model cannot repair.")]
    public RepairInputs? Repair { get; init; }
}

/// <summary>The files that commands run on.</summary>
internal enum CommandFiles
{
    /// <summary>The files as the step's needs left them.</summary>
    Workspace,

    /// <summary>The files of the base commit, whatever was written since.</summary>
    Base,
}

/// <summary>Who repairs, and how often.</summary>
internal sealed record RepairInputs
{
    /// <summary>The agent step.</summary>
    [Description("The id of the agent step that repairs.")]
    public required string Step { get; init; }

    /// <summary>How often.</summary>
    [Description("How often it may try.")]
    [Range(0, 5)]
    public int Attempts { get; init; } = 1;
}
