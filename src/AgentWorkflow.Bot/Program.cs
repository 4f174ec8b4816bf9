using AgentWorkflow.Bot.Projects.Templating;

// Before anything else is loaded: this process renders one template of a repository, under limits, and ends.
if (args is [TemplateChildProcess.Command])
{
    return await TemplateChildProcess.RunAsync(Console.OpenStandardInput(), Console.OpenStandardOutput());
}

return 0;
