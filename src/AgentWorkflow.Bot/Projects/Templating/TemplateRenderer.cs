using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>
/// Renders parts of templates: ours in this process, parsed once for each content; a repository's in a process of its own.
/// </summary>
internal sealed class TemplateRenderer(TimeProvider? clock = null)
{
    private const int MaxCompiled = 64;
    private readonly ConcurrentDictionary<string, CompiledTemplate> _compiled = new(StringComparer.Ordinal);

    /// <summary>Renders one part.</summary>
    /// <param name="template">The template.</param>
    /// <param name="part">The part; null renders all.</param>
    /// <param name="model">What the template's files read.</param>
    /// <param name="cancellationToken">Ends a long rendering.</param>
    /// <returns>The files, or the problems.</returns>
    public Task<RenderedTemplate> RenderAsync(Template template, string? part, JsonObject model, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (template.Origin != TemplateOrigin.BuiltIn)
        {
            return TemplateChildProcess.RenderAsync(template, part, model, TemplateLimits.Default, clock ?? TimeProvider.System, cancellationToken);
        }

        return Task.FromResult(TemplateRun.Render(Compile(template), part, model, TemplateLimits.Default, cancellationToken));
    }

    private CompiledTemplate Compile(Template template)
    {
        if (_compiled.TryGetValue(template.Digest, out CompiledTemplate? known))
        {
            return known;
        }

        if (_compiled.Count >= MaxCompiled)
        {
            _compiled.Clear();
        }

        return _compiled.GetOrAdd(template.Digest, CompiledTemplate.Compile(template));
    }
}
