namespace AgentWorkflow.Acceptance;

/// <summary>The main job on GitLab, with the real program and signed webhooks.</summary>
public sealed class GitLabTests : ForgeJob
{
    private protected override int MostLost => CrashWorld.Full ? 3 : 1;

    private protected override async Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows) => await GitLabSite.StartAsync(workflows);
}
