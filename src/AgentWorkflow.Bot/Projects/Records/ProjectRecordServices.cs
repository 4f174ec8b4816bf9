namespace AgentWorkflow.Bot.Projects.Records;

/// <summary>The records' registration.</summary>
internal static class ProjectRecordServices
{
    /// <summary>Adds the store of generated projects. It needs the storage room.</summary>
    public static IServiceCollection AddProjectRecords(this IServiceCollection services) => services.AddSingleton<ProjectStore>();
}
