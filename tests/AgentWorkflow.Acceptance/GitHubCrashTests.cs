namespace AgentWorkflow.Acceptance;

/// <summary>Deaths of a server that serves GitHub.</summary>
public sealed class GitHubCrashTests : ForgeCrashes
{
    private protected override int Sample => 6;

    private protected override async Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows) => await GitHubSite.StartAsync(workflows);
}
