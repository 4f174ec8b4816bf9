namespace AgentWorkflow.Acceptance;

/// <summary>Deaths of a server that serves GitLab.</summary>
public sealed class GitLabCrashTests : ForgeCrashes
{
    private protected override int Sample => 3;

    private protected override async Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows) => await GitLabSite.StartAsync(workflows);
}
