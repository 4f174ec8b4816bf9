namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>Registers the forge.</summary>
internal static class GitHubServices
{
    /// <summary>Adds the settings of the App and of whom the bot serves.</summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services)
    {
        services.AddOptions<ForgesOptions>().BindConfiguration(ForgesOptions.Section);
        services.AddOptions<GitHubOptions>().BindConfiguration(GitHubOptions.Section);
        return services;
    }
}
