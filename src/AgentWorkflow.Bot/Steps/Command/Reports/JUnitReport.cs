using System.Xml;

namespace AgentWorkflow.Bot.Steps.Command.Reports;

/// <summary>Reads JUnit XML as Node, pytest and others write it.</summary>
internal sealed class JUnitReport(SourceLocation locations)
{
    // Node calls the class of every test so.
    private const string NoClass = "test";

    private readonly List<string> _suites = [];
    private readonly List<TestCase> _cases = [];
    private Open? _case;
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

        return new TestReport(_cases);
    }

    private void Start(XmlReader reader)
    {
        _text = null;
        switch (reader.LocalName)
        {
            case "testsuite":
                _suites.Add(reader.GetAttribute("name") ?? "");
                break;
            case "testcase":
                _case = new Open(Name(reader), locations.Of(reader.GetAttribute("file"), reader.GetAttribute("line")));
                break;
            case "failure" or "error" when _case is not null:
                _case.Outcome = TestOutcome.Failed;
                _case.Message ??= reader.GetAttribute("message");
                break;
            case "skipped" when _case is { Outcome: TestOutcome.Passed }:
                _case.Outcome = TestOutcome.Skipped;
                _case.Message = reader.GetAttribute("message");
                break;
        }
    }

    private void End(string name)
    {
        switch (name)
        {
            case "testsuite" when _suites.Count > 0:
                _suites.RemoveAt(_suites.Count - 1);
                break;
            case "failure" or "error" when _case is not null:
                _case.Message = string.IsNullOrEmpty(_case.Message) ? _text : _case.Message;
                _case.Location = locations.Find(_text) ?? _case.Location;
                break;
            case "testcase" when _case is not null:
                if (_cases.Count == TestReportReader.MaxCases)
                {
                    throw new ReportException($"it has more than {TestReportReader.MaxCases} tests");
                }

                _cases.Add(new TestCase(_case.Name, _case.Outcome, _case.Message, _case.Outcome == TestOutcome.Failed ? _case.Location : null));
                _case = null;
                break;
        }

        _text = null;
    }

    private string Name(XmlReader reader)
    {
        string name = reader.GetAttribute("name") ?? "";
        string? type = reader.GetAttribute("classname");
        return type is { Length: > 0 } and not NoClass
            ? $"{type}.{name}"
            : string.Join(" > ", _suites.Where(s => s.Length > 0).Append(name));
    }

    private sealed class Open(string name, string? location)
    {
        public string Name => name;

        public TestOutcome Outcome { get; set; }

        public string? Message { get; set; }

        public string? Location { get; set; } = location;
    }
}
