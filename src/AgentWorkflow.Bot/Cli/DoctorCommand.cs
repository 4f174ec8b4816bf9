using System.CommandLine;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Bot.Forges.GitHub.Setup;
using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Retention;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Triggers;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>doctor</c>: checks settings, database, sandbox and tools by using them, and says what to change.</summary>
internal static class DoctorCommand
{
    private static readonly string[] Programs = ["git", "dotnet", "node", "python3"];

    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("doctor", "Checks settings, data, sandbox and tools by using them; says what to change.");
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(BotHost.Verbose), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BotHost host, bool verbose, TextWriter output, CancellationToken cancellationToken)
    {
        bool isFine = true;
        await foreach (ForgeFinding finding in ExamineAsync(host, verbose, cancellationToken))
        {
            isFine &= finding.Problem is null;
            await output.WriteLineAsync($"{(finding.Problem is null ? "ok     " : "PROBLEM")}  {finding.What,-9}  {finding.Problem ?? finding.Fine}");
        }

        return isFine ? 0 : BotCommands.Failed;
    }

    // Each finding is printed as soon as it is there: a trial run may take a while.
    private static async IAsyncEnumerable<ForgeFinding> ExamineAsync(BotHost host, bool verbose, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (ServiceProvider? built, ForgeFinding settings) = Build(host, verbose);
        yield return settings;
        if (built is not null)
        {
            await using ServiceProvider services = built;
            ForgeFinding database = await CheckDatabaseAsync(services, cancellationToken);
            yield return database;
            if (database.Problem is null)
            {
                if ((await services.GetRequiredService<Pauses>().ReadAsync(cancellationToken)).Sentence is { } paused)
                {
                    yield return new ForgeFinding("pause", null, paused);
                }

                // They keep files in the data directory.
                ForgeFinding store = await CheckStoreAsync(services, cancellationToken);
                yield return store;
                if (store.Problem is null)
                {
                    yield return new ForgeFinding("kept", null, await services.GetRequiredService<StoreSizes>().DescribeAsync(cancellationToken));
                }

                yield return CheckKey(services);
                yield return await CheckSandboxAsync(services, cancellationToken);
            }

            yield return CheckWorkflows(services);
            bool anyForge = false;
            await foreach (ForgeFinding finding in services.GetServices<IForgeDoctor>().ToAsyncEnumerable().SelectMany(d => d.ExamineAsync(cancellationToken)).WithCancellation(cancellationToken))
            {
                anyForge = true;
                yield return finding;
            }

            if (!anyForge)
            {
                yield return new ForgeFinding("forge", null, $"local alone; GitLab: set GitLab__Token (docs/gitlab.md); a GitHub App: set GitHub__AppId, or make one: {AppManifest.Read().RegistrationLink(new Uri(GitHubOptions.PublicUrl + "/"))}");
            }
        }

        yield return new ForgeFinding("agent", null, "offline: no model is used, no account is needed");
        SortedDictionary<string, string> versions = await VersionsAsync(cancellationToken);
        yield return new ForgeFinding("tools", null, string.Join(", ", Programs.Select(p => versions.TryGetValue(p, out string? version) ? $"{p} {version}" : $"no {p}")));
        yield return CheckStacks(versions);
    }

    private static (ServiceProvider? Services, ForgeFinding Finding) Build(BotHost host, bool verbose)
    {
        try
        {
            return (host.BuildServices(verbose), new ForgeFinding("settings", null, "every key and value is known"));
        }
        catch (Exception e) when (e is SettingsException or StorageException or OptionsValidationException or InvalidDataException)
        {
            return (null, new ForgeFinding("settings", ErrorLine.Of(e, null), ""));
        }
    }

    private static async Task<ForgeFinding> CheckDatabaseAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        StorageOptions storage = services.GetRequiredService<StorageOptions>();
        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
            StorageException? refusal = await services.GetRequiredService<CommitProbe>().TryAsync(isServing: false, cancellationToken);
            return new ForgeFinding("data", refusal is null ? null : ErrorLine.Of(refusal, storage), $"{storage.Provider}, up to date, can be written, in {Places.Show(storage.DataDirectory)}");
        }
        catch (StorageException e)
        {
            return new ForgeFinding("data", ErrorLine.Of(e, storage), "");
        }
    }

    private static async Task<ForgeFinding> CheckStoreAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        StorageOptions storage = services.GetRequiredService<StorageOptions>();
        IOException? problem = await services.GetRequiredService<ObjectStoreProbe>().TryAsync(cancellationToken);
        return new ForgeFinding(
            "store",
            problem is null ? null : ErrorLine.Of(problem, storage),
            $"{(storage.S3 is { } s3 ? $"{s3}" : "the data directory")}: contents and archives can be written, listed, read and deleted");
    }

    private static ForgeFinding CheckKey(ServiceProvider services)
    {
        try
        {
            return new ForgeFinding("key", null, $"signs as {services.GetRequiredService<InstanceKey>().KeyId[..16]}…, only this user may read it");
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
        {
            return new ForgeFinding("key", ErrorLine.Of(e, services.GetRequiredService<StorageOptions>()), "");
        }
    }

    private static async Task<ForgeFinding> CheckSandboxAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        SandboxChoice choice = await services.GetRequiredService<SandboxSelector>().ChooseAsync(cancellationToken);
        return new ForgeFinding("sandbox", choice.Refusal is null ? null : $"AW2101 {choice.Refusal}.", $"{choice.Sandbox?.Name}: a trial run worked");
    }

    private static ForgeFinding CheckWorkflows(ServiceProvider services)
    {
        string[] names = [.. services.GetRequiredService<WorkflowCatalog>().BuiltIn().Select(w => w.Workflow.Name)];
        return new ForgeFinding("workflows", null, $"built in: {string.Join(", ", names)}");
    }

    private static async Task<SortedDictionary<string, string>> VersionsAsync(CancellationToken cancellationToken)
    {
        SortedDictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach (string name in Programs)
        {
            if (HostTool.Find(name) is { } program)
            {
                // A .NET runtime without an SDK is on the PATH too, and fails here.
                (int exitCode, string said) = await HostTool.RunAsync(program, ["--version"], TimeProvider.System, cancellationToken);
                string version = said.ReplaceLineEndings("\n").Split('\n')[0].Split(' ')[^1].TrimStart('v');
                if (exitCode == 0 && version.Length > 0)
                {
                    versions[name] = version;
                }
            }
        }

        return versions;
    }

    private static ForgeFinding CheckStacks(SortedDictionary<string, string> versions)
    {
        ILookup<bool, Template> stacks = TemplateCatalog.BuiltInNames.Select(TemplateCatalog.BuiltIn).OfType<Template>()
            .ToLookup(t => t.Toolchains.All(versions.ContainsKey));
        string able = string.Join(", ", stacks[true].Select(t => t.Name));
        string unable = string.Join(", ", stacks[false].Select(t => $"{t.Name} (install {string.Join(" and ", t.Toolchains.Where(p => !versions.ContainsKey(p)))})"));
        return able.Length == 0
            ? new ForgeFinding("stacks", $"AW2555 no stack can be built and tested here: {unable}", "")
            : new ForgeFinding("stacks", null, $"can be built and tested: {able}{(unable.Length == 0 ? "" : $"; not here: {unable}")}");
    }
}
