using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Projects.Detection;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.FileGeneration;

/// <summary>Generates files from a template, or writes inline ones.</summary>
internal sealed partial class FileGenerationStep(TemplateParts parts, IContentStore contents) : StepType<FileGenerationInputs>
{
    private const string CiName = "ci";

    // The one folder for which a forge wants a right of its own.
    private const string CiFolder = ".github/workflows/";
    private const string DefaultPart = "scaffold";
    private static readonly string[] PartNames = ["scaffold", "code", "tests", "docs", CiName];

    /// <inheritdoc/>
    public override string Kind => "file_generation";

    /// <inheritdoc/>
    public override string Summary => "Writes files from a template, built in or from the repository, or given inline.";

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("files", "The paths that were written."),
        new("skipped", "The paths that were there already and were left as they are."),
        new("notes", "What was left out, in sentences for people."),
        new("install", "Argument lists that prepare the project, with the network."),
        new("verify", "Argument lists that build and test it, without the network."),
        new("reports", "Globs of the test reports that these write."),
        new("start", "Lines for a shell that start what was made, for people."),
        new("template", "The template's name."),
        new("toolchains", "Programs that the commands need."),
        new("evidence", "What was generated for each story."),
        new("directory", "The folder that was generated into; empty for the root."),
    ];

    /// <inheritdoc/>
    protected override async Task<StepResult> RunAsync(FileGenerationInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        inputs = inputs with { Directory = inputs.Directory is "." ? "" : inputs.Directory?.TrimEnd('/') };
        if (string.IsNullOrEmpty(inputs.Template) && inputs.TemplateWhenNew is { Length: > 0 } first)
        {
            if (!RepositorySurvey.IsNew(context.Run.BaseTree))
            {
                return await ChoicesAsync(context, cancellationToken);
            }

            inputs = inputs with { Template = first };
        }

        if (Refuse(inputs) is { } refusal)
        {
            return refusal;
        }

        string? name = inputs.Template == CiName ? TemplateParts.InUse(context) : inputs.Template;
        string part = inputs.Part ?? (inputs.Template == CiName ? CiName : DefaultPart);
        if (inputs.Template == CiName && name is null)
        {
            return new StepResult.Failed("AW1513", $"'template: ci' in '{context.StepId}' takes the template in use, and no step before it used one; name one, with 'part: ci'.");
        }

        PartResult? result = null;
        if (name is not null)
        {
            context.Log.Progress($"rendering {name}");
            result = await parts.RenderAsync(name, part, inputs.Values, inputs.Directory, context, cancellationToken);
            if (result.Reason is { } reason)
            {
                foreach (Diagnostic problem in result.Problems)
                {
                    context.Log.Write(problem.ToString());
                }

                return new StepResult.Failed(result.Problems[0].Code, reason);
            }
        }

        return await WriteAsync(inputs, part, result, context, cancellationToken);
    }

    // Without a model nobody knows what the idea means for a project that is there: one sentence, with what can be said.
    private async Task<StepResult> ChoicesAsync(StepContext context, CancellationToken cancellationToken)
    {
        WorkspaceTree tree = context.Run.BaseTree;
        RepositorySurvey survey = RepositorySurvey.Of(tree, await SurveyedFiles.ReadAsync(tree, contents, cancellationToken));
        string command = context.Run.WorkflowName == "generate" ? "/aw generate" : $"/aw generate {context.Run.WorkflowName}";
        IEnumerable<string> stacks = TemplateCatalog.BuiltInNames.Select(n => $"stack={n}");
        string choices = context.Run.Inputs.ContainsKey("stack")
            ? $"comment {command} with {string.Join(" or ", stacks)}, and with directory=FOLDER for a place of its own"
            : "name a template in its workflow";
        return new StepResult.Failed("AW1516", $"This repository holds a project already ({survey.InWords()}), and without a model nothing is changed in it unless it is said what to add: {choices}.");
    }

    private static StepResult.Failed? Refuse(FileGenerationInputs inputs)
    {
        if (string.IsNullOrEmpty(inputs.Template) && inputs.Files is not { Count: > 0 })
        {
            return new StepResult.Failed("AW1515", "'file_generation' needs 'template' or 'files'; add one of them.");
        }

        if (inputs.Part is not null && !PartNames.Contains(inputs.Part, StringComparer.Ordinal))
        {
            return new StepResult.Failed("AW1511", $"There is no part '{inputs.Part}'; there are {string.Join(", ", PartNames)}.");
        }

        // It gets into lines for a shell and into CI configuration, so nothing else is let in.
        string? rule = null;
        bool isPlain = inputs.Directory is not { Length: > 0 } directory || (RepoPath.TryParse(directory, out _, out rule) && PlainFolder().IsMatch(directory));
        return isPlain ? null
            : new StepResult.Failed("AW1508", $"'directory: {inputs.Directory}' cannot be used: {rule ?? "it may hold letters, digits, '.', '_', '-' and '/'"}.");
    }

    private static async Task<StepResult> WriteAsync(
        FileGenerationInputs inputs, string part, PartResult? result, StepContext context, CancellationToken cancellationToken)
    {
        string folder = string.IsNullOrEmpty(inputs.Directory) ? "" : inputs.Directory + "/";

        // Forges read CI configuration in the root alone; the built-in ones know the folder they are for.
        string place = result?.Template is { Origin: TemplateOrigin.BuiltIn } && part == CiName ? "" : folder;
        try
        {
            IEnumerable<RenderedFile> inline = (inputs.Files ?? new Dictionary<string, string>())
                .Select(f => new RenderedFile(Parse(folder + f.Key), Encoding.UTF8.GetBytes(f.Value), Executable: false, WhenExists.Replace));
            Placement own = await TemplatePlacement.PlaceAsync(Under(context, InlinePolicyOf(context.Run)), [.. inline], context.Run.BaseTree, cancellationToken);
            List<RenderedFile> files = [.. (result?.Rendered.Files ?? []).Select(f => f with { Path = Parse(place + f.Path) })];
            List<RenderedFile> refused = [.. files.Where(f => f.Path.Value.StartsWith(CiFolder, StringComparison.OrdinalIgnoreCase) && WhyNoCi(context.Run, f) is not null)];
            Placement made = result?.Template is not { } template
                ? new Placement([], [])
                : await TemplatePlacement.PlaceAsync(Under(context, PolicyOf(template, part)), [.. files.Except(refused)], context.Run.BaseTree, cancellationToken);

            RepoPath[] written = [.. made.Written.Concat(own.Written).Distinct().Order()];
            string what = result?.Template?.Name ?? "inline";
            string left = made.Skipped.Count == 0 ? "" : $", {Count(made.Skipped.Count)} left as they are";
            return new StepResult.Done(OutputsOf(context.Run, written, made.Skipped, refused, result, inputs.Directory ?? "", folder), $"{what}, {Count(written.Length)}{left}");
        }
        catch (WorkspaceRefusedException e)
        {
            return new StepResult.Failed(e.Code, e.Message);
        }
    }

    // Built-in files are ours; a repository's own template and inline files are held to what anybody may write.
    private static WritePolicy PolicyOf(Template template, string part) =>
        template.Origin == TemplateOrigin.BuiltIn ? WritePolicy.BuiltInTemplate(allowsCi: part == CiName) : WritePolicy.Anywhere;

    private static WritePolicy InlinePolicyOf(RunFacts run) => run.WorkflowSource == "built-in" ? WritePolicy.BuiltInWorkflow : WritePolicy.Anywhere;

    // How many files is the workflow's to say, and stands in the workspace's own policy.
    private static IWorkspace Under(StepContext context, WritePolicy policy) => context.Workspace is IPolicyWorkspace workspace
        ? workspace.Under(policy with { Limits = policy.Limits with { Files = int.MaxValue } })
        : context.Workspace;

    // CI files are left out with a word where they cannot be pushed: the rest is worth having.
    private static string? WhyNoCi(RunFacts run, RenderedFile file) => !run.TakesCiFiles
        ? "the App has no permission 'workflows: write' on this repository"
        : run.FileRules.Select(r => r.Forbids(file.Path, file.Content.Length)).FirstOrDefault(r => r is not null);

    private static RepoPath Parse(string path) =>
        RepoPath.TryParse(path, out RepoPath? place, out string? refusal) ? place : throw new WorkspaceRefusedException("AW1520", $"'{path}' cannot be written: {refusal}.");

    private static JsonObject OutputsOf(RunFacts run, RepoPath[] written, IReadOnlyList<RepoPath> skipped, List<RenderedFile> refused, PartResult? result, string directory, string folder)
    {
        var outputs = new JsonObject { ["files"] = Texts(written.Select(p => p.Value)), ["skipped"] = Texts(skipped.Select(p => p.Value)), ["directory"] = directory };
        if (refused.Count > 0)
        {
            outputs["notes"] = Texts(refused.Select(f => $"The CI file {f.Path} was left out: {WhyNoCi(run, f)}."));
        }

        if (result?.Template is { } template)
        {
            outputs["install"] = Commands(result.Rendered.Install);
            outputs["verify"] = Commands(result.Rendered.Verify);
            outputs["reports"] = Texts(result.Rendered.Reports.Select(r => folder + r));
            outputs["start"] = Texts(result.Rendered.Start.Select(s => directory.Length == 0 ? s : $"(cd {directory} && {s})"));
            outputs["template"] = template.Name;
            outputs["toolchains"] = Texts(template.Toolchains);
            outputs["evidence"] = result.Stack is { } stack && result.Requirements is { } requirements ? stack.BuildEvidence(requirements) : new JsonArray();
        }

        return outputs;
    }

    [GeneratedRegex(@"\A[\w./-]+\z", RegexOptions.ECMAScript, 1000)]
    private static partial Regex PlainFolder();

    private static string Count(int files) => files == 1 ? "1 file" : $"{files} files";

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];

    private static JsonArray Commands(IReadOnlyList<IReadOnlyList<string>> commands) => [.. commands.Select(Texts)];
}
