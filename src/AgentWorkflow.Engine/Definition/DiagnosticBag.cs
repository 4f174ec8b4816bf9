namespace AgentWorkflow.Engine.Definition;

/// <summary>Collects the diagnostics of one file, in any order, up to a limit.</summary>
internal sealed class DiagnosticBag(string file)
{
    /// <summary>More than this many remarks help nobody.</summary>
    public const int Limit = 100;

    private readonly List<Diagnostic> _items = [];
    private bool _more;

    /// <summary>True after the first error.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Adds an error.</summary>
    public void Error(SourcePosition position, string code, string message, string? suggestion = null) =>
        Add(new Diagnostic(file, position.Line, position.Column, Severity.Error, code, message, suggestion));

    /// <summary>Adds a warning.</summary>
    public void Warning(SourcePosition position, string code, string message, string? suggestion = null) =>
        Add(new Diagnostic(file, position.Line, position.Column, Severity.Warning, code, message, suggestion));

    /// <summary>All remarks, from the top of the file to its end; the same remark once.</summary>
    public IReadOnlyList<Diagnostic> ToList()
    {
        List<Diagnostic> list = [.. _items.Distinct().OrderBy(d => d.Line).ThenBy(d => d.Column).ThenBy(d => d.Code, StringComparer.Ordinal)];
        if (_more && list.Count > 0)
        {
            Diagnostic last = list[^1];
            list.Add(last with { Severity = Severity.Error, Code = Codes.TooManyRemarks, Message = $"there are more than {Limit} remarks; correct these first.", Suggestion = null });
        }

        return list;
    }

    private void Add(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == Severity.Error;
        if (_items.Count < Limit)
        {
            _items.Add(diagnostic);
        }
        else
        {
            _more = true;
        }
    }
}
