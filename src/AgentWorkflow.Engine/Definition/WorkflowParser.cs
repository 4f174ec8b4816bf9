using AgentWorkflow.Engine.Definition.Raw;
using AgentWorkflow.Engine.Definition.Yaml;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Definition;

/// <summary>Reads workflow files: text to raw to valid, all diagnostics in one pass.</summary>
public sealed class WorkflowParser(StepRegistry steps)
{
    /// <summary>Reads one file. The workflow is null exactly when there is an error among the diagnostics.</summary>
    /// <param name="path">The file's path, for diagnostics and the default name.</param>
    /// <param name="content">The file's bytes, whatever they are.</param>
    public WorkflowParse Parse(string path, ReadOnlyMemory<byte> content)
    {
        DiagnosticBag diagnostics = new(path);
        Workflow? workflow = Build(path, content, diagnostics);
        return new WorkflowParse(diagnostics.HasErrors ? null : workflow, diagnostics.ToList());
    }

    private Workflow? Build(string path, ReadOnlyMemory<byte> content, DiagnosticBag diagnostics)
    {
        if (SourceText.Read(content, diagnostics) is not { } source || NodeReader.Read(source, diagnostics) is not { } root)
        {
            return null;
        }

        return new RawReader(diagnostics).Read<RawWorkflow>(root) is { } raw ? new WorkflowBuilder(path, source, diagnostics, steps).Build(raw) : null;
    }
}

/// <summary>A file read: the workflow, when it is valid, and all remarks.</summary>
public sealed record WorkflowParse(Workflow? Workflow, IReadOnlyList<Diagnostic> Diagnostics);
