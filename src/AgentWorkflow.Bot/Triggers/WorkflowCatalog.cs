using System.Reflection;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The workflows of a repository at one commit: its own files, and the built-in ones where it has none of that name.</summary>
internal sealed class WorkflowCatalog(WorkflowParser parser)
{
    private const string BuiltInPrefix = "workflows/";

    /// <summary>The valid workflows and their texts; a file with errors is left out, its diagnostics are in the second list.</summary>
    public (IReadOnlyList<SourcedWorkflow> Workflows, IReadOnlyList<Diagnostic> Diagnostics) Read(IReadOnlyList<RepositoryFile> files)
    {
        List<SourcedWorkflow> found = [];
        List<Diagnostic> diagnostics = [];
        foreach (RepositoryFile file in files)
        {
            WorkflowParse parse = parser.Parse(file.Path.Value, file.Content);
            diagnostics.AddRange(parse.Diagnostics);
            if (parse.Workflow is { } workflow && found.TrueForAll(f => f.Workflow.Name != workflow.Name))
            {
                found.Add(new SourcedWorkflow(workflow, file.Content));
            }
        }

        // A repository's own word wins over a built-in one.
        found.AddRange(BuiltIn().Where(b => found.TrueForAll(
            f => f.Workflow.Name != b.Workflow.Name && (b.Workflow.On.Command is not { } command || f.Workflow.On.Command != command))));
        return (found, diagnostics);
    }

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
