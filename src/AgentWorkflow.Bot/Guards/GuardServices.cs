using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Guards;

/// <summary>The room's registration.</summary>
internal static class GuardServices
{
    /// <summary>Adds the instance's key.</summary>
    public static IServiceCollection AddGuards(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(provider => InstanceKey.Deferred(provider.GetRequiredService<StorageOptions>(), configuration["Signing:KeyPath"]));
}
