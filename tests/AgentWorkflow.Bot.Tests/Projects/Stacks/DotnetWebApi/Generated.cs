using System.Diagnostics;
using System.Xml.Linq;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;
using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.DotnetWebApi;

/// <summary>A generated project in a temporary folder, and the SDK run in it.</summary>
internal sealed class Generated : IDisposable
{
    private Generated(RenderedTemplate template)
    {
        Template = template;
        Folder = Directory.CreateTempSubdirectory("dotnet-webapi-").FullName;
        foreach (var file in template.Files)
        {
            var path = Path.Combine(Folder, file.Path.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content.ToArray());
        }
    }

    public RenderedTemplate Template { get; }

    public string Folder { get; }

    public static async Task<RenderedTemplate> RenderAsync(Requirements requirements)
    {
        var stack = new DotnetWebApiStack();
        var template = TemplateCatalog.BuiltIn(stack.Name) ?? throw new InvalidOperationException("The template is not built in.");
        var rendered = await new TemplateRenderer().RenderAsync(template, null, stack.BuildModel(requirements), TestContext.Current.CancellationToken);
        Assert.Empty(rendered.Problems);
        return rendered;
    }

    public static async Task<Generated> WriteAsync(Requirements requirements) => new(await RenderAsync(requirements));

    /// <summary>Runs the template's own commands, one after the other; the first that fails fails the test with its output.</summary>
    public async Task RunAsync()
    {
        foreach (var command in Template.Install.Concat(Template.Verify))
        {
            await RunAsync(command);
        }
    }

    /// <summary>The outcome of each test by its name in the runner's report.</summary>
    public Dictionary<string, string> Outcomes()
    {
        var report = Assert.Single(Directory.GetFiles(Folder, "*.trx", SearchOption.AllDirectories));
        return XDocument.Load(report).Descendants().Where(element => element.Name.LocalName == "UnitTestResult")
            .ToDictionary(element => element.Attribute("testName")!.Value, element => element.Attribute("outcome")!.Value);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task RunAsync(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {output[^Math.Min(output.Length, 6000)..]}");
        Assert.DoesNotContain("warning ", output, StringComparison.Ordinal);
    }
}
