using System.Globalization;
using System.Text;

using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>
/// What somebody has been told of a run, as a text short enough for an event's id: the status of the run and of each step. Whoever
/// comes back with it is told what is different now, however long it was gone and whichever replica answers: nothing is missed,
/// and nothing has to be kept for it.
/// </summary>
internal sealed record RunProgress
{
    private const int MostLength = 16_000;
    private const char End = '.';

    private readonly string _text;

    private RunProgress(string text) => _text = text;

    /// <summary>Nothing was told yet.</summary>
    public static RunProgress None { get; } = new("");

    /// <summary>Reads an event's id; what is none counts as nothing told.</summary>
    public static RunProgress Read(string? id) =>
        id is { Length: > 0 and <= MostLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is End or '-') ? new RunProgress(id) : None;

    /// <summary>What there is to tell of a state that was not told before, oldest first; the run itself comes last.</summary>
    public IEnumerable<(RunProgress Told, StepState? Step)> Since(RunState now)
    {
        Dictionary<string, string> told = Parse();
        List<string> parts = [.. now.Steps.Select(s => told.GetValueOrDefault(Place(s), ""))];
        string run = told.GetValueOrDefault("r", "");
        for (int i = 0; i < now.Steps.Count; i++)
        {
            string mark = MarkOf(now.Steps[i]);
            if (parts[i] != mark && now.Steps[i].Status != StepStatus.Pending)
            {
                parts[i] = mark;
                yield return (Compose(run, now, parts), now.Steps[i]);
            }
        }

        string end = string.Create(CultureInfo.InvariantCulture, $"{Letter(now.Status)}{now.Tries}");
        if (run != end)
        {
            yield return (Compose(end, now, parts), null);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static RunProgress Compose(string run, RunState now, List<string> parts)
    {
        StringBuilder text = new("r-");
        text.Append(run);
        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i].Length > 0)
            {
                text.Append(End).Append(Place(now.Steps[i])).Append('-').Append(parts[i]);
            }
        }

        return new RunProgress(text.ToString());
    }

    // Where a step stands in its workflow never changes; nor does an item in its step.
    private Dictionary<string, string> Parse()
    {
        Dictionary<string, string> told = new(StringComparer.Ordinal);
        foreach (string part in _text.Split(End, StringSplitOptions.RemoveEmptyEntries))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0)
            {
                told[part[..dash]] = part[(dash + 1)..];
            }
        }

        return told;
    }

    private static string Place(StepState step) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(step.Key)).AsSpan(0, 3));

    private static string MarkOf(StepState step) => string.Create(CultureInfo.InvariantCulture, $"{Letter(step.Status)}{step.Attempt}");

    private static char Letter<T>(T status)
        where T : struct, Enum => (char)('a' + Convert.ToInt32(status, CultureInfo.InvariantCulture));
}
