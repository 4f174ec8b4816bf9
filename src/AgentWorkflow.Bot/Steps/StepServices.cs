using AgentWorkflow.Bot.Steps.Agent;
using AgentWorkflow.Bot.Steps.Approval;
using AgentWorkflow.Bot.Steps.Command;
using AgentWorkflow.Bot.Steps.Export;
using AgentWorkflow.Bot.Steps.FileGeneration;
using AgentWorkflow.Bot.Steps.PullRequest;
using AgentWorkflow.Bot.Steps.RepoCreation;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps;

/// <summary>The step types: one line each. A name that is taken twice stops the start.</summary>
internal static class StepServices
{
    /// <summary>Adds the step types and their registry.</summary>
    public static IServiceCollection AddSteps(this IServiceCollection services) => services
        .AddSingleton<IStepType, AgentStep>()
        .AddSingleton<IStepType, FileGenerationStep>()
        .AddSingleton<IStepType, CommandStep>()
        .AddSingleton<IStepType, PullRequestStep>()
        .AddSingleton<IStepType, ExportStep>()
        .AddSingleton<IStepType, RepoCreationStep>()
        .AddSingleton<IStepType, ApprovalStep>()
        .AddSingleton<StepRegistry>();
}
