using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Creation;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Bot.Forges.GitHub.Setup;
using AgentWorkflow.Bot.Forges.GitHub.Writing;
using AgentWorkflow.Bot.Forges.Http;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>Registers the forge.</summary>
internal static class GitHubServices
{
    /// <summary>Adds the settings of the App.</summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services)
    {
        services.AddOptions<GitHubOptions>().BindConfiguration(GitHubOptions.Section);
        return services;
    }

    /// <summary>Adds the forge where an App and its key are set. It needs <see cref="ForgeServices.AddForges"/>.</summary>
    public static IServiceCollection AddGitHubForge(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection settings = configuration.GetSection(GitHubOptions.Section);
        if (string.IsNullOrWhiteSpace(settings[nameof(GitHubOptions.AppId)]) || string.IsNullOrWhiteSpace(settings[nameof(GitHubOptions.PrivateKeyPath)]))
        {
            return services;
        }

        return services
            .AddForgeApi(GitHubHttp.Api)
            .AddForgeArchives(GitHubHttp.Archives)
            .AddSingleton(provider => new AppKey(provider.GetRequiredService<IOptions<GitHubOptions>>().Value.App, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<TokenMaker>()
            .AddSingleton<InstallationGates>()
            .AddSingleton<GitHubHttp>()
            .AddSingleton<GitHubGraphQl>()
            .AddSingleton<Installations>()
            .AddSingleton<AppIdentity>()
            .AddSingleton<TreeReader>()
            .AddSingleton<RuleReader>()
            .AddSingleton<CommitMaker>()
            .AddSingleton<GitEffects>()
            .AddSingleton<PullRequestEffects>()
            .AddSingleton<CommentEffects>()
            .AddSingleton<CheckEffects>()
            .AddSingleton<CreatorApp>()
            .AddSingleton<CreationRights>()
            .AddSingleton<GitHubPlaces>()
            .AddSingleton<KnownAnswers>()
            .AddSingleton<GitHubNews>()
            .AddSingleton<GitHubWatch>()
            .AddSingleton<GitHubForgeReader>()
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<GitHubForgeWriter>(provider, ActivatorUtilities.CreateInstance<RepositoryCreation>(provider, provider.GetRequiredService<GitHubPlaces>())))
            .AddSingleton<IDeliveryArchive, GitHubDeliveries>()
            .AddSingleton<OtherBots>()
            .AddSingleton<IForgeDoctor, GitHubDoctor>()
            .AddSingleton<IForgeDoctor, CreatorDoctor>()
            .AddSingleton<IForge, GitHubForge>();
    }
}
