using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Tests.Steps;

/// <summary>Step types with the names and inputs of the real ones, and no work in them.</summary>
internal static class FakeSteps
{
    public static StepRegistry Registry { get; } = new(
    [
        new Fake<AgentFake>("agent", [], open: true, "text", "json", "files", "usage"),
        new Fake<GenerationFake>("file_generation", [], open: false, "files", "install", "verify", "reports", "directory"),
        new Fake<CommandFake>("command", [], open: false, "exitCode", "log", "tests", "verified"),
        new Fake<PullRequestFake>("pull_request", ["contents", "pull-requests"], open: false, "url", "number", "branch", "commit"),
        new Fake<ApprovalFake>("approval", ["issues"], open: false, "by", "approved"),
        new Fake<RepoCreationFake>("repo_creation", ["contents"], open: false, "url", "id", "name", "forge", "commit", "issues"),
        new Fake<ExportFake>("export", [], open: false, "urls", "sha256"),
    ]);

    internal sealed class Fake<T>(string kind, IReadOnlyList<string> permissions, bool open, params string[] outputs) : StepType<T>
        where T : class
    {
        public override string Kind => kind;

        public override string Summary => $"A stand-in for {kind}.";

        public override IReadOnlyList<string> Permissions => permissions;

        public override bool OutputsAreOpen => open;

        public override IReadOnlyList<StepOutput> Outputs => [.. outputs.Select(o => new StepOutput(o, $"The {o}."))];

        protected override Task<StepResult> RunAsync(T inputs, StepContext context, CancellationToken cancellationToken) =>
            Task.FromResult<StepResult>(new StepResult.Done([]));
    }
}

internal enum FakeRole
{
    Requirements,
    Code,
    Tests,
    Docs,
    Review,
}

internal sealed record AgentFake
{
    [Description("The role.")]
    public required FakeRole Role { get; init; }

    [Description("What to work on.")]
    public JsonNode? Input { get; init; }

    [Description("The name of a schema.")]
    public string? Schema { get; init; }

    [Description("Globs of files it may write.")]
    public IReadOnlyList<string> Writes { get; init; } = [];

    [Description("The folder.")]
    public string? Directory { get; init; }

    [Description("The most tokens."), Range(1, 1_000_000)]
    public int MaxTokens { get; init; } = 1000;
}

internal sealed record GenerationFake(
    [property: Description("The template.")] string? Template = null,
    [property: Description("The template of something new.")] string? TemplateWhenNew = null,
    [property: Description("Its values.")] JsonObject? Values = null,
    [property: Description("Files written out.")] IReadOnlyDictionary<string, string>? Files = null,
    [property: Description("The folder.")] string? Directory = null);

internal sealed record CommandFake
{
    [Description("Commands with network."), JsonConverter(typeof(ArgumentListsConverter))]
    public IReadOnlyList<IReadOnlyList<string>> Install { get; init; } = [];

    [Description("Commands without network."), JsonConverter(typeof(ArgumentListsConverter))]
    public IReadOnlyList<IReadOnlyList<string>> Run { get; init; } = [];

    [Description("Globs of reports."), JsonConverter(typeof(OneOrManyTextsConverter))]
    public IReadOnlyList<string> Reports { get; init; } = [];

    [Description("The folder.")]
    public string? Directory { get; init; }

    [Description("Which files.")]
    public string? On { get; init; }

    [Description("Which step again.")]
    public string? Again { get; init; }

    [Description("Repair.")]
    public RepairFake? Repair { get; init; }
}

internal sealed record RepairFake([property: Description("The step.")] string Step, [property: Description("How often.")] int Attempts = 1);

internal sealed record PullRequestFake([property: Description("The title.")] string? Title = null, [property: Description("A draft.")] bool Draft = false);

internal sealed record ApprovalFake([property: Description("What is asked.")] string? Message = null);

internal sealed record RepoCreationFake
{
    [Description("The name.")]
    public required string Name { get; init; }

    [Description("One line.")]
    public string? Description { get; init; }

    [Description("Topics.")]
    public IReadOnlyList<string> Topics { get; init; } = [];

    [Description("Labels.")]
    public JsonNode? Labels { get; init; }

    [Description("Protects the default branch.")]
    public bool Protect { get; init; }

    [Description("Stories.")]
    public JsonNode? Stories { get; init; }

    [Description("The milestone.")]
    public string? Milestone { get; init; }
}

internal sealed record ExportFake(
    [property: Description("Formats.")] IReadOnlyList<string>? Formats = null,
    [property: Description("The archive's name.")] string? Name = null);
