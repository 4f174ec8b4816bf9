using System.Reflection;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The workflows of a repository at one commit: its own files, and the built-in ones where it has none of that name.</summary>
internal sealed class WorkflowCatalog(WorkflowParser parser, IContentStore contents)
{
    /// <summary>Where workflow files are found, on the default branch only (promise P49).</summary>
    public static IReadOnlyList<string> Folders { get; } = [".agentworkflow/workflows/", ".github/agentworkflow/workflows/", ".gitlab/agentworkflow/workflows/"];

    private const string BuiltInPrefix = "workflows/";

    /// <summary>The valid workflows and their texts; a file with errors is left out, its diagnostics are in the second list.</summary>
    public async Task<(IReadOnlyList<SourcedWorkflow> Workflows, IReadOnlyList<Diagnostic> Diagnostics)> ReadAsync(WorkspaceTree tree, CancellationToken cancellationToken)
    {
        List<SourcedWorkflow> found = [];
        List<Diagnostic> diagnostics = [];
        foreach ((RepoPath path, FileEntry entry) in tree.Files.Where(f => IsWorkflowFile(f.Key.Value)))
        {
            using MemoryStream text = new();
            await using Stream stored = contents.OpenRead(entry.Sha256);
            await stored.CopyToAsync(text, cancellationToken);
            WorkflowParse parse = parser.Parse(path.Value, text.ToArray());
            diagnostics.AddRange(parse.Diagnostics);
            if (parse.Workflow is { } workflow && found.TrueForAll(f => f.Workflow.Name != workflow.Name))
            {
                found.Add(new SourcedWorkflow(workflow, text.ToArray()));
            }
        }

        found.AddRange(BuiltIn().Where(b => found.TrueForAll(f => f.Workflow.Name != b.Workflow.Name)));
        return (found, diagnostics);
    }

    /// <summary>True for the path of a workflow file.</summary>
    public static bool IsWorkflowFile(string path) =>
        Folders.Any(f => path.StartsWith(f, StringComparison.Ordinal) && !path[f.Length..].Contains('/'))
        && (path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal));

    /// <summary>The workflows that ship with the program.</summary>
    public IEnumerable<SourcedWorkflow> BuiltIn()
    {
        Assembly assembly = typeof(WorkflowCatalog).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(BuiltInPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using MemoryStream text = new();
            using Stream? stored = assembly.GetManifestResourceStream(resource);
            stored?.CopyTo(text);
            WorkflowParse parse = parser.Parse(resource[BuiltInPrefix.Length..], text.ToArray());
            yield return parse.Workflow is { } workflow
                ? new SourcedWorkflow(workflow, text.ToArray(), IsBuiltIn: true)
                : throw new InvalidOperationException($"The built-in workflow is not valid: {parse.Diagnostics[0]}");
        }
    }
}

/// <summary>A workflow with the bytes it was read from.</summary>
internal sealed record SourcedWorkflow(Workflow Workflow, byte[] Text, bool IsBuiltIn = false);
