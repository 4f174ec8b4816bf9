using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Engine.Definition;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The room's registration.</summary>
internal static class TriggerServices
{
    /// <summary>Adds the workflow parser, the catalog and the settings of the room.</summary>
    public static IServiceCollection AddTriggers(this IServiceCollection services)
    {
        services.AddOptions<TriggersOptions>().BindConfiguration(TriggersOptions.Section);
        services.AddOptions<CommandsOptions>().BindConfiguration(CommandsOptions.Section);
        return services.AddSingleton<WorkflowParser>().AddSingleton<WorkflowCatalog>().AddSingleton<WorkflowFileCheck>()
            .AddSingleton(provider => new CommandWords(
                provider.GetRequiredService<IOptions<CommandsOptions>>().Value.Prefix == CommandsOptions.Both ? [.. CommandRules.Words.Select(w => w.Usage.Split(' ')[0]).Distinct()] : []))
            .AddSingleton(provider => TriggerPolicy.Of(
                provider.GetRequiredService<IOptions<TriggersOptions>>(), provider.GetRequiredService<IOptions<CommandsOptions>>(),
                provider.GetRequiredService<IOptions<ForgesOptions>>(), provider.GetRequiredService<IOptions<GitHubOptions>>()));
    }
}
