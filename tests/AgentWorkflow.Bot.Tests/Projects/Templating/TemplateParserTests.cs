using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bot.Tests.Projects.Templating;

public sealed class TemplateParserTests
{
    [Theory]
    [InlineData("name: sample\nfils: []\n", "template.yml:2:1: error AW1502: 'fils' is not a key of the manifest; there are name, description, toolchains, files, install, verify, reports, start. Did you mean 'files'?")]
    [InlineData("name: other\nfiles: []\n", "template.yml:1:7: error AW1503: 'name' is 'other' but the folder is 'sample'; they must be the same.")]
    [InlineData("name: sample\nfiles: [{ from: b.sbn, to: b }]\n", "template.yml:2:17: error AW1504: The template has no file 'b.sbn'. Did you mean 'a.sbn'?")]
    [InlineData("name: sample\nfiles: [{ from: a.sbn, to: b, when-exists: skipp }]\n", "template.yml:2:44: error AW1503: 'when-exists' is skip, append, replace or fail, not 'skipp'. Did you mean 'skip'?")]
    [InlineData("name: sample\nfiles: []\ninstall: [npm]\n", "template.yml:3:11: error AW1503: 'install' is a list of argument lists, like [[npm, ci]].")]
    [InlineData("name: sample\nfiles: &a []\n", "template.yml:2:8: error AW1501: The manifest cannot be read: anchors, aliases and tags are not read here.")]
    [InlineData("name: [1\nfiles: 2", "template.yml:")]
    [InlineData("", "template.yml:1:1: error AW1501: The manifest cannot be read: the manifest is empty.")]
    [InlineData("- 1", "template.yml:1:1: error AW1503: Here the manifest is expected, with keys like 'name'.")]
    public void A_Mistake_In_The_Manifest_Is_Named_With_Its_Place(string manifest, string expected)
    {
        TemplateReading reading = TemplateParser.Parse(TemplateFolders.Folder(("template.yml", manifest), ("a.sbn", "")), TemplateOrigin.BuiltIn);

        Assert.Null(reading.Template);
        Assert.StartsWith(expected, reading.Problems[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_Mistakes_Are_Found_In_One_Pass()
    {
        TemplateReading reading = TemplateParser.Parse(
            TemplateFolders.Folder(("template.yml", "nam: sample\nfiles: [{ from: x }, 7]\nverify: x\n")), TemplateOrigin.BuiltIn);

        Assert.Equal(5, reading.Problems.Count);
    }
}
