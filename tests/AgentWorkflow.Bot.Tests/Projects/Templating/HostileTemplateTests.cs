using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Tests.Projects.Templating;

public sealed class HostileTemplateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Bodies => new(
        "{{ for i in 1..100000000; end }}",
        "{{ while true; end }}",
        "{{ for i in 1..2000; for j in 1..2000; end; end }}",
        "{{ func f; f; end; f }}",
        "{{ 'A' * 200000000 }}",
        "{{ a = 'A'; for i in 1..40; a = a + a; end; a }}",
        "{{ for i in 1..90000; '0123456789012345678901234567890123456789'; end }}",
        "{{ (1..1000000) | size }}{{ 1..1000000 | array.size }}",
        "{{ " + new string('(', 10_000) + "1" + new string(')', 10_000) + " }}",
        "{{ " + new string('[', 10_000) + " }}",
        string.Concat(Enumerable.Repeat("{{ if true }}", 5_000)),
        "{{ x = {}; x.self = x; x | json }}",
        "{{ 'a'.get_type }}",
        "{{ model.constructor }}",
        "{{ include 'template.yml' }}",
        "{{ date.now }}{{ math.random 1 2 }}",
        "{{ 'x' | regex.match '(a+)+$' }}",
        "{{ 9 << 999999999 }}",
        "{{ model.name = 'changed' }}");

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_Hostile_Text_Is_Refused_With_Its_Place(string body)
    {
        RenderedTemplate rendered = await TemplateFolders.RenderAsync(
            TemplateFolders.Template("files: [{ from: a.sbn, to: a.txt }]", ("a.sbn", body)), """{ "model": { "name": "x" } }""");

        Assert.Empty(rendered.Files);
        Diagnostic problem = Assert.IsType<Diagnostic>(rendered.Problems[0]);
        Assert.True(problem is { Line: >= 1, Column: >= 1 }, problem.ToString());
        Assert.EndsWith(".", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("files: [{ from: a.sbn, to: '{{ item }}.txt', for: '1..201' }]", "AW1507", "'201.txt' is one file more than the 200")]
    [InlineData("files: [{ from: a.sbn, to: '../{{ name }}' }]", "AW1508", "'../x' cannot be written: traversal")]
    [InlineData("files: [{ from: a.sbn, to: '.git/{{ name }}' }]", "AW1508", "'.git/x' cannot be written: git folder")]
    [InlineData("files: [{ from: a.sbn, to: '{{ name }}' }, { from: a.sbn, to: x }]", "AW1509", "'x' is made twice")]
    [InlineData("files: [{ from: a.sbn, to: x, for: name }]", "AW1506", "'for: name' is not a list")]
    [InlineData("files: [{ from: big.bin, to: x }]", "AW1507", "'x' passes the limit of 1048576 bytes")]
    [InlineData("files: [{ from: mid.bin, to: 'x{{ item }}', for: '1..12' }]", "AW1507", "'x11' passes the limit of 10485760 bytes")]
    public async Task A_Template_Over_A_Limit_Or_Outside_Makes_Nothing(string manifest, string code, string sentence)
    {
        RenderedTemplate rendered = await TemplateFolders.RenderAsync(
            TemplateFolders.Template(manifest, ("a.sbn", "x"), ("big.bin", new string('x', (1 << 20) + 1)), ("mid.bin", new string('x', 1 << 20))), """{ "name": "x" }""");

        Assert.Empty(rendered.Files);
        Assert.Equal(code, rendered.Problems[0].Code);
        Assert.Contains(sentence, rendered.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Template_Of_A_Repository_Is_Rendered_By_Another_Process()
    {
        RenderedTemplate here = await RenderAsync(TemplateOrigin.BuiltIn, "{{ for i in 1..3 }}{{ i }} {{ name | cs_string }}{{ end }}é", "{ \"name\": \"x\" }");
        RenderedTemplate there = await RenderAsync(TemplateOrigin.Repository, "{{ for i in 1..3 }}{{ i }} {{ name | cs_string }}{{ end }}é", "{ \"name\": \"x\" }");

        Assert.Empty(there.Problems);
        Assert.Equal(TemplateFolders.Text(here.Files[0]), TemplateFolders.Text(there.Files[0]));
        Assert.Equal(here.Files[0].Path, there.Files[0].Path);
    }

    [Fact]
    public async Task A_Mistake_There_Has_Its_Place_Too()
    {
        RenderedTemplate rendered = await RenderAsync(TemplateOrigin.Repository, "\n {{ nothing }}", "{}");

        Assert.StartsWith("a.sbn:2:5: error AW1506", Assert.Single(rendered.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Template_That_Eats_Processor_Time_Is_Killed_With_Its_Place()
    {
        RenderedTemplate rendered = await RenderAsync(TemplateOrigin.Repository, "{{ func f(n); if n > 0; f(n - 1); f(n - 1); end; end; f 40 }}", "{}");

        Diagnostic problem = Assert.Single(rendered.Problems);
        Assert.Equal("AW1512", problem.Code);
        Assert.Contains("'a.sbn': more than 2 s of processor time", problem.Message, StringComparison.Ordinal);
        Assert.Equal(2, problem.Line);
    }

    [Fact]
    public async Task A_Template_That_Eats_Memory_Is_Stopped_By_Scriban_Or_By_The_Limit()
    {
        RenderedTemplate rendered = await RenderAsync(
            TemplateOrigin.Repository, "{{ a = []; for i in 1..90000; a[i] = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 2000; end; a.size }}", "{}");

        // Where the allocation fails inside an expression, Scriban itself says where.
        Assert.Contains(Assert.Single(rendered.Problems).Code, (string[])["AW1506", "AW1512"]);
        Assert.Empty(rendered.Files);
    }

    private static async Task<RenderedTemplate> RenderAsync(TemplateOrigin origin, string body, string model)
    {
        Template template = TemplateFolders.Template("files: [{ from: a.sbn, to: a.txt }]", ("a.sbn", body)) with { Origin = origin };
        return await new TemplateRenderer().RenderAsync(template, "scaffold", JsonNode.Parse(model)!.AsObject(), Cancel);
    }
}
