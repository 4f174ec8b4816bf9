using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bot.Tests.Projects.Templating;

internal static class TemplateFolders
{
    public static TemplateFolder Folder(params (string Path, string Text)[] files) =>
        new("sample", files.Select(f => KeyValuePair.Create(f.Path, new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(f.Text)))));

    public static Template Template(string manifest, params (string Path, string Text)[] files)
    {
        TemplateReading reading = TemplateParser.Parse(Folder([("template.yml", "name: sample\n" + manifest), .. files]), TemplateOrigin.BuiltIn);
        Assert.Empty(reading.Problems);
        return reading.Template!;
    }

    public static async Task<RenderedTemplate> RenderAsync(Template template, string model, string? part = "scaffold") =>
        await new TemplateRenderer().RenderAsync(template, part, JsonNode.Parse(model)!.AsObject(), TestContext.Current.CancellationToken);

    public static string Text(RenderedFile file) => Encoding.UTF8.GetString(file.Content.Span);
}
