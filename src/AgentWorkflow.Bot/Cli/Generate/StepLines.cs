using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>The words of the progress display.</summary>
internal static class StepLines
{
    /// <summary>The lines above the steps.</summary>
    public static string Heading(string repository, string idea, IssueFacts? issue)
    {
        string version = typeof(StepLines).Assembly.GetName().Version?.ToString(3) ?? "";
        string about = issue is null ? "" : $"  issue       #{issue.Number} {issue.Title}\n";
        return $"AgentWorkflow.Bot {version} · Local forge · offline agent (no model, no account)\n\n  idea        {idea}\n  repository  {repository}\n{about}\n";
    }

    /// <summary>A step's line.</summary>
    /// <param name="step">The step.</param>
    /// <param name="doing">What it does now; for steps at work.</param>
    /// <param name="since">How long it is at work.</param>
    public static string Line(StepState step, string doing, TimeSpan since)
    {
        TimeSpan took = step.StartedAt is { } started && step.FinishedAt is { } finished ? finished - started : since;
        string text = step.Reason ?? (step.IsOver ? step.Note : doing) ?? "";
        string time = step.Status is StepStatus.Pending or StepStatus.Skipped or StepStatus.Cancelled ? "      " : $"{took.TotalSeconds,4:0.0} s";
        return $"  {Icon(step)} {step.StepId,-14} {time}   {Short(text)}".TrimEnd();
    }

    private static string Icon(StepState step) => step.Status switch
    {
        StepStatus.Succeeded => step.Retryable ? "!" : "✓",
        StepStatus.Failed => "✗",
        StepStatus.Skipped or StepStatus.Cancelled => "–",
        StepStatus.Pending => "·",
        _ => ">",
    };

    private static string Short(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length > 160 ? $"{line[..157]}..." : line;
    }
}
