using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Creation;
using AgentWorkflow.Bot.Forges.GitLab.Hooks;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Bot.Forges.GitLab.Setup;
using AgentWorkflow.Bot.Forges.GitLab.Watching;
using AgentWorkflow.Bot.Forges.GitLab.Writing;
using AgentWorkflow.Bot.Forges.Http;

using Microsoft.Extensions.Options;

using Refit;

namespace AgentWorkflow.Bot.Forges.GitLab;

/// <summary>Registers the forge.</summary>
internal static class GitLabServices
{
    /// <summary>Adds the settings of the account.</summary>
    public static IServiceCollection AddGitLab(this IServiceCollection services)
    {
        services.AddOptions<GitLabOptions>().BindConfiguration(GitLabOptions.Section);
        return services;
    }

    /// <summary>Adds the forge where a token is set. It needs <see cref="ForgeServices.AddForges"/>.</summary>
    public static IServiceCollection AddGitLabForge(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration.GetSection(GitLabOptions.Section)[nameof(GitLabOptions.Token)]))
        {
            return services;
        }

        return services
            .AddForgeApi(GitLabClient.Name, static provider => new GitLabHandler(provider.GetRequiredService<GitLabGate>(), provider.GetRequiredService<IOptions<GitLabOptions>>()))
            .AddSingleton<GitLabGate>()
            .AddSingleton(ApiOf)
            .AddSingleton<GitLabClient>()
            .AddSingleton<GitLabIdentity>()
            .AddSingleton<GitLabRights>()
            .AddSingleton<Branches>()
            .AddSingleton<GitLabTrees>()
            .AddSingleton<WorkflowReader>()
            .AddSingleton<MergeRequests>()
            .AddSingleton<MarkedTexts>()
            .AddSingleton<BranchEffects>()
            .AddSingleton<MergeRequestEffects>()
            .AddSingleton<NoteEffects>()
            .AddSingleton<StatusEffects>()
            .AddSingleton<GitLabForgeReader>()
            .AddSingleton<GitLabPlaces>()
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<GitLabForgeWriter>(provider, ActivatorUtilities.CreateInstance<RepositoryCreation>(provider, provider.GetRequiredService<GitLabPlaces>())))
            .AddSingleton<GitLabProjects>()
            .AddSingleton<ProjectHooks>()
            .AddSingleton<TokenHealth>()
            .AddSingleton<IForgeDoctor, GitLabDoctor>()
            .AddSingleton<GitLabNews>()
            .AddSingleton<GitLabWatch>()
            .AddSingleton<IForgeUpkeep, GitLabUpkeep>()
            .AddSingleton<IDeliveryArchive, GitLabDeliveries>()
            .AddSingleton<IForge, GitLabForge>();
    }

    private static IGitLabApi ApiOf(IServiceProvider provider)
    {
        HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(GitLabClient.Name);
        client.BaseAddress = provider.GetRequiredService<IOptions<GitLabOptions>>().Value.ApiAddress;
        return RestService.For<IGitLabApi>(client, new RefitSettings(new SystemTextJsonContentSerializer(GitLabJson.Default.Options)));
    }
}
