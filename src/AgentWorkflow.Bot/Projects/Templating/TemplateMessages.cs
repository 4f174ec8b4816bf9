using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>What the process that renders is told. The template travels as its files, so that both sides read the same manifest.</summary>
internal sealed record TemplateRequest(string Name, IReadOnlyDictionary<string, byte[]> Files, string? Part, JsonObject Model, TemplateLimits Limits)
{
    /// <summary>Asks for a part of a template.</summary>
    public static TemplateRequest Of(Template template, string? part, JsonObject model, TemplateLimits limits) => new(
        template.Name, template.Folder.Files.ToDictionary(f => f.Key, f => f.Value.ToArray(), StringComparer.Ordinal), part, model, limits);

    /// <summary>The template's files.</summary>
    public TemplateFolder ToFolder() => new(Name, Files.Select(f => KeyValuePair.Create(f.Key, new ReadOnlyMemory<byte>(f.Value))));
}

/// <summary>What it answers.</summary>
internal sealed record TemplateResponse(
    IReadOnlyList<TemplateResponseFile> Files,
    IReadOnlyList<IReadOnlyList<string>> Install,
    IReadOnlyList<IReadOnlyList<string>> Verify,
    IReadOnlyList<string> Reports,
    IReadOnlyList<string> Start,
    IReadOnlyList<Diagnostic> Problems)
{
    /// <summary>Wraps a rendering.</summary>
    public static TemplateResponse Of(RenderedTemplate rendered) => new(
        [.. rendered.Files.Select(f => new TemplateResponseFile(f.Path.Value, f.Content.ToArray(), f.Executable, f.WhenExists))],
        rendered.Install, rendered.Verify, rendered.Reports, rendered.Start, rendered.Problems);

    /// <summary>Unwraps it; the answer is checked again, because the process that wrote it read a stranger's template.</summary>
    public RenderedTemplate ToRendered(TemplateLimits limits)
    {
        var files = new List<RenderedFile>();
        foreach (TemplateResponseFile file in Files)
        {
            if (!RepoPath.TryParse(file.Path, out RepoPath? path, out string? refusal) || file.Content.Length > limits.FileBytes || files.Count >= limits.Files)
            {
                return RenderedTemplate.Refused([new Diagnostic(TemplateFolder.ManifestName, 1, 1, Severity.Error, "AW1508", $"'{file.Path}' cannot be written: {refusal ?? "it passes a limit"}.")]);
            }

            files.Add(new RenderedFile(path, file.Content, file.Executable, file.WhenExists));
        }

        return new RenderedTemplate { Files = files, Install = Install, Verify = Verify, Reports = Reports, Start = Start, Problems = Problems };
    }
}

/// <summary>A file on its way.</summary>
internal sealed record TemplateResponseFile(string Path, byte[] Content, bool Executable, WhenExists WhenExists);
