using System.Text;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Tests.Steps;

namespace AgentWorkflow.Engine.Tests.Definition;

/// <summary>Short ways to parse in tests.</summary>
internal static class WorkflowFiles
{
    public static WorkflowParse Parse(string text, string path = "w.yml") => Parse(Encoding.UTF8.GetBytes(text), path);

    public static WorkflowParse Parse(byte[] bytes, string path = "w.yml") => new WorkflowParser(FakeSteps.Registry).Parse(path, bytes);

    /// <summary>The diagnostics as lines without the file's name.</summary>
    public static string[] Complaints(string text) => [.. Parse(text).Diagnostics.Select(d => d.ToString()["w.yml:".Length..])];

    /// <summary>A valid workflow around a list of steps, which begin in line 4.</summary>
    public static string WithSteps(string steps) =>
        $"on: {{ manual: true }}\npermissions: {{ contents: write, pull-requests: write, issues: write }}\nsteps:\n{steps}";

    public static string RepositoryFile(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentWorkflow.Bot.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder?.FullName ?? throw new InvalidOperationException("not inside of the repository"), .. parts]);
    }
}
