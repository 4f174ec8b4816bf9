namespace AgentWorkflow.Bot.Sandbox;

/// <summary>A real command in a real box, that looks whether it is kept apart.</summary>
internal static class TrialRun
{
    // The work folder is writable, the root is not, there is a loopback alone, and no capability is left.
    private const string Look =
        "touch /src/in && ! touch /out 2>/dev/null && test $(grep -c : /proc/net/dev) = 1 && grep -q 'CapEff:[[:space:]]*0*$' /proc/self/status && echo apart";

    /// <summary>Null when the box keeps apart, else what it said instead.</summary>
    public static async Task<string?> MakeAsync(ISandbox sandbox, SandboxPlaces places, CancellationToken cancellationToken)
    {
        using PrivateFolder folder = PrivateFolder.Create(places.WorkFolder);
        List<string> said = [];
        SandboxResult result = await sandbox.RunAsync(
            new SandboxCommand
            {
                Arguments = ["/bin/sh", "-c", Look],
                WorkFolder = folder.Add("work"),
                CacheFolder = folder.Add("cache"),
                Network = false,
                Limits = SandboxLimits.Default with { Time = TimeSpan.FromSeconds(20) },
                Output = said.Add,
            },
            cancellationToken);
        return result is { ExitCode: 0, Limit: null } && said.Contains("apart")
            ? null
            : result.Limit ?? said.FirstOrDefault() ?? $"exit code {result.ExitCode}";
    }
}
