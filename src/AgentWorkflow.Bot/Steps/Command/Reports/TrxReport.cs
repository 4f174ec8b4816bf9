using System.Xml;

namespace AgentWorkflow.Bot.Steps.Command.Reports;

/// <summary>Reads the report of <c>dotnet test</c>: TRX of VSTest and of Microsoft.Testing.Platform.</summary>
internal sealed class TrxReport(SourceLocation locations)
{
    private readonly Stack<Open> _open = [];
    private readonly List<(string Id, TestCase Case)> _cases = [];
    private readonly Dictionary<string, string> _classes = new(StringComparer.Ordinal);
    private string _test = "";
    private string? _text;

    /// <summary>Reads its elements.</summary>
    public TestReport Read(IEnumerable<XmlReader> elements)
    {
        foreach (XmlReader reader in elements)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Start(reader);
                    if (reader.IsEmptyElement)
                    {
                        End(reader.LocalName);
                    }

                    break;
                case XmlNodeType.EndElement:
                    End(reader.LocalName);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    _text += reader.Value;
                    break;
            }
        }

        // MSTest gives the method's name alone; the class is in the definitions, which come after the results.
        return new TestReport([.. _cases.Select(c => _classes.GetValueOrDefault(c.Id) is { Length: > 0 } type && !c.Case.Name.StartsWith(type + ".", StringComparison.Ordinal)
            ? new TestCase($"{type}.{c.Case.Name}", c.Case.Outcome, c.Case.Message, c.Case.Location)
            : c.Case)]);
    }

    private void Start(XmlReader reader)
    {
        _text = null;
        switch (reader.LocalName)
        {
            case "UnitTestResult":
                if (_open.TryPeek(out Open? outer))
                {
                    outer.HasInner = true;
                }

                _open.Push(new Open(reader.GetAttribute("testId") ?? "", reader.GetAttribute("testName") ?? "", reader.GetAttribute("outcome")));
                break;
            case "UnitTest":
                _test = reader.GetAttribute("id") ?? "";
                break;
            case "TestMethod":
                _classes[_test] = reader.GetAttribute("className")?.Split(',')[0] ?? "";
                break;
        }
    }

    private void End(string name)
    {
        if (_open.TryPeek(out Open? result))
        {
            switch (name)
            {
                case "Message":
                    result.Message = _text;
                    break;
                case "StackTrace":
                    result.Trace = _text;
                    break;
                case "StdOut" when result.Message is null:
                    result.Said = _text;
                    break;
                case "UnitTestResult":
                    Add(_open.Pop());
                    break;
            }
        }

        _text = null;
    }

    private void Add(Open result)
    {
        // A test with rows is there twice: as itself and as its rows. The rows count.
        if (result.HasInner)
        {
            return;
        }

        if (_cases.Count == TestReportReader.MaxCases)
        {
            throw new ReportException($"it has more than {TestReportReader.MaxCases} tests");
        }

        TestOutcome outcome = result.Outcome switch
        {
            "Passed" or "Completed" or "Warning" => TestOutcome.Passed,
            "NotExecuted" or "Inconclusive" or "NotRunnable" or "Pending" or "Disconnected" => TestOutcome.Skipped,
            _ => TestOutcome.Failed,
        };
        string? message = outcome == TestOutcome.Passed ? null : result.Message ?? (outcome == TestOutcome.Skipped ? result.Said : null);
        _cases.Add((result.Id, new TestCase(result.Name, outcome, message, outcome == TestOutcome.Failed ? locations.Find(result.Trace) : null)));
    }

    private sealed class Open(string id, string name, string? outcome)
    {
        public string Id => id;

        public string Name => name;

        public string? Outcome => outcome;

        public bool HasInner { get; set; }

        public string? Message { get; set; }

        public string? Trace { get; set; }

        public string? Said { get; set; }
    }
}
