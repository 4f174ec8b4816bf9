using AgentWorkflow.Bot.Agents.Offline;

namespace AgentWorkflow.Bot.Agents;

/// <summary>What the room Agents brings.</summary>
internal static class AgentServices
{
    /// <summary>Registers the agents. Templates and their renderer must be registered by the caller.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.AddOptions<AgentsOptions>().BindConfiguration(AgentsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TemplatePart>();
        services.AddSingleton<AgentCatalog>();

        // Agents, one line each.
        services.AddSingleton<IAgent, OfflineAgent>();
        return services;
    }
}
