using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds makefiles with a target that tests.</summary>
internal static partial class MakeProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = "make";

    private static readonly string[] Names = ["Makefile", "makefile", "GNUmakefile"];

    /// <summary>One project a makefile that has such a target.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files)
    {
        foreach (string path in files.Paths.Where(p => Names.Contains(SurveyedFiles.NameOf(p))))
        {
            List<string> targets = [.. Target().Matches(files.Text(path) ?? "").Select(m => m.Groups["name"].Value)];
            if (targets.Find(t => t == "test") is { } target || (target = targets.Find(t => t == "check")) is not null)
            {
                yield return new FoundProject(Stack, SurveyedFiles.FolderOf(path), $"{path} with the target '{target}'") { Test = [["make", target]], Toolchains = ["make"] };
            }
        }
    }

    [GeneratedRegex(@"^(?<name>test|check)[ \t]*::?(?!=)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Target();
}
