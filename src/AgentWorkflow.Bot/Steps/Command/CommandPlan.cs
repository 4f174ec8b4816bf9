using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Detection;
using AgentWorkflow.Bot.Steps.Command.Reports;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>What a command step runs: the workflow's own commands, what was found in the repository, or what an earlier step ran on the base.</summary>
internal sealed record CommandPlan
{
    private RepositorySurvey? _survey;
    private JsonObject? _before;

    /// <summary>Why nothing can be planned; null when it can.</summary>
    public StepResult.Failed? Refusal { get; private init; }

    /// <summary>The files.</summary>
    public required WorkspaceTree Tree { get; init; }

    /// <summary>True for the base commit's files.</summary>
    public required bool IsOnBase { get; init; }

    /// <summary>What is run, in order.</summary>
    public IReadOnlyList<CommandGroup> Groups { get; private init; } = [];

    /// <summary>True where all code that runs is ours: nothing of the repository's own is in it.</summary>
    public bool IsOurs { get; private init; }

    /// <summary>Why there is nothing to run, a few words.</summary>
    public string Nothing => _survey switch
    {
        { IsEmpty: true } => "the repository holds no project yet",
        { Projects.Count: 0 } => "no project of a known kind was found",
        _ => "no tests were found in the repository",
    };

    /// <summary>Plans, and looks into the repository only where the workflow does not say the commands.</summary>
    public static async Task<CommandPlan> MakeAsync(
        CommandInputs inputs, IReadOnlyList<PathGlob> reports, StepContext context, IContentStore contents, CancellationToken cancellationToken)
    {
        bool onBase = inputs.On == CommandFiles.Base;
        CommandPlan plan = new()
        {
            Tree = onBase ? context.Run.BaseTree : context.Workspace.Tree,
            IsOnBase = onBase,
            IsOurs = !onBase && RepositorySurvey.IsNew(context.Run.BaseTree),
        };
        bool says = inputs.Install.Count + inputs.Run.Count > 0;
        string directory = inputs.Directory is null or "." ? "" : inputs.Directory.TrimEnd('/');
        JsonObject? before = null;
        if (inputs.Again is { } again)
        {
            before = context.Outputs.GetValueOrDefault(again) as JsonObject;
            if (onBase || before?["groups"] is not JsonArray)
            {
                return plan with { Refusal = new StepResult.Failed("AW2106", $"'again: {again}' of the step '{context.StepId}' names no step before it that ran with 'on: base'; name one, or leave it out.") };
            }
        }

        if (onBase && !says)
        {
            RepositorySurvey survey = RepositorySurvey.Of(plan.Tree, await SurveyedFiles.ReadAsync(plan.Tree, contents, cancellationToken));
            return plan with { _survey = survey, Groups = [.. survey.Projects.Where(p => p.Test.Count > 0).Select(CommandGroup.Of)] };
        }

        List<CommandGroup> groups = before is null ? [] : [.. CommandGroup.Read(before)];
        CommandGroup own = new(null, directory, inputs.Install, inputs.Run, reports) { IsOfBase = onBase };
        groups.AddRange(says && !groups.Exists(g => g.IsSameAs(own)) ? [own] : []);
        return plan with { _before = before, Groups = groups, Refusal = Refuse(plan.Tree, directory, groups.Count == 0, context) };
    }

    /// <summary>What follows from the facts.</summary>
    public Verification Judge(Verification facts, IReadOnlyList<GroupResult> results)
    {
        BaseComparison? comparison = _before is null || !results.Any(r => r.Group.IsOfBase) ? null : BaseComparison.Of(_before, [.. results.Where(r => r.Group.IsOfBase)]);
        IEnumerable<string> faults = comparison is null
            ? results.SelectMany(r => r.Group.Name is { } name ? r.Faults.Select(f => $"{name}: {f}") : r.Faults)
            : results.Where(r => !r.Group.IsOfBase).SelectMany(r => r.Faults).Concat(comparison.Faults);

        // That files were changed comes first, but for a command that failed: of that it may be the consequence.
        List<string> all = facts.Commands.Any(c => c.ExitCode != 0) ? [.. faults, .. facts.Faults] : [.. facts.Faults, .. faults];
        return facts with { Faults = all, Excused = comparison?.Excused ?? [], Comparison = comparison };
    }

    /// <summary>Adds what later steps and people want to know of the base.</summary>
    public JsonObject Tell(JsonObject outputs, IReadOnlyList<GroupResult> results)
    {
        outputs["on"] = IsOnBase ? "base" : "workspace";
        if (!IsOnBase)
        {
            return outputs;
        }

        // What is true of the base commit is no verification of anything.
        outputs["verified"] = false;
        outputs["groups"] = new JsonArray([.. Groups.Select((g, i) => g.ToJson(i < results.Count ? results[i] : null))]);
        outputs["found"] = new JsonArray([.. (_survey?.Projects ?? []).Select(p => (JsonNode)new JsonObject
        {
            ["name"] = p.Title,
            ["directory"] = p.Directory,
            ["why"] = p.Why,
            ["confidence"] = p.Confidence switch { Confidence.Said => "said", Confidence.Likely => "likely", _ => "guessed" },
            ["toolchains"] = new JsonArray([.. p.Toolchains.Select(t => JsonValue.Create(t))]),
        })]);
        outputs["notes"] = new JsonArray([.. (_survey?.Notes ?? []).Select(n => JsonValue.Create(n))]);
        return outputs;
    }

    /// <summary>The words for the step's row.</summary>
    public string Note(Verification verification)
    {
        int passed = verification.Tests?.Count(TestOutcome.Passed) ?? 0;
        string good = verification.Tests is null || (IsOnBase && passed == 0) ? $"{verification.Commands.Count} commands passed" : $"{passed} tests passed";
        string found = _survey is null ? "" : $"{_survey.InWords()}: ";
        return verification.Faults.Count > 0 ? (IsOnBase ? $"red before this run: {verification.Faults[0]}" : verification.Faults[0])
            : verification.Excused.Count > 0 ? $"as red as before: {verification.Excused[0]}"
            : found + good;
    }

    private static StepResult.Failed? Refuse(WorkspaceTree tree, string directory, bool hasNothing, StepContext context)
    {
        if (hasNothing)
        {
            return new StepResult.Failed("AW2105", $"the step '{context.StepId}' has nothing to run: give 'run', as in run: [dotnet, test].");
        }

        bool isFolder = directory.Length == 0
            || (RepoPath.TryParse(directory, out RepoPath? folder, out _) && tree.Files.Keys.Any(p => p.Value.StartsWith(folder.Value + "/", StringComparison.Ordinal)));
        return isFolder ? null : new StepResult.Failed("AW2102", $"the folder '{directory}' of the step '{context.StepId}' is not in the repository; name one that is, relative to its root.");
    }
}
