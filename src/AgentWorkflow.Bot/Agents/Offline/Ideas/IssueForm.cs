namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>The answers of an issue form: <c>### Question</c>, a blank line, the answer, or <c>_No response_</c>.</summary>
internal static class IssueForm
{
    /// <summary>The first paragraph below a heading with one of these texts; null when there is none.</summary>
    public static string? Answer(Outline outline, params ReadOnlySpan<string> questions)
    {
        foreach (Section section in outline.Sections)
        {
            if (section.Level == 3 && questions.Contains(string.Join(' ', English.Of(section.Heading)))
                && section.Blocks is [Block.Prose answer, ..] && !IsNoAnswer(answer.Text))
            {
                return answer.Text;
            }
        }

        return null;
    }

    /// <summary>True for what a form writes where nothing was answered.</summary>
    public static bool IsNoAnswer(string text) => text.Trim('_', '*', ' ').Equals("No response", StringComparison.OrdinalIgnoreCase);
}
