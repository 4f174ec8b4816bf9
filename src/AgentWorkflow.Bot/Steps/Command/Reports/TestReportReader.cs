using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace AgentWorkflow.Bot.Steps.Command.Reports;

/// <summary>
/// Reads a report of any kind we know by what is in it, not by its name. Reports are written by untrusted code: no DTD, nothing
/// is fetched, and size, depth and number are limited.
/// </summary>
internal sealed class TestReportReader(SourceLocation locations)
{
    /// <summary>The largest report that is read, in bytes.</summary>
    public const long MaxBytes = 32L << 20;

    /// <summary>The most tests in one report.</summary>
    public const int MaxCases = 100_000;

    private const int MaxDepth = 64;

    /// <summary>Reads it.</summary>
    /// <exception cref="ReportException">It is none of the kinds, broken, or too large.</exception>
    public TestReport Read(ReadOnlyMemory<byte> content)
    {
        if (content.Length > MaxBytes)
        {
            throw new ReportException($"it is larger than {MaxBytes >> 20} MiB");
        }

        try
        {
            return ReadText(content);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ReportException("its lines take too long to read");
        }
    }

    private TestReport ReadText(ReadOnlyMemory<byte> content)
    {
        string text = new UTF8Encoding(false, false).GetString(content.Span).TrimStart('\ufeff');
        return text.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal) ? ReadXml(text.TrimStart())
            : TapReport.Looks(text) ? new TapReport(locations).Read(text)
            : throw new ReportException("it is neither TRX nor JUnit XML nor TAP");
    }

    private TestReport ReadXml(string text)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxBytes,
            CheckCharacters = false,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using StringReader source = new(text);
            using XmlReader reader = XmlReader.Create(source, settings);
            reader.MoveToContent();
            return reader.LocalName switch
            {
                "TestRun" => new TrxReport(locations).Read(Elements(reader)),
                "testsuites" or "testsuite" => new JUnitReport(locations).Read(Elements(reader)),
                _ => throw new ReportException($"its root element '{reader.LocalName}' is neither of TRX nor of JUnit"),
            };
        }
        catch (XmlException broken)
        {
            throw new ReportException($"it is not well-formed XML: {broken.Message}");
        }
    }

    // Starts, texts and ends, one after the other: nothing is built that could grow.
    private static IEnumerable<XmlReader> Elements(XmlReader reader)
    {
        do
        {
            if (reader.Depth > MaxDepth)
            {
                throw new ReportException($"it is nested deeper than {MaxDepth}");
            }

            yield return reader;
        }
        while (reader.Read());
    }
}
