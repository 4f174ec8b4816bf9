namespace AgentWorkflow.Rig.Contract;

/// <summary>Finds the test data that stands beside the repository: descriptions of the forges' interfaces and example payloads.</summary>
public static class SharedData
{
    /// <summary>What a test that needs the data says when it is skipped.</summary>
    public const string Absent = "The interface descriptions (shared/data/github/api, shared/data/gitlab/api) are not beside this checkout.";

    /// <summary>The folder <c>shared/data</c>, or null where it is absent.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>True where the GitHub double can start.</summary>
    public static bool HasGitHub => Folder is not null && File.Exists(GitHub("openapi.reduced.json"));

    /// <summary>The path of a file of <c>shared/data/github/api</c>.</summary>
    /// <exception cref="FileNotFoundException">The data is absent.</exception>
    public static string GitHub(string name) => Path.Combine(Folder ?? throw new FileNotFoundException(Absent), "github", "api", name);

    /// <summary>True where the GitLab double can start.</summary>
    public static bool HasGitLab => Folder is not null && File.Exists(GitLab("openapi_v2.reduced.json"));

    /// <summary>The path of a file of <c>shared/data/gitlab/api</c>.</summary>
    /// <exception cref="FileNotFoundException">The data is absent.</exception>
    public static string GitLab(string name) => Path.Combine(Folder ?? throw new FileNotFoundException(Absent), "gitlab", "api", name);

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
