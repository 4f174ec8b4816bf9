using System.Diagnostics;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bench.Outside;

/// <summary><c>render</c>: renders template folders in memory, parsed anew or parsed before.</summary>
internal static class RenderCall
{
    /// <summary>Answers each line <c>["full" or "cached", DIR, VARS]</c> of standard input.</summary>
    public static async Task<int> RunAsync()
    {
        Dictionary<string, TemplateFolder> folders = new(StringComparer.Ordinal);
        Dictionary<string, JsonObject> models = new(StringComparer.Ordinal);
        TemplateRenderer kept = new();
        while (await Console.In.ReadLineAsync() is { } line)
        {
            JsonArray call = JsonNode.Parse(line)?.AsArray() ?? throw new InvalidDataException($"'{line}' is no call.");
            (string mode, string folder, string values) = (Text(call, 0), Text(call, 1), Text(call, 2));
            JsonObject model = models.TryGetValue(values, out JsonObject? read) ? read : models[values] = await ReadAsync(values);
            if (!folders.TryGetValue(folder, out TemplateFolder? files))
            {
                // The first rendering of a process is not what a server does all day.
                files = folders[folder] = TemplateFolder.Load(folder);
                await RenderAsync(kept, files, model);
            }

            Stopwatch watch = Stopwatch.StartNew();
            RenderedTemplate rendered = await RenderAsync(mode == "cached" ? kept : new TemplateRenderer(), files, model);
            double milliseconds = watch.Elapsed.TotalMilliseconds;
            await Console.Out.WriteLineAsync(new JsonObject { ["ms"] = milliseconds, ["bytes"] = rendered.Files.Sum(f => (long)f.Content.Length) }.ToJsonString());
        }

        return 0;
    }

    /// <summary><c>render once DIR VARS OUT</c>: writes the files.</summary>
    public static async Task<int> WriteAsync(string folder, string values, string output)
    {
        RenderedTemplate rendered = await RenderAsync(new TemplateRenderer(), TemplateFolder.Load(folder), await ReadAsync(values));
        foreach (RenderedFile file in rendered.Files)
        {
            string path = Path.Combine(output, file.Path.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? output);
            await File.WriteAllBytesAsync(path, file.Content.ToArray());
        }

        await Console.Out.WriteLineAsync(new JsonObject { ["files"] = rendered.Files.Count }.ToJsonString());
        return 0;
    }

    /// <summary>Renders all parts; a folder without a manifest is taken file by file.</summary>
    public static async Task<RenderedTemplate> RenderAsync(TemplateRenderer renderer, TemplateFolder folder, JsonObject model)
    {
        Template template = folder.Files.ContainsKey(TemplateFolder.ManifestName)
            ? TemplateParser.Parse(folder, TemplateOrigin.BuiltIn).Template ?? throw new InvalidDataException($"The manifest of '{folder.Name}' is wrong.")
            : TemplateParser.Plain(folder);
        RenderedTemplate rendered = await renderer.RenderAsync(template, part: null, model, CancellationToken.None);
        return rendered.Problems.Count == 0 ? rendered : throw new InvalidDataException(string.Join(Environment.NewLine, rendered.Problems));
    }

    private static async Task<JsonObject> ReadAsync(string path) =>
        JsonNode.Parse(await File.ReadAllBytesAsync(path))?.AsObject() ?? throw new InvalidDataException($"'{path}' holds no object.");

    private static string Text(JsonArray call, int at) => call[at]?.GetValue<string>() ?? throw new InvalidDataException($"The call {call.ToJsonString()} lacks a text.");
}
