namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Boxes by Docker or Podman, with the image of the command's toolchain.</summary>
internal sealed class ContainerSandbox(SandboxPlaces places, InstallSettings install, ContainerImages images, TimeProvider time) : ISandbox
{
    /// <summary>The name in settings.</summary>
    public const string ProviderName = "container";

    private const int EngineFailed = 125;
    private const int Killed = 137;
    private ContainerEngine? _engine;

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

        ContainerEngine engine = Client(Engine);
        (int code, _) = await engine.AskAsync(["version", "--format", "{{.Server.Version}}"], cancellationToken);
        if (code != 0)
        {
            return $"{engine.Name} is installed but its engine does not answer";
        }

        await SweepAsync(engine, cancellationToken);
        return await TrialRun.MakeAsync(this, places, cancellationToken) is { } reason ? $"{engine.Name} cannot make a box here ({reason})" : null;
    }

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(SandboxCommand command, CancellationToken cancellationToken)
    {
        ContainerEngine engine = Client(Engine ?? throw new InvalidOperationException("A provider is used only after its trial run."));
        string image = images.Of(command.Arguments[0]);
        if (await engine.FetchAsync(image, cancellationToken) is { } missing)
        {
            return new SandboxResult(126, TimeSpan.Zero, missing);
        }

        IReadOnlyList<(string File, string Place)> files = command.Network ? install.HomeFiles() : [];
        if (HomeFolder.Prepare(command.CacheFolder, files) is { } refusal)
        {
            return new SandboxResult(126, TimeSpan.Zero, refusal);
        }

        using PrivateFolder scratch = PrivateFolder.Create(places.WorkFolder);
        string temporary = scratch.Add("tmp");
        ContainerUser user = await engine.UserAsync(cancellationToken);
        if (!user.OwnsFiles)
        {
            await HostTool.RunAsync("chown", ["-R", "-P", "-h", user.Id, command.WorkFolder, command.CacheFolder, temporary], time, cancellationToken);
        }

        ContainerCall call = new()
        {
            Command = command,
            Image = image,
            User = user,
            Name = NameOf(scratch.Path),
            Label = Label,
            Temporary = temporary,
            Packages = places.PackageFolder,
            InstallVariables = install.Variables(),
            InstallFiles = [.. install.CertificatePlaces(), .. install.SharedFiles()],
        };
        try
        {
            return await FollowAsync(engine, call, cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception broken)
        {
            return new SandboxResult(126, TimeSpan.Zero, $"the box could not be started: {broken.Message}");
        }
        finally
        {
            await RemoveAsync(engine, call.Name);
            HomeFolder.Clear(command.CacheFolder, files);
        }
    }

    private string Label => $"agentworkflow.work={places.WorkFolder}";

    private ContainerEngine Client(string program) => _engine ??= new ContainerEngine(program, time);

    private async Task<SandboxResult> FollowAsync(ContainerEngine engine, ContainerCall call, CancellationToken cancellationToken)
    {
        SandboxCommand command = call.Command;
        string? last = null;
        SandboxCommand heard = command with
        {
            Output = line =>
            {
                last = line;
                command.Output(line);
            },
        };
        using ChildProcess child = await engine.StartAsync(call.ToArguments());
        SandboxResult result = await new Supervisor(time).FollowAsync(
            child, heard, [command.WorkFolder, command.CacheFolder, call.Temporary], () => EndAsync(engine, call.Name, child), cancellationToken);
        return result is { Limit: null, ExitCode: EngineFailed or Killed } ? await ExplainAsync(engine, call, result, last) : result;
    }

    // The engine counts memory, so only it knows why something was killed; and 125 is its own code, unless the command says so too.
    private static async Task<SandboxResult> ExplainAsync(ContainerEngine engine, ContainerCall call, SandboxResult result, string? last)
    {
        (int code, string state) = await engine.AskAsync(
            ["container", "inspect", "--format", "{{.State.ExitCode}} {{.State.OOMKilled}}", call.Name], CancellationToken.None);
        return code != 0 || (result.ExitCode == EngineFailed && !state.StartsWith("125 ", StringComparison.Ordinal))
            ? result with { Limit = $"the box could not be started: {last ?? $"{engine.Name} said nothing"}" }
            : state.Contains("true", StringComparison.Ordinal)
                ? result with { Limit = $"memory: the engine ended what used more than {call.Command.Limits.MemoryBytes >> 20} MiB" }
                : result;
    }

    // Without a container yet there is nothing to remove: then its client is what has to end.
    private static async Task EndAsync(ContainerEngine engine, string name, ChildProcess child)
    {
        (int code, _) = await engine.AskAsync(["container", "inspect", "--format", "{{.Id}}", name], CancellationToken.None);
        if (code == 0)
        {
            await RemoveAsync(engine, name);
        }
        else
        {
            child.Kill(tree: true);
        }
    }

    private static async Task RemoveAsync(ContainerEngine engine, string name) => await engine.AskAsync(["rm", "--force", "--volumes", name], CancellationToken.None);

    // A container outlives a bot that was killed. Its private folder was swept then, so no folder means nobody's container.
    private async Task SweepAsync(ContainerEngine engine, CancellationToken cancellationToken)
    {
        (int code, string names) = await engine.AskAsync(["ps", "--all", "--filter", $"label={Label}", "--format", "{{.Names}}"], cancellationToken);
        string[] used = Directory.Exists(places.WorkFolder) ? [.. Directory.EnumerateDirectories(places.WorkFolder).Select(NameOf)] : [];
        foreach (string name in code == 0 ? names.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Except(used) : [])
        {
            await RemoveAsync(engine, name);
        }
    }

    private static string NameOf(string folder) => "agentworkflow-" + Path.GetFileName(folder);
}
