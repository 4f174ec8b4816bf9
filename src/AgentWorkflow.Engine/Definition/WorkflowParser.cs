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
        _ = steps;
        return new WorkflowParse(null, [new Diagnostic(path, 1, 1, Severity.Error, "AW0001", "The parser is not written yet.")]);
    }
}

/// <summary>A file read: the workflow, when it is valid, and all remarks.</summary>
public sealed record WorkflowParse(Workflow? Workflow, IReadOnlyList<Diagnostic> Diagnostics);
