using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds Python projects: tested by pytest, by unittest, or by a package of tests that is a program itself.</summary>
internal static partial class PythonProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = "Python";

    private const string Report = "agentworkflow-junit.xml";
    private const string InVenv = ".venv/bin/python";
    private static readonly string[] Manifests = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "tox.ini", "pytest.ini"];
    private static readonly string[] Requirements = ["requirements.txt", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt"];
    private static readonly string[] TestFolders = ["tests", "test"];

    /// <summary>One project a folder with a manifest; the root also with nothing but tests.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files)
    {
        List<string> roots = [];
        IEnumerable<string> bare = files.Paths.Any(p => IsTestFile(p) && TestFolders.Contains(p.Split('/')[0])) ? [""] : [];
        foreach (string folder in files.FoldersWith(n => Manifests.Contains(n)).Concat(bare).Distinct())
        {
            // A folder of tests or docs has requirements of its own, and is still a part of what is around it.
            if (!roots.Exists(r => SurveyedFiles.IsIn(folder, r) && (r.Length > 0 || !IsWhole(files, folder))))
            {
                roots.Add(folder);
                yield return In(files, folder);
            }
        }
    }

    private static bool IsWhole(SurveyedFiles files, string folder) =>
        new[] { "pyproject.toml", "setup.py", "setup.cfg" }.Any(n => files.Has(SurveyedFiles.Join(folder, n)))
        || (files.Has(SurveyedFiles.Join(folder, "requirements.txt")) && files.Below(folder).Any(IsTestFile));

    private static FoundProject In(SurveyedFiles files, string folder)
    {
        bool Has(string name) => files.Has(SurveyedFiles.Join(folder, name));
        string Text(string name) => files.Text(SurveyedFiles.Join(folder, name)) ?? "";
        string seen = Manifests.FirstOrDefault(Has) ?? "files that test by their names";
        string? tests = TestFolders.FirstOrDefault(t => files.Below(SurveyedFiles.Join(folder, t)).Any(IsTestFile));
        FoundProject found = new(Stack, folder, $"{seen}, where no tests were seen") { Confidence = Confidence.Guessed, Toolchains = ["python3"] };

        // A package of tests that is a program says itself how it is run; ours writes its report there.
        if (tests is not null && Has($"{tests}/__main__.py"))
        {
            return found with
            {
                Why = $"{seen}, with tests that are a program ({SurveyedFiles.Join(folder, tests)}/__main__.py)",
                Confidence = Confidence.Said,
                Test = [["python3", "-B", "-m", tests]],
                Reports = [SurveyedFiles.Join(folder, "test-results/*.xml")],
            };
        }

        bool usesPytest = Has("pytest.ini") || Text("pyproject.toml").Contains("pytest", StringComparison.Ordinal) || Text("setup.cfg").Contains("pytest", StringComparison.Ordinal)
            || Text("tox.ini").Contains("pytest", StringComparison.Ordinal) || Requirements.Any(r => Text(r).Contains("pytest", StringComparison.Ordinal))
            || files.Below(folder).Any(p => SurveyedFiles.NameOf(p) == "conftest.py") || files.CiTexts.Values.Any(t => t.Contains("pytest", StringComparison.Ordinal));
        bool hasTests = files.Below(folder).Any(IsTestFile);
        if (!hasTests)
        {
            return found;
        }

        List<IReadOnlyList<string>> packages = [.. Requirements.Where(Has).Select(r => (string[])[InVenv, "-m", "pip", "install", "--quiet", "-r", r])];
        if (Has("setup.py") || Text("pyproject.toml").Contains("[build-system]", StringComparison.Ordinal))
        {
            packages.Add([InVenv, "-m", "pip", "install", "--quiet", "-e", "."]);
        }

        if (usesPytest)
        {
            packages.Add([InVenv, "-m", "pip", "install", "--quiet", "pytest"]);
        }

        string python = packages.Count == 0 ? "python3" : InVenv;
        return found with
        {
            Why = $"{seen}, with tests for {(usesPytest ? "pytest" : "unittest")}",
            Confidence = Confidence.Likely,
            Install = packages.Count == 0 ? [] : [["python3", "-m", "venv", ".venv"], .. packages],
            Test = usesPytest
                ? [[python, "-B", "-m", "pytest", "-p", "no:cacheprovider", $"--junitxml={Report}", .. tests is null || Text("pyproject.toml").Contains("testpaths", StringComparison.Ordinal) ? (string[])[] : [tests]]]
                : [[python, "-B", "-m", "unittest", "discover", .. tests is null ? (string[])[] : ["-s", tests, .. Has($"{tests}/__init__.py") ? (string[])["-t", "."] : []]]],
            Reports = usesPytest ? [SurveyedFiles.Join(folder, Report)] : [],
        };
    }

    private static bool IsTestFile(string path) => TestFile().IsMatch(path);

    [GeneratedRegex(@"(^|/)(test_?[^/]*|[^/]*_test)\.py\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TestFile();
}
