using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The room's registration.</summary>
internal static class TriggerServices
{
    /// <summary>Adds the workflow parser and the catalog.</summary>
    public static IServiceCollection AddTriggers(this IServiceCollection services) => services
        .AddSingleton<WorkflowParser>()
        .AddSingleton<WorkflowCatalog>();
}
