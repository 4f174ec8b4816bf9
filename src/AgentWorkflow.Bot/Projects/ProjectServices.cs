using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Projects.Stacks;
using AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;
using AgentWorkflow.Bot.Projects.Stacks.NodeApi;
using AgentWorkflow.Bot.Projects.Stacks.PythonApi;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Projects;

/// <summary>What the room Projects brings.</summary>
internal static class ProjectServices
{
    /// <summary>Registers stacks, templates and the renderer. A content store must be registered by the caller.</summary>
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        services.AddSingleton<TemplateCatalog>();
        services.AddSingleton<TemplateRenderer>();
        services.AddSingleton<ProjectStore>();
        services.AddSingleton<IContentReferences, ProjectReferences>();
        services.AddSingleton<ProjectPages>();
        services.AddSingleton<TemplateParts>();

        // Stacks, one line each.
        services.AddSingleton<IStack, DotnetWebApiStack>();
        services.AddSingleton<IStack, NodeApiStack>();
        services.AddSingleton<IStack, PythonApiStack>();
        return services;
    }
}
