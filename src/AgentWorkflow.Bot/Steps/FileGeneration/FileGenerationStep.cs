using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.FileGeneration;

/// <summary>Generates files from a template, or writes inline ones.</summary>
internal sealed class FileGenerationStep(TemplateParts parts) : StepType<FileGenerationInputs>
{
    private const string CiName = "ci";
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
            result = await parts.RenderAsync(name, part, inputs.Values, context, cancellationToken);
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

        return inputs.Directory is { Length: > 0 } directory && !RepoPath.TryParse(directory, out _, out string? rule)
            ? new StepResult.Failed("AW1508", $"'directory: {directory}' cannot be used: {rule}.")
            : null;
    }

    private static async Task<StepResult> WriteAsync(
        FileGenerationInputs inputs, string part, PartResult? result, StepContext context, CancellationToken cancellationToken)
    {
        string folder = string.IsNullOrEmpty(inputs.Directory) ? "" : inputs.Directory + "/";
        try
        {
            IEnumerable<RenderedFile> inline = (inputs.Files ?? new Dictionary<string, string>())
                .Select(f => new RenderedFile(Parse(folder + f.Key), Encoding.UTF8.GetBytes(f.Value), Executable: false, WhenExists.Replace));
            Placement own = await TemplatePlacement.PlaceAsync(Under(context, InlinePolicyOf(context.Run)), [.. inline], context.Run.BaseTree, cancellationToken);
            Placement made = result?.Template is not { } template
                ? new Placement([], [])
                : await TemplatePlacement.PlaceAsync(
                    Under(context, PolicyOf(template, part)), [.. result.Rendered.Files.Select(f => f with { Path = Parse(folder + f.Path) })], context.Run.BaseTree, cancellationToken);

            RepoPath[] written = [.. made.Written.Concat(own.Written).Distinct().Order()];
            string what = result?.Template?.Name ?? "inline";
            string left = made.Skipped.Count == 0 ? "" : $", {Count(made.Skipped.Count)} left as they are";
            return new StepResult.Done(OutputsOf(written, made.Skipped, result, inputs.Directory ?? "", folder), $"{what}, {Count(written.Length)}{left}");
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

    private static IWorkspace Under(StepContext context, WritePolicy policy) =>
        context.Workspace is IPolicyWorkspace workspace ? workspace.Under(policy) : context.Workspace;

    private static RepoPath Parse(string path) =>
        RepoPath.TryParse(path, out RepoPath? place, out string? refusal) ? place : throw new WorkspaceRefusedException("AW1520", $"'{path}' cannot be written: {refusal}.");

    private static JsonObject OutputsOf(RepoPath[] written, IReadOnlyList<RepoPath> skipped, PartResult? result, string directory, string folder)
    {
        var outputs = new JsonObject { ["files"] = Texts(written.Select(p => p.Value)), ["skipped"] = Texts(skipped.Select(p => p.Value)), ["directory"] = directory };
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

    private static string Count(int files) => files == 1 ? "1 file" : $"{files} files";

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];

    private static JsonArray Commands(IReadOnlyList<IReadOnlyList<string>> commands) => [.. commands.Select(Texts)];
}
