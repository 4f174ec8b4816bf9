using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.Http;

namespace AgentWorkflow.Bot.Forges;

/// <summary>Registers what forges over HTTP have in common.</summary>
internal static class ForgeServices
{
    /// <summary>Adds whom the bot serves, the pace of writes, and reading commits. It needs the storage room with a content store.</summary>
    public static IServiceCollection AddForges(this IServiceCollection services)
    {
        services.AddOptions<ForgesOptions>().BindConfiguration(ForgesOptions.Section);
        services.AddOptions<RepositoriesOptions>().BindConfiguration(RepositoriesOptions.Section);
        return services
            .AddForgeArchives(GitPush.Client)
            .AddSingleton<GitPush>()
            .AddSingleton(WritePace.Usual)
            .AddSingleton<TarballReader>()
            .AddSingleton<ShallowFetch>()
            .AddSingleton<FreshBranches>();
    }
}
