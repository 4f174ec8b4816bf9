using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Bot.Forges.GitLab;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Retention;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Bot.Web;
using AgentWorkflow.Bot.Web.Api;

// Before anything else is loaded: this process renders one template of a repository, under limits, and ends.
if (args is [TemplateChildProcess.Command])
{
    return await TemplateChildProcess.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput());
}

return await BotCommands.RunAsync(
    args,
    static (services, configuration) => services
        .AddStorage(configuration)
        .AddGuards(configuration)
        .AddLocalForge()
        .AddForges()
        .AddGitHub()
        .AddGitHubForge(configuration)
        .AddGitLab()
        .AddGitLabForge(configuration)
        .AddIntake()
        .AddTriggers()
        .AddRuns()
        .AddSteps()
        .AddAgents()
        .AddProjects()
        .AddExports()
        .AddRetention()
        .AddSandbox(configuration)
        .AddWeb(),
    static routes => routes
        .MapHealth()
        .MapIntake()
        .MapApi());
