using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Boxes by Docker or Podman, with the image of the command's toolchain.</summary>
internal sealed class ContainerSandbox(SandboxPlaces places, InstallSettings install, TimeProvider time) : ISandbox
{
    /// <summary>The name in settings.</summary>
    public const string ProviderName = "container";

    private const string TrialImage = "docker.io/library/alpine:3";

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public bool Isolates => true;

    /// <summary>The engine's command line; null when there is none.</summary>
    internal string? Engine { get; init; } = HostTool.Find("podman") ?? HostTool.Find("docker");

    /// <inheritdoc/>
    public async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        if (Engine is null)
        {
            return "there is no Docker or Podman";
        }

        string engine = Path.GetFileName(Engine);
        (int code, _) = await HostTool.RunAsync(Engine, ["version", "--format", "{{.Server.Version}}"], time, cancellationToken);
        if (code != 0)
        {
            return $"{engine} is installed but its engine does not answer";
        }

        (code, string said) = await HostTool.RunAsync(Engine, ["run", "--rm", "--network", "none", TrialImage, "true"], time, cancellationToken);
        return code == 0 ? null : $"{engine} cannot run a container ({TerminalText.Strip(said.Split('\n')[0])})";
    }

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        string engine = Engine ?? throw new InvalidOperationException("A provider is used only after its trial run.");
        IReadOnlyList<(string File, string Place)> files = command.Network ? install.HomeFiles() : [];
        if (HomeFolder.Prepare(command.CacheFolder, files) is { } refusal)
        {
            return new SandboxResult(126, TimeSpan.Zero, refusal);
        }

        string name = "agentworkflow-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        ContainerCall call = new()
        {
            Command = command,
            Name = name,
            Packages = places.PackageFolder,
            InstallVariables = install.Variables(),
            InstallFiles = [.. install.CertificatePlaces(), .. install.SharedFiles()],
            RootlessPodman = Path.GetFileName(engine) == "podman" && !Environment.IsPrivilegedProcess,
        };
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await HostTool.RunAsync(
                    "chown", ["-R", "-P", "-h", ContainerCall.User, command.WorkFolder, command.CacheFolder], time, cancellationToken);
            }

            using ChildProcess child = await ChildProcess.StartAsync(engine, call.ToArguments(), new Dictionary<string, string>
            {
                ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
                ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            });
            return await new Supervisor(time).FollowAsync(
                child, command, [command.WorkFolder, command.CacheFolder], () => KillAsync(engine, name), cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception broken)
        {
            return new SandboxResult(126, TimeSpan.Zero, $"the box could not be started: {broken.Message}");
        }
        finally
        {
            HomeFolder.Clear(command.CacheFolder, files);
        }
    }

    private Task<(int ExitCode, string Output)> KillAsync(string engine, string name) =>
        HostTool.RunAsync(engine, ["rm", "--force", name], time, CancellationToken.None);
}
