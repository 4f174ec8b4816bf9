namespace AgentWorkflow.Engine.Definition;

/// <summary>One remark about a file: <c>file:line:column: error AWnnnn: message</c>.</summary>
/// <param name="File">The file's path as the caller named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Severity">Errors forbid the run; warnings do not.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Message">One sentence: what is wrong and what to do.</param>
/// <param name="Suggestion">The nearest valid name, when there is one.</param>
public sealed record Diagnostic(string File, int Line, int Column, Severity Severity, string Code, string Message, string? Suggestion = null)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(Severity == Severity.Error ? "error" : "warning")} {Code}: {Message}{(Suggestion is null ? "" : $" Did you mean '{Suggestion}'?")}";
}

/// <summary>How bad it is.</summary>
public enum Severity
{
    /// <summary>The file cannot run.</summary>
    Error,

    /// <summary>The file can run.</summary>
    Warning,
}
