using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Agents.Offline;

/// <summary>Writes the part of the run's template that a role stands for.</summary>
internal sealed class TemplatePart(TemplateParts parts)
{
    private static readonly AgentAnswer Nothing = new(null, null, [], null, "nothing to add without a model");

    /// <summary>Renders the part named like the task's role and writes its files below the task's globs.</summary>
    /// <exception cref="AgentException">AW1016: the template cannot be rendered. AW1017: a glob is none.</exception>
    public async Task<AgentAnswer> WriteAsync(AgentTask task, StepContext context, CancellationToken cancellationToken)
    {
        List<PathGlob> globs = [.. task.Writes.Select(Glob)];
        if (TemplateParts.InUse(context) is not { } name || TemplateParts.ValuesOf(context) is not { } values)
        {
            return Nothing;
        }

        context.Log.Progress($"rendering {name}, {task.Role}");
        PartResult part = await parts.RenderAsync(name, task.Role, values, TemplateParts.FolderInUse(context).TrimEnd('/'), context, cancellationToken);
        if (part.Reason is { } reason)
        {
            throw new AgentException("AW1016", $"The part '{task.Role}' of the template '{name}' cannot be rendered: {reason}");
        }

        string folder = TemplateParts.FolderInUse(context);
        ILookup<bool, RenderedFile> declared = part.Rendered.Files.Select(f => f with { Path = RepoPath.Parse(folder + f.Path) }).ToLookup(f => globs.Exists(g => g.IsMatch(f.Path.Value)));
        Placement placed = await TemplatePlacement.PlaceAsync(context.Workspace, [.. declared[true]], context.Run.BaseTree, cancellationToken);
        List<RepoPath> undeclared = [.. declared[false].Select(f => f.Path)];
        string note = $"{placed.Written.Count} {(placed.Written.Count == 1 ? "file" : "files")}";
        note = placed.Skipped.Count == 0 ? note : $"{note}; there already and left as they are: {Some(placed.Skipped)}";
        return new AgentAnswer(null, null, placed.Written, null, undeclared.Count == 0 ? note : $"{note}; not declared in 'writes' and left out: {Some(undeclared)}") { Skipped = placed.Skipped };
    }

    private static PathGlob Glob(string text) =>
        PathGlob.TryParse(text, out PathGlob? glob, out string? refusal) ? glob : throw new AgentException("AW1017", $"'{text}' in 'writes' cannot be used: {refusal}.");

    private static string Some(IReadOnlyList<RepoPath> paths) =>
        string.Join(", ", paths.Take(5)) + (paths.Count > 5 ? $" and {paths.Count - 5} more" : "");
}
