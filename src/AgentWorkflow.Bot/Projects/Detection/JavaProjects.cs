namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds Maven and Gradle builds; their modules belong to the outermost.</summary>
internal static class JavaProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = "Java";

    private static readonly string[] Manifests = ["pom.xml", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"];

    /// <summary>One project an outermost build.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files)
    {
        List<string> roots = [];
        foreach (string folder in files.FoldersWith(n => Manifests.Contains(n)).Where(f => !roots.Exists(r => SurveyedFiles.IsIn(f, r))))
        {
            roots.Add(folder);
            string file = Manifests.First(m => files.Has(SurveyedFiles.Join(folder, m)));
            yield return file == "pom.xml" ? Maven(files, folder) : Gradle(files, folder, file);
        }
    }

    private static FoundProject Maven(SurveyedFiles files, string folder)
    {
        string program = files.Has(SurveyedFiles.Join(folder, "mvnw")) ? "./mvnw" : "mvn";
        return new FoundProject(Stack, folder, $"{SurveyedFiles.Join(folder, "pom.xml")} of Maven")
        {
            Install = [[program, "-B", "-q", "dependency:go-offline"]],
            Test = [[program, "-B", "-o", "test"]],
            Reports = [SurveyedFiles.Join(folder, "**/target/surefire-reports/*.xml"), SurveyedFiles.Join(folder, "target/surefire-reports/*.xml")],
            Toolchains = ["java", "mvn"],
        };
    }

    private static FoundProject Gradle(SurveyedFiles files, string folder, string file)
    {
        string program = files.Has(SurveyedFiles.Join(folder, "gradlew")) ? "./gradlew" : "gradle";
        return new FoundProject(Stack, folder, $"{SurveyedFiles.Join(folder, file)} of Gradle")
        {
            Install = [[program, "--no-daemon", "testClasses"]],
            Test = [[program, "--no-daemon", "--offline", "test"]],
            Reports = [SurveyedFiles.Join(folder, "**/build/test-results/**/*.xml"), SurveyedFiles.Join(folder, "build/test-results/**/*.xml")],
            Toolchains = ["java", "gradle"],
        };
    }
}
