using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Steps.Command.Reports;

/// <summary>Reads TAP 12 to 14 with subtests, as <c>node --test</c> writes it. Only the innermost tests count.</summary>
internal sealed partial class TapReport(SourceLocation locations)
{
    private const int Indent = 4;
    private const int MaxLevels = 64;
    private const int LongestLine = 10_000;
    private readonly List<TestCase> _cases = [];
    private readonly List<Level> _levels = [new()];
    private Point? _point;
    private bool _inBlock;
    private string? _blockText;

    /// <summary>True for a text that starts like TAP.</summary>
    public static bool Looks(string text) => Beginning().IsMatch(text.Length > 4096 ? text[..4096] : text);

    /// <summary>Reads it.</summary>
    public TestReport Read(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            string whole = line.TrimEnd('\r');
            Take(whole.Length > LongestLine ? whole[..LongestLine] : whole);
        }

        Finish();
        Close(0);
        return new TestReport(_cases);
    }

    private void Take(string line)
    {
        string content = line.TrimStart(' ');
        int level = (line.Length - content.Length) / Indent;
        if (_inBlock)
        {
            InBlock(content);
            return;
        }

        if (content == "---" && _point is not null)
        {
            _inBlock = true;
        }
        else if (Result().Match(content) is { Success: true } result)
        {
            Finish();
            Enter(level);
            _point = new Point(level, result);
        }
        else if (Plan().Match(content) is { Success: true } plan)
        {
            Finish();
            Enter(level);
            _levels[level].Planned = int.Parse(plan.Groups["count"].Value, CultureInfo.InvariantCulture);
        }
        else if (content.StartsWith("# Subtest: ", StringComparison.Ordinal))
        {
            Finish();
            Enter(level);
            _levels[level].Name = content["# Subtest: ".Length..];
        }
        else if (content.StartsWith("Bail out!", StringComparison.Ordinal))
        {
            Finish();
            Add(new TestCase("Bail out!", TestOutcome.Failed, content, null));
        }
    }

    // Of the YAML block only two values are read, line by line: the message and the place.
    private void InBlock(string content)
    {
        if (content == "...")
        {
            _inBlock = false;
            _blockText = null;
        }
        else if (_point is not null && Entry().Match(content) is { Success: true } entry)
        {
            string key = entry.Groups["key"].Value;
            string value = entry.Groups["value"].Value.Trim();
            _blockText = value is "|-" or "|" or ">" or ">-" ? key : null;
            if (_blockText is null)
            {
                _point.Set(key, Unquote(value));
            }
        }
        else if (_blockText is not null)
        {
            _point?.More(_blockText, content);
        }
    }

    private void Finish()
    {
        _inBlock = false;
        _blockText = null;
        if (_point is not { } point)
        {
            return;
        }

        _point = null;
        bool hasInner = Close(point.Level + 1);
        Level level = _levels[point.Level];
        level.Seen++;
        bool innerFailed = level.InnerFailed;
        level.InnerFailed = false;
        level.Failed |= point.Outcome == TestOutcome.Failed;
        if (!hasInner || (point.Outcome == TestOutcome.Failed && !innerFailed))
        {
            string outer = string.Concat(_levels.Take(point.Level).Select(l => l.Name is null ? "" : l.Name + " > "));
            Add(new TestCase(outer + point.Name, point.Outcome, point.Message, point.Outcome == TestOutcome.Failed ? point.Place(locations) : null));
        }
    }

    // Ends the levels from this one on; true when there was any.
    private bool Close(int from)
    {
        bool any = false;
        for (int i = _levels.Count - 1; i >= from; i--)
        {
            Level level = _levels[i];
            any |= level.Seen > 0;
            if (level.Planned is { } planned && planned != level.Seen)
            {
                Add(new TestCase("the plan", TestOutcome.Failed, $"{planned} tests were planned and {level.Seen} were reported", null));
                level.Failed = true;
            }

            _levels.RemoveAt(i);
            if (i > 0)
            {
                _levels[i - 1].InnerFailed |= level.Failed;
            }
        }

        if (_levels.Count == 0)
        {
            _levels.Add(new Level());
        }

        return any;
    }

    private void Enter(int level)
    {
        if (level >= MaxLevels)
        {
            throw new ReportException($"it is nested deeper than {MaxLevels}");
        }

        while (_levels.Count <= level)
        {
            _levels.Add(new Level());
        }
    }

    private void Add(TestCase test)
    {
        if (_cases.Count == TestReportReader.MaxCases)
        {
            throw new ReportException($"it has more than {TestReportReader.MaxCases} tests");
        }

        _cases.Add(test);
    }

    private static string Unquote(string value) =>
        value is ['\'', .., '\''] ? value[1..^1].Replace("''", "'", StringComparison.Ordinal)
        : value is ['"', .., '"'] ? value[1..^1].Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal)
        : value;

    [GeneratedRegex(@"\A\s*(TAP version \d+\s*$|1\.\.\d+|(not )?ok\b|# Subtest: )", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.CultureInvariant, 500)]
    private static partial Regex Beginning();

    [GeneratedRegex(@"\A(?<not>not )?ok\b( +[0-9]{1,9})?( *-)? *(?<name>.*?)(\s+# *(?<directive>SKIP\w*|TODO)\b *(?<reason>.*))?\z", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 500)]
    private static partial Regex Result();

    [GeneratedRegex(@"\A1\.\.(?<count>[0-9]{1,9})(\s|\z)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 500)]
    private static partial Regex Plan();

    [GeneratedRegex(@"\A(?<key>error|message|location|file|line|stack): *(?<value>.*)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 500)]
    private static partial Regex Entry();

    private sealed class Level
    {
        public int? Planned { get; set; }

        public int Seen { get; set; }

        public bool Failed { get; set; }

        public bool InnerFailed { get; set; }

        public string? Name { get; set; }
    }

    private sealed class Point(int level, Match match)
    {
        private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
        private readonly string _reason = match.Groups["reason"].Value;

        public int Level => level;

        public string Name { get; } = match.Groups["name"].Value.Replace("\\#", "#", StringComparison.Ordinal);

        // A test to do is not a promise: it counts as not run, whatever came out.
        public TestOutcome Outcome { get; } =
            match.Groups["directive"].Success ? TestOutcome.Skipped : match.Groups["not"].Success ? TestOutcome.Failed : TestOutcome.Passed;

        public string? Message => Outcome switch
        {
            TestOutcome.Skipped => _reason,
            TestOutcome.Failed => _values.GetValueOrDefault("error") ?? _values.GetValueOrDefault("message"),
            _ => null,
        };

        public string? Place(SourceLocation locations) =>
            locations.Find(_values.GetValueOrDefault("stack"))
            ?? locations.Find(_values.GetValueOrDefault("location"))
            ?? locations.Of(_values.GetValueOrDefault("file"), _values.GetValueOrDefault("line"));

        public void Set(string key, string value) => _values.TryAdd(key, value);

        public void More(string key, string line) => _values[key] = _values.TryGetValue(key, out string? before) ? before + "\n" + line : line;
    }
}
