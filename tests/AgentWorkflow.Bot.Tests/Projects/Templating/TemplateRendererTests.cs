using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bot.Tests.Projects.Templating;

public sealed class TemplateRendererTests
{
    private const string Manifest = """
        files:
          - { from: program.sbn, to: 'src/{{ project.name }}.cs' }
          - { from: entity.sbn, to: 'src/{{ item.name }}.cs', part: code, for: resources, if: item.kept }
          - { from: logo.bin, to: logo.bin, executable: true, when-exists: replace }
        install: [[dotnet, restore, '{{ project.name }}']]
        verify: [[dotnet, test]]
        reports: ['**/{{ project.name }}.trx']
        """;

    private const string Model = """
        { "project": { "name": "Library" }, "resources": [ { "name": "Book", "kept": true }, { "name": "Old", "kept": false }, { "name": "Loan", "kept": true } ] }
        """;

    private static readonly (string, string)[] Files = [("program.sbn", "// {{ project.name }} has {{ resources.size }}\n"), ("entity.sbn", "class {{ item.name }};\n"), ("logo.bin", "{{ raw }}")];

    [Fact]
    public async Task A_Part_Becomes_Its_Files_And_The_Commands()
    {
        RenderedTemplate rendered = await TemplateFolders.RenderAsync(TemplateFolders.Template(Manifest, Files), Model);

        Assert.Empty(rendered.Problems);
        Assert.Equal(["src/Library.cs", "logo.bin"], rendered.Files.Select(f => f.Path.Value));
        Assert.Equal("// Library has 3\n", TemplateFolders.Text(rendered.Files[0]));
        Assert.Equal("{{ raw }}", TemplateFolders.Text(rendered.Files[1]));
        Assert.True(rendered.Files[1].Executable);
        Assert.Equal(WhenExists.Replace, rendered.Files[1].WhenExists);
        Assert.Equal(["dotnet", "restore", "Library"], rendered.Install[0]);
        Assert.Equal(["dotnet", "test"], rendered.Verify[0]);
        Assert.Equal(["**/Library.trx"], rendered.Reports);
    }

    [Fact]
    public async Task A_File_Is_Made_For_Each_Element_That_The_Condition_Lets_Through()
    {
        RenderedTemplate rendered = await TemplateFolders.RenderAsync(TemplateFolders.Template(Manifest, Files), Model, "code");

        Assert.Empty(rendered.Problems);
        Assert.Equal(["class Book;\n", "class Loan;\n"], rendered.Files.Select(TemplateFolders.Text));
    }

    [Theory]
    [InlineData("{{ project.nam }}", "a.sbn:1:")]
    [InlineData("\n\n  {{ nothing }}", "a.sbn:3:6: error AW1506")]
    [InlineData("{{ if true }}", "a.sbn:1:")]
    [InlineData("{{ date.now }}", "a.sbn:1:4: error AW1506")]
    [InlineData("{{ include 'x' }}", "a.sbn:1:")]
    [InlineData("{{ project.name = 'x' }}", "a.sbn:1:")]
    public async Task A_Mistake_Is_Named_With_Its_Place(string text, string expected)
    {
        RenderedTemplate rendered = await TemplateFolders.RenderAsync(
            TemplateFolders.Template("files: [{ from: a.sbn, to: a.txt }]", ("a.sbn", text)), Model);

        Assert.Empty(rendered.Files);
        Assert.StartsWith(expected, Assert.Single(rendered.Problems).ToString(), StringComparison.Ordinal);
    }
}
