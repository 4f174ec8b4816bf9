using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Agents.Offline;

/// <summary>Writes the part of the run's template that a role stands for.</summary>
internal sealed class TemplatePart(TemplateCatalog catalog, TemplateRenderer renderer)
{
    private static readonly AgentAnswer Nothing = new(null, null, [], null, "nothing to add without a model");

    /// <summary>Renders the part named like the task's role and writes its files below the task's globs.</summary>
    /// <exception cref="AgentException">AW1016: the template cannot be rendered. AW1017: a glob is none.</exception>
    public async Task<AgentAnswer> WriteAsync(AgentTask task, StepContext context, CancellationToken cancellationToken)
    {
        List<PathGlob> globs = [.. task.Writes.Select(Glob)];
        string? name = context.Outputs.Values.Select(o => Text(o, "template")).LastOrDefault(n => n is not null);
        TemplateReading? reading = name is null ? null : await catalog.FindAsync(name, context.Run.BaseTree, cancellationToken);
        if (reading?.Template is not { } template || Values(context, catalog.Stack(template)) is not { } model)
        {
            return Nothing;
        }

        context.Log.Progress($"rendering {template.Name}, {task.Role}");
        RenderedTemplate rendered = await renderer.RenderAsync(template, task.Role, model, cancellationToken);
        if (rendered.Problems.Count > 0)
        {
            throw new AgentException("AW1016", $"The part '{task.Role}' of the template '{template.Name}' cannot be rendered: {rendered.Problems[0]}");
        }

        List<RepoPath> written = [], left = [];
        foreach (RenderedFile file in rendered.Files)
        {
            bool declared = globs.Exists(g => g.IsMatch(file.Path.Value));
            (declared ? written : left).Add(file.Path);
            if (declared)
            {
                await context.Workspace.WriteAsync(file.Path, file.Content, file.Executable, cancellationToken);
            }
        }

        string note = $"{written.Count} {(written.Count == 1 ? "file" : "files")}";
        return new AgentAnswer(null, null, written, null, left.Count == 0 ? note : $"{note}; not declared in 'writes' and left out: {Some(left)}");
    }

    private static JsonObject? Values(StepContext context, IStack? stack)
    {
        JsonNode? found = context.Outputs.Values.FirstOrDefault(o => o is JsonObject map && map["stories"] is JsonArray && map["entities"] is JsonArray);
        return stack is null ? found?.DeepClone().AsObject() : RequirementsJson.Read(found) is { } requirements ? stack.BuildModel(requirements) : null;
    }

    private static string? Text(JsonNode? outputs, string name) =>
        outputs is JsonObject map && map[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static PathGlob Glob(string text) =>
        PathGlob.TryParse(text, out PathGlob? glob, out string? refusal) ? glob : throw new AgentException("AW1017", $"'{text}' in 'writes' cannot be used: {refusal}.");

    private static string Some(List<RepoPath> paths) =>
        string.Join(", ", paths.Take(5)) + (paths.Count > 5 ? $" and {paths.Count - 5} more" : "");
}
