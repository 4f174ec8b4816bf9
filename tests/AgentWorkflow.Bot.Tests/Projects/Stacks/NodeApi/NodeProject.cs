using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.NodeApi;
using AgentWorkflow.Bot.Projects.Templating;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.NodeApi;

/// <summary>A project of the stack, written into a folder of its own and run with the real node.</summary>
internal sealed class NodeProject : IDisposable
{
    private static readonly Lazy<string?> Version = new(() => Run(Path.GetTempPath(), "node", "--version") is (0, var version) ? version.Trim() : null);

    private NodeProject(string folder, RenderedTemplate rendered)
    {
        Folder = folder;
        Rendered = rendered;
    }

    public string Folder { get; }

    public RenderedTemplate Rendered { get; }

    /// <summary>Skips the test where node is absent or too old.</summary>
    public static void NeedsNode()
    {
        if (Version.Value is not { } version || int.Parse(version.TrimStart('v').Split('.')[0], CultureInfo.InvariantCulture) < 20)
        {
            Assert.Skip("The generated project needs Node 20 or newer on the PATH.");
        }
    }

    public static async Task<RenderedTemplate> RenderAsync(Requirements requirements, string? part = null)
    {
        var template = TemplateCatalog.BuiltIn("node-api")!;
        return await new TemplateRenderer().RenderAsync(template, part, new NodeApiStack().BuildModel(requirements), TestContext.Current.CancellationToken);
    }

    public static async Task<NodeProject> WriteAsync(Requirements requirements)
    {
        var rendered = await RenderAsync(requirements);
        Assert.Empty(rendered.Problems);
        var folder = Directory.CreateTempSubdirectory("node-api-").FullName;
        foreach (var file in rendered.Files)
        {
            var path = Path.Combine(folder, file.Path.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, file.Content, TestContext.Current.CancellationToken);
        }

        return new NodeProject(folder, rendered);
    }

    /// <summary>Runs what the template says, in order; the first that fails fails the test.</summary>
    public void Verify()
    {
        foreach (var command in Rendered.Install.Concat(Rendered.Verify))
        {
            var (exitCode, output) = Run(Folder, [.. command]);
            Assert.True(exitCode == 0, output);
        }
    }

    /// <summary>The tests that the report says passed, and those that it does not.</summary>
    public (IReadOnlyList<string> Passed, IReadOnlyList<string> Others) Report()
    {
        var cases = XDocument.Load(Path.Combine(Folder, Rendered.Reports[0])).Descendants("testcase").ToLookup(test => !test.HasElements, test => test.Attribute("name")!.Value);
        return ([.. cases[true]], [.. cases[false]]);
    }

    public static (int ExitCode, string Output) Run(string folder, params string[] command)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            return (-1, missing.Message);
        }

        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
