using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Engine.Execution;

using Spectre.Console.Rendering;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>The words of the progress display.</summary>
internal static class StepLines
{
    /// <summary>Stands for the spinner in the line of a step at work.</summary>
    public const char Working = '>';

    private const int LeastWidth = 14;
    private const int LongestText = 160;

    /// <summary>The lines above the steps.</summary>
    public static string Heading(RunHeading heading)
    {
        (string Name, string What, string Note)[] rows =
        [
            ("idea", heading.Idea, heading.IdeaNote),
            ("repository", heading.Repository, heading.RepositoryNote),
            ("issue", heading.Issue, heading.IssueNote),
        ];
        (string Name, string What, string Note)[] shown = [.. rows.Where(r => r.What.Length > 0).Select(r => (r.Name, Short(r.What, 60), Short(r.Note, 60)))];
        int width = shown.Select(r => Width(r.What)).DefaultIfEmpty(0).Max();
        string lines = string.Concat(shown.Select(r => $"  {r.Name,-11} {r.What}{new string(' ', width - Width(r.What))}   {r.Note}".TrimEnd() + "\n"));
        return $"AgentWorkflow.Bot {ProgramVersion.Short} · Local forge · offline agent (no model, no account)\n\n{lines}\n";
    }

    /// <summary>The lines of the steps themselves, without those of their items.</summary>
    /// <param name="state">The run.</param>
    /// <param name="doing">What a step at work does now.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<string> Lines(RunState? state, Func<StepState, string> doing, DateTimeOffset now)
    {
        List<StepState> steps = [.. (state?.Steps ?? []).Where(s => s.Item is null)];
        int width = steps.Select(s => s.StepId.Length).Append(LeastWidth).Max();
        return steps.Select(s => Line(s, doing(s), now - (s.StartedAt ?? now), width));
    }

    /// <summary>A step's line.</summary>
    /// <param name="step">The step.</param>
    /// <param name="doing">What it does now; for steps at work.</param>
    /// <param name="since">How long it is at work.</param>
    /// <param name="width">The width of the names.</param>
    public static string Line(StepState step, string doing, TimeSpan since, int width = LeastWidth)
    {
        TimeSpan took = step.StartedAt is { } started && step.FinishedAt is { } finished ? finished - started : since;
        string text = step.Reason ?? (step.IsOver ? step.Note : doing) ?? "";
        string time = step.Status is StepStatus.Pending or StepStatus.Skipped or StepStatus.Cancelled ? "" : Time(took);
        return $"  {Icon(step)} {step.StepId.PadRight(width)} {time,7}   {Short(text, LongestText)}".TrimEnd();
    }

    /// <summary>The line, cut to a terminal's width: a line that wraps makes the whole picture jump.</summary>
    public static string Fit(string line, int columns)
    {
        if (Width(line) <= columns)
        {
            return line;
        }

        System.Text.StringBuilder fitting = new();
        int used = 1;
        foreach (System.Text.Rune rune in line.EnumerateRunes())
        {
            used += Width(rune.ToString());
            if (used > columns)
            {
                break;
            }

            fitting.Append(rune.ToString());
        }

        return fitting.Append('…').ToString();
    }

    private static string Icon(StepState step) => step.Status switch
    {
        StepStatus.Succeeded => step.Retryable ? "!" : "✓",
        StepStatus.Failed => "✗",
        StepStatus.Skipped or StepStatus.Cancelled => "–",
        StepStatus.Pending => "·",
        StepStatus.Waiting => "?",
        _ => Working.ToString(),
    };

    private static string Time(TimeSpan took) => took < TimeSpan.Zero ? "0.0 s"
        : took.TotalSeconds < 60 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s")
        : $"{(int)took.TotalMinutes}:{took.Seconds:00} m";

    // Titles and reasons come from people and programs: a control character among them could rewrite the terminal.
    private static string Short(string text, int length) => ShortText.Of(TerminalText.Strip(text.ReplaceLineEndings(" ").Replace('\t', ' ')).Trim(), length);

    private static int Width(string text) => text.Length == 0 ? 0 : new Segment(text).CellCount();
}

/// <summary>What a run is about.</summary>
internal sealed record RunHeading
{
    /// <summary>Where the idea is from.</summary>
    public required string Idea { get; init; }

    /// <summary>What was read in it.</summary>
    public string IdeaNote { get; init; } = "";

    /// <summary>The repository.</summary>
    public required string Repository { get; init; }

    /// <summary>Whether it is new.</summary>
    public string RepositoryNote { get; init; } = "";

    /// <summary>The issue; empty when there is none.</summary>
    public string Issue { get; init; } = "";

    /// <summary>How the run was asked for.</summary>
    public string IssueNote { get; init; } = "";
}
