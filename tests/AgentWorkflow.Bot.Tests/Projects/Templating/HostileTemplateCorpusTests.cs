using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Tests.Projects.Templating;

/// <summary>
/// P75: more than 500 hostile templates, each refused with its line and column by the process that renders those of repositories.
/// A template's files are refused one by one, so many of them share a process; those that take it down have one each.
/// </summary>
public sealed class HostileTemplateCorpusTests
{
    private const int Together = 60;
    private const string Before = "one\ntwo\n   ";
    private static readonly bool s_full = Environment.GetEnvironmentVariable("AGENTWORKFLOW_FULL") == "1";

    public static TheoryData<int> Unreadable => [.. Enumerable.Range(0, (HostileTemplates.Unreadable.Count + Together - 1) / Together)];

    public static TheoryData<int> Stopped => [.. Enumerable.Range(0, (HostileTemplates.Stopped.Count + Together - 1) / Together)];

    public static TheoryData<string> Killers => [.. HostileTemplates.Killers.Where((_, i) => s_full || i % 5 == 0)];

    [Fact]
    public void There_Are_Enough_Of_Them() =>
        Assert.True(HostileTemplates.Unreadable.Concat(HostileTemplates.Stopped).Concat(HostileTemplates.Killers).Distinct(StringComparer.Ordinal).Count() >= 500);

    [Theory]
    [MemberData(nameof(Unreadable))]
    public Task What_Cannot_Be_Read_Is_Refused_With_Its_Place(int group) => RefusesAllAsync(HostileTemplates.Unreadable, group, "AW1505");

    [Theory]
    [MemberData(nameof(Stopped))]
    public Task What_Must_Not_Run_Is_Stopped_With_Its_Place(int group) => RefusesAllAsync(HostileTemplates.Stopped, group, "AW1506", "AW1507");

    [Theory]
    [MemberData(nameof(Killers))]
    public async Task What_Only_A_Limit_Of_The_Process_Stops_Is_Stopped_With_Its_Place(string script)
    {
        RenderedTemplate rendered = await RenderAsync([$"{{{{ {script} }}}}"]);

        Diagnostic problem = Assert.Single(rendered.Problems);
        Assert.Contains(problem.Code, (string[])["AW1506", "AW1507", "AW1512"]);
        Assert.True(problem is { Line: >= 1, Column: >= 1 }, problem.ToString());
        Assert.Empty(rendered.Files);
    }

    private static async Task RefusesAllAsync(IReadOnlyList<string> all, int group, params string[] codes)
    {
        string[] bodies = [.. all.Skip(group * Together).Take(Together)];
        RenderedTemplate rendered = await RenderAsync(bodies);

        Assert.Empty(rendered.Files);
        List<string> wrong = [];
        for (int i = 0; i < bodies.Length; i++)
        {
            Diagnostic? problem = rendered.Problems.FirstOrDefault(p => p.File == $"{i}.sbn" || (p.File == TemplateFolder.ManifestName && p.Line == i + 3));
            if (problem is null || !codes.Contains(problem.Code) || !Points(problem, bodies[i]) || !problem.Message.EndsWith('.'))
            {
                wrong.Add($"{(bodies[i].Length > 150 ? bodies[i][..150] : bodies[i])} -> {problem?.ToString() ?? "not refused"}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {bodies.Length}:\n{string.Join('\n', wrong)}\n{rendered.Problems[0]}");
    }

    // A text that is too long is refused at its entry of the manifest; everything else inside the text.
    private static bool Points(Diagnostic problem, string body) => problem.File == TemplateFolder.ManifestName
        ? problem.Column > 1
        : problem.Line == 3 && problem.Column >= 4 && problem.Column <= 4 + body.Length;

    private static async Task<RenderedTemplate> RenderAsync(IReadOnlyList<string> bodies)
    {
        string manifest = "files:\n" + string.Concat(bodies.Select((_, i) => $"  - {{ from: {i}.sbn, to: {i}.txt }}\n"));
        Template template = TemplateFolders.Template(manifest, [.. bodies.Select((b, i) => ($"{i}.sbn", Before + b))]) with { Origin = TemplateOrigin.Repository };
        JsonObject model = new() { ["model"] = new JsonObject { ["name"] = "x", ["list"] = new JsonArray(1, 2) } };
        return await new TemplateRenderer().RenderAsync(template, "scaffold", model, TestContext.Current.CancellationToken);
    }
}
