namespace AgentWorkflow.Bot.Sandbox;

/// <summary>
/// The host itself, with a clean environment and the supervisor, and nothing kept apart. For the command line's
/// <c>generate</c> when the person says so, and for its one exception without a sandbox.
/// </summary>
internal sealed class UnsafeHostSandbox(SandboxPlaces places, InstallSettings install, TimeProvider time) : ISandbox
{
    /// <summary>The name in settings.</summary>
    public const string ProviderName = "unsafe-host";

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public bool Isolates => false;

    /// <inheritdoc/>
    public Task<string?> TryAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string File, string Place)> files = command.Network ? install.HomeFiles() : [];
        if (HomeFolder.Prepare(command.CacheFolder, files) is { } refusal)
        {
            return new SandboxResult(126, TimeSpan.Zero, refusal);
        }

        using PrivateFolder scratch = PrivateFolder.Create(places.WorkFolder);
        Toolchains tools = await Toolchains.FindAsync(time, cancellationToken);
        Dictionary<string, string> environment = BoxEnvironment.Of(
            string.Join(':', tools.Path.Concat(["/usr/local/bin", "/usr/bin", "/bin"])),
            Path.Combine(command.CacheFolder, "home"),
            scratch.Add("tmp"),
            places.PackageFolder,
            command.Network ? install.Variables() : null);
        try
        {
            // Through env, because a process is found on the PATH of its parent, not on its own.
            using ChildProcess child = await ChildProcess.StartAsync(
                "/usr/bin/env", ["--", .. command.Arguments], environment, Path.Join(command.WorkFolder, command.Directory));
            return await new Supervisor(time).FollowAsync(
                child, command, [command.WorkFolder, command.CacheFolder, scratch.Path], () => Kill(child), cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception broken)
        {
            return new SandboxResult(127, TimeSpan.Zero, $"the command could not be started: {broken.Message}");
        }
        finally
        {
            HomeFolder.Clear(command.CacheFolder, files);
        }
    }

    private static Task Kill(ChildProcess child)
    {
        child.Kill(tree: true);
        return Task.CompletedTask;
    }
}
