using AgentWorkflow.Engine.Steps;

using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>Registers the step type.</summary>
internal static class CommandServices
{
    /// <summary>Adds the step type; an <see cref="IUnsandboxedPolicy"/> that is registered before stays.</summary>
    public static IServiceCollection AddCommandStep(this IServiceCollection services)
    {
        services.TryAddSingleton<IUnsandboxedPolicy, NeverUnsandboxed>();
        services.AddSingleton<IStepType, CommandStep>();
        return services;
    }
}
