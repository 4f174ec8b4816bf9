using System.Text;

using AgentWorkflow.Bot.Projects.Detection;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The file that <c>/generate init</c> proposes: the built-in workflow, with what was found in the repository and what will happen on top.</summary>
internal static class FirstWorkflow
{
    private const int MostProjects = 6;
    private const int MostLine = 160;

    /// <summary>The file's text.</summary>
    /// <param name="survey">What the repository holds.</param>
    /// <param name="builtIn">The built-in workflow.</param>
    public static string Compose(RepositorySurvey survey, string builtIn)
    {
        StringBuilder text = new("# The first workflow of this repository. Merge it to start with it; close the pull request to refuse it.\n#\n# Found here:\n");
        foreach (FoundProject project in survey.Projects.Take(MostProjects))
        {
            string tests = project.Test.Count == 0 ? "no known command tests it" : $"tested with {string.Join(", then ", project.Test.Select(c => string.Join(' ', c)))}";
            Line(text, $"  {project.Title} ({project.Why}): {tests}");
        }

        Line(text, survey.IsEmpty ? "  no project yet" : survey.Projects.Count == 0 ? $"  {survey.InWords()}" : null);
        text.Append("#\n# What happens once it is merged: the comment /generate or the label 'generate' on an issue starts a run. It reads the issue,\n");
        text.Append(survey.IsEmpty
            ? "# generates a service from it, builds and tests it, and opens a pull request.\n"
            : "# tests what is here first, adds the service that is asked for (say which: /generate stack=node-api directory=services/name),\n# builds and tests both, and opens a pull request. Files that are here already are left as they are.\n");
        return text.Append(string.Join('\n', builtIn.Split('\n').SkipWhile(line => line.StartsWith('#')))).ToString();
    }

    // Names come from the repository: one line each, whatever they hold.
    private static void Line(StringBuilder text, string? what)
    {
        if (what is not null)
        {
            string clean = string.Concat(what.Where(c => !char.IsControl(c) && c is not ('\u2028' or '\u2029')));
            text.Append("# ").Append(clean.Length > MostLine ? $"{clean[..MostLine]}..." : clean).Append('\n');
        }
    }
}
