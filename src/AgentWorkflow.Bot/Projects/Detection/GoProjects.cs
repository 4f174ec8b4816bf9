namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds Go modules.</summary>
internal static class GoProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = "Go";

    /// <summary>One project a module.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files) => files.FoldersWith(n => n == "go.mod").Select(folder => new FoundProject(Stack, folder, SurveyedFiles.Join(folder, "go.mod"))
    {
        Install = files.Has(SurveyedFiles.Join(folder, "go.sum")) ? [["go", "mod", "download"]] : [],
        Test = [["go", "test", "./..."]],
        Toolchains = ["go"],
    });
}
