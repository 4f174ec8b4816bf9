using System.Text;

using AgentWorkflow.Bot.Steps.Command.Reports;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Steps.Command.Reports;

public sealed class TestReportReaderTests
{
    [Fact]
    public void Trx_Of_The_Testing_Platform_Is_Read()
    {
        TestReport report = Read(Fixture("platform.trx"));
        Check(report, 2, 2, 1);
        TestCase failed = report.Cases.Single(c => c.Name == "T.Fails");
        Assert.Equal("t/T.cs:2", failed.Location);
        Assert.Equal("Assert.Equal() Failure: Values differ\nExpected: 1\nActual:   2", failed.Message);
        Assert.Equal("later", report.Cases.Single(c => c.Outcome == TestOutcome.Skipped).Message);
        Assert.Contains(report.Cases, c => c is { Name: "T.Rows(n: 1)", Outcome: TestOutcome.Passed });
    }

    [Fact]
    public void JUnit_Of_Node_Is_Read()
    {
        TestReport report = Read(Fixture("node.junit.xml"));
        Check(report, 2, 2, 2);
        TestCase failed = report.Cases.Single(c => c.Name == "fails here");
        Assert.Equal(("one is not two", "a.test.js:3"), (failed.Message, failed.Location));
        Assert.Contains(report.Cases, c => c is { Name: "group > inner bad", Message: "boom <&>", Location: "a.test.js:6" });
    }

    [Fact]
    public void Tap_Of_Node_Is_Read()
    {
        TestReport report = Read(Fixture("node.tap"));
        Check(report, 2, 2, 2);
        TestCase failed = report.Cases.Single(c => c.Name == "fails here");
        Assert.Equal(("one is not two", "a.test.js:3"), (failed.Message, failed.Location));
        Assert.Contains(report.Cases, c => c is { Name: "group > inner bad", Message: "boom <&>", Location: "a.test.js:6" });
        Assert.Contains(report.Cases, c => c is { Name: "later", Outcome: TestOutcome.Skipped, Message: "not yet" });
    }

    [Fact]
    public void JUnit_With_Classes_And_Python_Traces_Is_Read()
    {
        TestReport report = Read("""
            <testsuite name="unittest" tests="3"><testcase classname="tests.test_a.A" name="test_ok" time="0.1"/>
            <testcase classname="tests.test_a.A" name="test_bad"><failure message="1 != 2">Traceback
              File "/usr/lib/python3.11/unittest/case.py", line 59, in x
              File "/src/tests/test_a.py", line 4, in test_bad
            AssertionError</failure></testcase><testcase classname="a" name="e"><error>broken</error></testcase></testsuite>
            """);
        Check(report, 1, 2, 0);
        Assert.Equal("tests/test_a.py:4", report.Cases[1].Location);
        Assert.Equal("tests.test_a.A.test_bad", report.Cases[1].Name);
        Assert.Equal("broken", report.Cases[2].Message);
    }

    [Fact]
    public void Rows_Inside_A_Trx_Result_Count_Instead_Of_It_And_Classes_Come_From_The_Definitions()
    {
        TestReport report = Read("""
            <TestRun><Results><UnitTestResult testId="1" testName="Adds" outcome="Failed"><InnerResults>
            <UnitTestResult testId="1" testName="Adds (1)" outcome="Passed"/><UnitTestResult testId="1" testName="Adds (2)" outcome="Timeout"/>
            </InnerResults></UnitTestResult></Results>
            <TestDefinitions><UnitTest id="1"><TestMethod className="My.Sums, My" name="Adds"/></UnitTest></TestDefinitions></TestRun>
            """);
        Check(report, 1, 1, 0);
        Assert.Equal("My.Sums.Adds (1)", report.Cases[0].Name);
    }

    [Theory]
    [InlineData("TAP version 13\n1..3\nok 1 - a\nnot ok 2 - b\n", 1, 2, 0)]
    [InlineData("1..0 # SKIP nothing here\n", 0, 0, 0)]
    [InlineData("TAP version 14\nok 1 - a # TODO\nnot ok 2 - b # todo later\nok 3 - c \\# d\n1..3\n", 1, 0, 2)]
    [InlineData("ok\nok\nBail out! no database\n", 2, 1, 0)]
    [InlineData("TAP version 13\nnot ok 1 - whole\n    ok 1 - x\n    1..1\nnot ok 2 - outer\n1..2\n", 1, 2, 0)]
    public void Tap_Counts(string text, int passed, int failed, int skipped) => Check(Read(text), passed, failed, skipped);

    [Theory]
    [InlineData("", "neither TRX nor JUnit XML nor TAP")]
    [InlineData("hello", "neither TRX nor JUnit XML nor TAP")]
    [InlineData("<html/>", "root element 'html'")]
    [InlineData("<testsuite><testcase", "not well-formed")]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite name='&a;'/>", "DTD is prohibited")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaa'><!ENTITY b '&a;&a;'>]><testsuite name='&b;'/>", "DTD is prohibited")]
    public void What_Is_No_Report_Is_Refused(string text, string part) =>
        Assert.Contains(part, Assert.Throws<ReportException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Depth_And_Size_Are_Limited()
    {
        string deep = string.Concat(Enumerable.Repeat("<testsuite>", 200_000));
        Assert.Contains("nested deeper", Assert.Throws<ReportException>(() => Read(deep)).Message, StringComparison.Ordinal);
        string levels = string.Join('\n', Enumerable.Range(0, 100).Select(i => new string(' ', 4 * i) + "ok 1 - a"));
        Assert.Contains("nested deeper", Assert.Throws<ReportException>(() => Read(levels)).Message, StringComparison.Ordinal);
        string many = "<testsuite>" + string.Concat(Enumerable.Repeat("<testcase name='a'/>", TestReportReader.MaxCases + 1)) + "</testsuite>";
        Assert.Contains("more than", Assert.Throws<ReportException>(() => Read(many)).Message, StringComparison.Ordinal);
        Assert.Contains("larger", Assert.Throws<ReportException>(() => Reader().Read(new byte[TestReportReader.MaxBytes + 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_And_Messages_Are_Plain_And_Short()
    {
        TestCase test = Read($"<testsuite><testcase name='a&#x1b;[31mb&#10;c&#x202e;'><failure message='{new string('x', 9000)}'/></testcase></testsuite>").Cases[0];
        Assert.Equal("ab c", test.Name);
        Assert.Equal(4000, test.Message?.Length);
    }

    [Fact]
    public void No_Text_Breaks_The_Reader()
    {
        string[] pieces =
        [
            "<", ">", "/", "testsuite", "testcase", "TestRun", "UnitTestResult", "'", "=", "name", "&", ";", "ok ", "not ", "1..", "4", "\n", "    ",
            "# Subtest: ", "---", "...", "error: |-", " # SKIP", "Bail out!", "TAP version 13\n", "<testsuites>", "</", "\u001b[", "(/src/a.js:1", "<![CDATA[",
        ];
        Gen.OneOf(Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]), Gen.String[0, 8]).Array[0, 60].Select(string.Concat).Sample(text =>
        {
            try
            {
                Read(text);
            }
            catch (ReportException)
            {
                // A sentence is a right answer.
            }
        });
    }

    private static TestReport Read(string text) => Reader().Read(Encoding.UTF8.GetBytes(text));

    private static TestReportReader Reader() => new(new SourceLocation("/src"));

    private static void Check(TestReport report, int passed, int failed, int skipped) => Assert.Equal(
        (passed, failed, skipped), (report.Count(TestOutcome.Passed), report.Count(TestOutcome.Failed), report.Count(TestOutcome.Skipped)));

    private static string Fixture(string name)
    {
        using StreamReader reader = new(typeof(TestReportReaderTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
