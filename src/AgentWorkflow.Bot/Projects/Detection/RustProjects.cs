namespace AgentWorkflow.Bot.Projects.Detection;

/// <summary>Finds Cargo packages and workspaces.</summary>
internal static class RustProjects
{
    /// <summary>Its name.</summary>
    public const string Stack = "Rust";

    /// <summary>One project a workspace, else one a package.</summary>
    public static IEnumerable<FoundProject> Find(SurveyedFiles files)
    {
        List<string> whole = [];
        foreach (string folder in files.FoldersWith(n => n == "Cargo.toml").Where(f => !whole.Exists(w => SurveyedFiles.IsIn(f, w))))
        {
            string path = SurveyedFiles.Join(folder, "Cargo.toml");
            bool isWhole = files.Text(path)?.Contains("[workspace", StringComparison.Ordinal) == true;
            if (isWhole)
            {
                whole.Add(folder);
            }

            yield return new FoundProject(Stack, folder, isWhole ? $"{path}, a workspace" : path)
            {
                Install = [["cargo", "fetch"]],
                Test = [["cargo", "test", "--offline", .. isWhole ? (string[])["--workspace"] : []]],
                Toolchains = ["cargo"],
            };
        }
    }
}
