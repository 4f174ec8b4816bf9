using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>Renders a part of a template for a run: what the step <c>file_generation</c> and the offline agent share.</summary>
internal sealed class TemplateParts(TemplateCatalog catalog, TemplateRenderer renderer)
{
    /// <summary>The name of the template that a step before this one used: the newest outputs object that names one.</summary>
    public static string? InUse(StepContext context) =>
        context.Outputs.Values.Reverse().OfType<JsonObject>().Select(o => o["template"]).OfType<JsonValue>()
            .Select(v => v.TryGetValue(out string? name) ? name : null).FirstOrDefault(name => !string.IsNullOrEmpty(name));

    /// <summary>The folder that the template in use was generated into, with a slash behind it; empty for the root.</summary>
    public static string FolderInUse(StepContext context) =>
        context.Outputs.Values.Reverse().OfType<JsonObject>().Where(o => o.ContainsKey("template")).Select(o => o["directory"]?.ToString()).FirstOrDefault() is { Length: > 0 } directory ? directory + "/" : "";

    /// <summary>The requirements that a step before this one found, as it gave them: what a template without a stack reads. Null where none did.</summary>
    public static JsonObject? ValuesOf(StepContext context) => context.Outputs.Values.FirstOrDefault(HasRequirements)?.AsObject();

    /// <summary>Renders a part. The template is looked for on the run's base commit alone.</summary>
    /// <param name="name">The template.</param>
    /// <param name="part">The part; a template without files of it gives none.</param>
    /// <param name="values">What the template reads; null means the requirements of an earlier step.</param>
    /// <param name="directory">The folder it is generated into; null or empty for the root.</param>
    /// <param name="context">The run.</param>
    /// <param name="cancellationToken">Ends a long rendering.</param>
    public async Task<PartResult> RenderAsync(string name, string part, JsonNode? values, string? directory, StepContext context, CancellationToken cancellationToken)
    {
        TemplateReading reading = await catalog.FindAsync(name, context.Run.BaseTree, cancellationToken);
        if (reading.Template is not { } template)
        {
            return PartResult.Refused([.. reading.Problems.Where(p => p.Severity == Severity.Error)]);
        }

        IStack? stack = catalog.Stack(template);
        Requirements? requirements = HasRequirements(values) ? RequirementsJson.Read(values) : RequirementsJson.Read(ValuesOf(context));
        if (stack is not null && requirements is null)
        {
            return PartResult.Refused([new Diagnostic(name, 1, 1, Severity.Error, "AW1513",
                $"The template '{name}' needs requirements, and no step before '{context.StepId}' found any; add an agent step with 'role: requirements'.")]);
        }

        JsonObject model = stack is not null && requirements is not null
            ? stack.BuildModel(requirements)
            : values as JsonObject is { } given ? given.DeepClone().AsObject() : [];
        model.TryAdd("inputs", context.Run.Inputs.DeepClone());
        if (stack is not null)
        {
            model["directory"] = directory ?? "";
        }

        RenderedTemplate rendered = await renderer.RenderAsync(template, part, model, cancellationToken);
        return new PartResult(template, stack, requirements, rendered, rendered.Problems);
    }

    private static bool HasRequirements(JsonNode? node) => node is JsonObject map && map.ContainsKey("stories") && map.ContainsKey("entities");
}

/// <summary>A rendered part, or why there is none.</summary>
/// <param name="Template">The template; null when it was not found.</param>
/// <param name="Stack">The stack behind a built-in template.</param>
/// <param name="Requirements">The requirements it was rendered for.</param>
/// <param name="Rendered">The files and commands.</param>
/// <param name="Problems">Why it failed; empty when it did not.</param>
internal sealed record PartResult(
    Template? Template, IStack? Stack, Requirements? Requirements, RenderedTemplate Rendered, IReadOnlyList<Diagnostic> Problems)
{
    /// <summary>Nothing but problems.</summary>
    public static PartResult Refused(IReadOnlyList<Diagnostic> problems) => new(null, null, null, RenderedTemplate.Refused(problems), problems);

    /// <summary>The first problem as one sentence for people; null when there is none.</summary>
    public string? Reason => Problems.Count == 0 ? null : Say(Problems[0]);

    private string Say(Diagnostic problem)
    {
        string text = problem.Code is "AW1510" or "AW1513"
            ? problem.Message + (problem.Suggestion is null ? "" : $" Did you mean '{problem.Suggestion}'?")
            : $"The template cannot be used: {problem}";
        return Problems.Count == 1 ? text : $"{text} ({Problems.Count - 1} more in the log.)";
    }
}
