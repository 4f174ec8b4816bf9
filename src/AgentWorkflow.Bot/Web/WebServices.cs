using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Web;

/// <summary>The room's registration.</summary>
internal static class WebServices
{
    /// <summary>Adds tokens and what decides on requests.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services) => services
        .AddSingleton<ApiTokens>()
        .AddSingleton<LocalToken>()
        .AddSingleton<ObjectScopes>();
}
