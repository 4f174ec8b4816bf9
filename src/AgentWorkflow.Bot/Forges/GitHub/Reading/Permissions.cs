using AgentWorkflow.Bot.Forges.GitHub.Http;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>Rights as GitHub tells them.</summary>
internal static class Permissions
{
    /// <summary>The base right decides; a role of the organization only tells the steps in between apart, and never adds to it.</summary>
    public static RepositoryPermission Of(PermissionAnswer answer) => (answer.Permission, answer.RoleName) switch
    {
        ("admin", _) => RepositoryPermission.Admin,
        ("write" or "maintain", "maintain") or ("maintain", _) => RepositoryPermission.Maintain,
        ("write", _) => RepositoryPermission.Write,
        ("read" or "triage", "triage") or ("triage", _) => RepositoryPermission.Triage,
        ("read", _) => RepositoryPermission.Read,
        _ => RepositoryPermission.None,
    };
}
