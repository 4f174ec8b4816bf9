namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds solutions, and projects that stand in none.</summary>
internal static class DotnetProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = ".NET";

    private static readonly string[] TestMarks = ["Microsoft.NET.Test.Sdk", "xunit", "NUnit", "MSTest", "TUnit", "<IsTestProject>true"];

    /// <summary>One project a folder with a solution, else one a folder with a project file.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files)
    {
        List<string> roots = [];
        foreach (string folder in files.FoldersWith(IsSolution).Concat(files.FoldersWith(IsProject)))
        {
            if (!roots.Exists(r => SurveyedFiles.IsIn(folder, r)))
            {
                roots.Add(folder);
                yield return In(files, folder);
            }
        }
    }

    private static FoundProject In(SurveyedFiles files, string folder)
    {
        List<string> here = [.. files.Paths.Where(p => SurveyedFiles.FolderOf(p) == folder).Select(SurveyedFiles.NameOf).Order(StringComparer.Ordinal)];
        string file = here.Find(IsSolution) ?? here.First(IsProject);
        bool isOnly = here.Count(n => IsSolution(n) || IsProject(n)) == 1;
        List<string> texts = [.. files.Below(folder).Where(p => IsProject(p) || IsShared(p)).Select(files.Text).OfType<string>()];
        bool hasTests = texts.Exists(t => TestMarks.Any(m => t.Contains(m, StringComparison.OrdinalIgnoreCase)));

        // Where there is one, the program finds it itself, and both of its test runners then take the same words.
        string[] which = isOnly ? [] : [file];
        FoundProject found = new(Stack, folder, hasTests ? $"{file} with test projects" : $"{file}, where no test project was seen, so it is built")
        {
            Confidence = hasTests ? Confidence.Likely : Confidence.Guessed,
            Install = [["dotnet", "restore", .. which]],
            Test = [["dotnet", "build", .. which, "--no-restore"]],
            Toolchains = ["dotnet"],
        };
        if (!hasTests)
        {
            return found;
        }

        bool isPlatform = (files.Text(SurveyedFiles.Join(folder, "global.json")) ?? files.Text("global.json"))?.Contains("Microsoft.Testing.Platform", StringComparison.Ordinal) == true
            || texts.Exists(t => t.Contains("TestingPlatformDotnetTestSupport", StringComparison.Ordinal));
        bool writesTrx = !isPlatform || texts.Exists(t => t.Contains("TrxReport", StringComparison.Ordinal) || t.Contains("MSTest.Sdk", StringComparison.Ordinal));
        string[] report = isPlatform ? ["--report-trx"] : ["--logger", "trx"];
        string[] solution = which.Length > 0 && isPlatform ? [IsSolution(file) ? "--solution" : "--project", file] : which;
        return found with
        {
            Test = [.. found.Test, (string[])["dotnet", "test", .. solution, "--no-build", .. writesTrx ? report : []]],
            Reports = writesTrx ? [SurveyedFiles.Join(folder, "**/TestResults/*.trx"), SurveyedFiles.Join(folder, "TestResults/*.trx")] : [],
        };
    }

    private static bool IsSolution(string path) => path.EndsWith(".sln", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".slnx", StringComparison.OrdinalIgnoreCase);

    private static bool IsProject(string path) => path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase);

    private static bool IsShared(string path) => SurveyedFiles.NameOf(path) is var name
        && (name.Equals("Directory.Build.props", StringComparison.OrdinalIgnoreCase) || name.Equals("Directory.Packages.props", StringComparison.OrdinalIgnoreCase));
}
