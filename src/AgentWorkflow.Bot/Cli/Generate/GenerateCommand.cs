using System.CommandLine;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Execution;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary><c>generate</c>: the main job, start to end, on the Local forge.</summary>
internal static class GenerateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("generate", "From an idea to a verified pull request, on the Local forge.")
        {
            GenerateOptions.Idea, GenerateOptions.IdeaText, GenerateOptions.Workflow, GenerateOptions.Input, GenerateOptions.Agent,
            GenerateOptions.SandboxName, GenerateOptions.Out, GenerateOptions.DryRun, GenerateOptions.Json, GenerateOptions.Retry,
        };
        GenerateOptions.SandboxName.AcceptOnlyFromAmong([.. SandboxOptions.Providers]);
        command.Validators.Add(GenerateOptions.Validate);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await RunAsync(host, parsed, cancellationToken);
            }
            catch (Exception e) when (parsed.GetValue(GenerateOptions.Json) && e is not OperationCanceledException)
            {
                // Whoever reads the object gets one on every end; the line on standard error comes from the caller.
                await WriteRefusalAsync(ErrorLine.Of(e, null), cancellationToken);
                throw;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(BotHost host, ParseResult parsed, CancellationToken cancellationToken)
    {
        DirectoryInfo? target = parsed.GetValue(GenerateOptions.Out);
        if (target is { Exists: true } && target.EnumerateFileSystemInfos().Any())
        {
            throw new SettingsException($"AW2502 the folder '{target.FullName}' of --out is not empty; name a new or empty one.");
        }

        bool dryRun = parsed.GetValue(GenerateOptions.DryRun);
        using TemporaryData? temporary = dryRun ? new TemporaryData() : null;
        Dictionary<string, string?> settings = new(StringComparer.Ordinal);
        AddIfGiven(settings, "Agents:Default", parsed.GetValue(GenerateOptions.Agent));
        AddIfGiven(settings, "Sandbox:Provider", parsed.GetValue(GenerateOptions.SandboxName));
        AddIfGiven(settings, "DataDirectory", temporary?.Path);
        await using ServiceProvider services = host.BuildServices(parsed.GetValue(BotHost.Verbose), settings, AddGenerate);
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        if (await services.GetRequiredService<CommitProbe>().TryAsync(isServing: false, cancellationToken) is { } refusal)
        {
            throw refusal;
        }

        if ((await services.GetRequiredService<Pauses>().ReadAsync(cancellationToken)).IsEverything)
        {
            throw new SettingsException("AW2573 everything is paused, so no run would begin; 'agentworkflow resume' goes on");
        }

        // A key that cannot be read ends it here, not when the work is done and to be signed.
        _ = services.GetRequiredService<InstanceKey>().KeyId;
        using IGenerateDisplay display = GenerateDisplays.Choose(parsed.GetValue(GenerateOptions.Json), parsed.GetValue(BotHost.Verbose), services.GetRequiredService<TimeProvider>());
        CheckSettings(services);
        (string? runId, bool isDone) = await BeginAsync(services, parsed, display, cancellationToken);
        if (runId is null)
        {
            return BotCommands.Failed;
        }

        try
        {
            if (isDone)
            {
                return await FinishAsync(services, runId, parsed, cancellationToken);
            }

            RunState? state = await services.GetRequiredService<GenerateJob>().DriveAsync(runId, parsed.GetValue(GenerateOptions.Retry) is not null, display, cancellationToken);
            if (state is null)
            {
                display.Dispose();
                return await SayHeldAsync(runId);
            }
        }
        catch (LeaseLostException)
        {
            return await SayHeldAsync(runId);
        }
        catch (OperationCanceledException)
        {
            display.Dispose();
            await Console.Error.WriteLineAsync($"Stopped; nothing is lost. To go on: agentworkflow generate --retry {runId[..8]}");
            return BotCommands.Interrupted;
        }

        display.Dispose();
        return await FinishAsync(services, runId, parsed, cancellationToken);
    }

    private static async Task<int> SayHeldAsync(string runId)
    {
        await Console.Error.WriteLineAsync($"agentworkflow: AW2504 run {runId[..8]} is held by another process or waits for its turn; look again with 'agentworkflow generate --retry {runId[..8]}'.");
        return BotCommands.Failed;
    }

    /// <summary>Wrong settings are told before anything is made.</summary>
    private static void CheckSettings(ServiceProvider services)
    {
        _ = services.GetRequiredService<IOptions<SandboxOptions>>().Value;
        services.GetRequiredService<AgentCatalog>().Find(name: null);
    }

    /// <summary>The run to drive; done is one that is over and verified, of which a retry only shows the result.</summary>
    private static async Task<(string? RunId, bool IsDone)> BeginAsync(ServiceProvider services, ParseResult parsed, IGenerateDisplay display, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(GenerateOptions.Retry) is { } retry)
        {
            RunView view = await services.GetRequiredService<RunReader>().ReadAsync(retry, cancellationToken)
                ?? throw new SettingsException($"AW2503 there is no run '{retry}' in this data directory, or more than one begins so.");
            display.Begin(new RunHeading
            {
                Idea = $"run {view.Facts.Id[..8]}",
                IdeaNote = "again",
                Repository = view.Facts.Repository.ToString(),
                Issue = view.Facts.Issue is { } issue ? $"#{issue.Number} {issue.Title}" : "",
            });
            return (view.Facts.Id, view.State.Status == RunStatus.Succeeded && (view.Summary.IsVerified || view.Summary.IsMade));
        }

        if (parsed.GetValue(GenerateOptions.Workflow) is { } workflow && Path.GetExtension(workflow) is ".yml" or ".yaml" && !File.Exists(workflow))
        {
            throw new SettingsException($"AW2556 there is no workflow file '{workflow}'; name one, or a workflow by its name.");
        }

        GenerateRequest request = await GenerateOptions.ReadRequestAsync(parsed, cancellationToken);
        GenerateStart start = await services.GetRequiredService<GenerateJob>().StartAsync(request, cancellationToken);
        if (start is not { RunId: not null, Repository: { } repository, Issue: { } opened })
        {
            await Console.Error.WriteLineAsync($"agentworkflow: {start.Reason}");
            if (parsed.GetValue(GenerateOptions.Json))
            {
                await WriteRefusalAsync(start.Reason, cancellationToken);
            }

            return (null, false);
        }

        display.Begin(new RunHeading
        {
            Idea = request.Source,
            IdeaNote = $"({start.Requirements.Stories.Count} stories, {start.Requirements.Entities.Count} entities)",
            Repository = repository.Repository.ToString(),
            RepositoryNote = "new",
            Issue = $"#{opened.Number} {opened.Title}",
            IssueNote = "/generate by you",
        });
        return (start.RunId, false);
    }

    private static Task WriteRefusalAsync(string reason, CancellationToken cancellationToken) =>
        Console.Out.WriteLineAsync(GenerateResult.Refused(reason).ToJsonString(JsonText.Indented).AsMemory(), cancellationToken);

    private static async Task<int> FinishAsync(ServiceProvider services, string runId, ParseResult parsed, CancellationToken cancellationToken)
    {
        GenerateResult result = await services.GetRequiredService<GenerateResults>().ReadAsync(runId, cancellationToken);
        StorageOptions storage = services.GetRequiredService<StorageOptions>();
        if (parsed.GetValue(GenerateOptions.Out) is { } target && result.Project is { } project)
        {
            await CheckOut.WriteAsync(services.GetRequiredService<IContentStore>(), project.Files, target.FullName, cancellationToken);
        }

        if (parsed.GetValue(GenerateOptions.Json))
        {
            await Console.Out.WriteLineAsync(result.ToJson(parsed.GetValue(GenerateOptions.DryRun)).ToJsonString(JsonText.Indented));
        }
        else
        {
            await Console.Out.WriteAsync(GenerateReport.Compose(result, storage, parsed.GetValue(GenerateOptions.Out)?.FullName, parsed.GetValue(GenerateOptions.DryRun)));
        }

        return result.IsDone ? 0 : BotCommands.Failed;
    }

    // Whoever types the command runs on a machine of their own: 'unsafe-host' may be chosen here and nowhere else, and the boxes may
    // read the packages that this user has already, so that a first run need not fetch them again.
    private static IServiceCollection AddGenerate(IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(new SandboxPlaces(Path.Combine(StorageOptions.Read(configuration).DataDirectory, "work"), SandboxPlaces.UserPackages()) { AllowsHost = true })
        .AddSingleton<GenerateJob>()
        .AddSingleton<GenerateResults>();

    private static void AddIfGiven(Dictionary<string, string?> settings, string key, string? value)
    {
        if (value is not null)
        {
            settings[key] = value;
        }
    }

    /// <summary>A data directory that lives as long as a dry run.</summary>
    private sealed class TemporaryData : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("agentworkflow-dry-run-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
