using AgentWorkflow.Bot.Cli.Generate;
using AgentWorkflow.Engine.Execution;

using CsCheck;

using Spectre.Console.Rendering;

namespace AgentWorkflow.Bot.Tests.Cli.Generate;

public sealed class StepLinesTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static StepState Step(StepStatus status, double seconds = 0, string? note = null, string? reason = null, bool retryable = false) => new()
    {
        Key = "verify",
        StepId = "verify",
        Status = status,
        Note = note,
        Reason = reason,
        Retryable = retryable,
        StartedAt = Start,
        FinishedAt = Start.AddSeconds(seconds),
    };

    [Fact]
    public void A_Step_Says_How_It_Ended_How_Long_It_Took_And_What_Came_Out()
    {
        Assert.Equal("  ✓ verify           2.3 s   139 tests passed", StepLines.Line(Step(StepStatus.Succeeded, 2.34, "139 tests passed"), "", default));
        Assert.Equal("  ! verify         754.0 s   x".Replace("754.0 s", "12:34 m", StringComparison.Ordinal), StepLines.Line(Step(StepStatus.Succeeded, 754, "x", retryable: true), "", default));
        Assert.Equal("  ✗ verify           0.0 s   why", StepLines.Line(Step(StepStatus.Failed, 0, "note", "why"), "", default));
        Assert.Equal("  · verify", StepLines.Line(Step(StepStatus.Pending), "", default));
        Assert.Equal("  – verify                   'scaffold' failed", StepLines.Line(Step(StepStatus.Skipped, 0, null, "'scaffold' failed"), "", default));
        Assert.Equal("  > verify           1.5 s   dotnet test", StepLines.Line(Step(StepStatus.Running) with { FinishedAt = null }, "dotnet test", TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public void Control_Characters_Of_Strangers_Do_Not_Reach_The_Terminal()
    {
        string line = StepLines.Line(Step(StepStatus.Succeeded, 1, "a\u001b[2Jb\r\nc\u0007\td"), "", default);
        string heading = StepLines.Heading(new RunHeading { Idea = "x\u001b]0;title\u0007y.md", Repository = "a/b", Issue = "#1 \u001b[31mred" });

        Assert.DoesNotContain(line + heading.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
        Assert.EndsWith("ab c d", line, StringComparison.Ordinal);
    }

    [Fact]
    public void The_Heading_Lines_Up_Notes_Also_Beside_Wide_Letters()
    {
        string heading = StepLines.Heading(new RunHeading { Idea = "a.md", IdeaNote = "NOTE", Repository = "ideas/a", RepositoryNote = "NOTE", Issue = "#1 図書館", IssueNote = "NOTE" });

        int[] columns = [.. heading.Split('\n').Where(l => l.EndsWith("NOTE", StringComparison.Ordinal)).Select(l => new Segment(l).CellCount())];
        Assert.Equal(3, columns.Length);
        Assert.Single(columns.Distinct());
    }

    [Fact]
    public void A_Fitted_Line_Is_Never_Wider_Than_The_Terminal() =>
        Gen.Select(Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 60], Gen.String[Gen.OneOf(Gen.Const('a'), Gen.Const('本'), Gen.Const('図'), Gen.Const('✓'), Gen.Const('é')), 0, 60]), Gen.Int[2, 80]).Sample((text, columns) =>
        {
            string line = StepLines.Fit(text, columns);
            return new Segment(line).CellCount() <= columns && (line == text || line.EndsWith('…'));
        });
}
