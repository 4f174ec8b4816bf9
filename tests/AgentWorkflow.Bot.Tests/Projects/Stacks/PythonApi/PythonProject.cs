using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;

using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.PythonApi;
using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

/// <summary>A generated project in a folder of its own.</summary>
internal sealed class PythonProject : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aw-python-");

    private PythonProject(RenderedTemplate rendered)
    {
        Rendered = rendered;
        foreach (RenderedFile file in rendered.Files)
        {
            string path = Path.Combine(Folder, file.Path.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content.ToArray());
        }
    }

    /// <summary>Where its files are.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What the template made.</summary>
    public RenderedTemplate Rendered { get; }

    /// <summary>Renders the template for an idea.</summary>
    public static async Task<RenderedTemplate> RenderAsync(Requirements requirements, string? part = null)
    {
        Template template = TemplateCatalog.BuiltIn("python-api") ?? throw new InvalidOperationException("the template is not built in");
        JsonObject model = new PythonApiStack().BuildModel(requirements);
        RenderedTemplate rendered = await new TemplateRenderer().RenderAsync(template, part, model, TestContext.Current.CancellationToken);
        Assert.Empty(rendered.Problems);
        return rendered;
    }

    /// <summary>Renders the template for an idea and writes its files.</summary>
    public static async Task<PythonProject> CreateAsync(Requirements requirements) => new(await RenderAsync(requirements));

    /// <summary>One line a file: its digest and its path.</summary>
    public static string Digests(RenderedTemplate rendered) => string.Concat(rendered.Files
        .OrderBy(f => f.Path.Value, StringComparer.Ordinal)
        .Select(f => $"{Convert.ToHexStringLower(SHA256.HashData(f.Content.Span))[..16]}  {f.Path.Value}\n"));

    /// <summary>The text of a file.</summary>
    public string Text(string path) => File.ReadAllText(Path.Combine(Folder, path), Encoding.UTF8);

    /// <summary>Runs what the template says, and returns the tests of the report: name to what went wrong, empty for passed.</summary>
    public async Task<IReadOnlyDictionary<string, string>> VerifyAsync()
    {
        foreach (IReadOnlyList<string> command in Rendered.Verify)
        {
            Assert.Equal("python3", command[0]);
            (int exitCode, string output) = await Python.RunAsync(Folder, command.Skip(1), "", TestContext.Current.CancellationToken);
            Assert.True(exitCode == 0, output);
        }

        return ReadReport();
    }

    /// <summary>The tests of the report, whatever the exit code was.</summary>
    public IReadOnlyDictionary<string, string> ReadReport() =>
        XDocument.Load(Path.Combine(Folder, Assert.Single(Rendered.Reports))).Descendants("testcase").ToDictionary(
            test => $"{test.Attribute("classname")!.Value}.{test.Attribute("name")!.Value}",
            test => test.Elements().FirstOrDefault() is { } trouble ? $"{trouble.Name}: {trouble.Attribute("message")?.Value}" : "",
            StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
