using System.CommandLine;

using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
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
        await foreach (Finding finding in ExamineAsync(host, verbose, cancellationToken))
        {
            isFine &= finding.Problem is null;
            await output.WriteLineAsync($"{(finding.Problem is null ? "ok     " : "PROBLEM")}  {finding.What,-9}  {finding.Problem ?? finding.Fine}");
        }

        return isFine ? 0 : BotCommands.Failed;
    }

    // Each finding is printed as soon as it is there: a trial run may take a while.
    private static async IAsyncEnumerable<Finding> ExamineAsync(BotHost host, bool verbose, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (ServiceProvider? built, Finding settings) = Build(host, verbose);
        yield return settings;
        if (built is not null)
        {
            await using ServiceProvider services = built;
            Finding database = await CheckDatabaseAsync(services, cancellationToken);
            yield return database;
            if (database.Problem is null)
            {
                // Both keep files in the data directory.
                yield return CheckKey(services);
                yield return await CheckSandboxAsync(services, cancellationToken);
            }

            yield return CheckWorkflows(services);
        }

        yield return new Finding("agent", null, "offline: no model is used, no account is needed");
        SortedDictionary<string, string> versions = await VersionsAsync(cancellationToken);
        yield return new Finding("tools", null, string.Join(", ", Programs.Select(p => versions.TryGetValue(p, out string? version) ? $"{p} {version}" : $"no {p}")));
        yield return CheckStacks(versions);
    }

    private static (ServiceProvider? Services, Finding Finding) Build(BotHost host, bool verbose)
    {
        try
        {
            return (host.BuildServices(verbose), new Finding("settings", null, "every key and value is known"));
        }
        catch (Exception e) when (e is SettingsException or StorageException or OptionsValidationException or InvalidDataException)
        {
            return (null, new Finding("settings", ErrorLine.Of(e, null), ""));
        }
    }

    private static async Task<Finding> CheckDatabaseAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        StorageOptions storage = services.GetRequiredService<StorageOptions>();
        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
            StorageException? refusal = await services.GetRequiredService<CommitProbe>().TryAsync(cancellationToken);
            return new Finding("data", refusal is null ? null : ErrorLine.Of(refusal, storage), $"{storage.Provider}, up to date, can be written, in {Places.Show(storage.DataDirectory)}");
        }
        catch (StorageException e)
        {
            return new Finding("data", ErrorLine.Of(e, storage), "");
        }
    }

    private static Finding CheckKey(ServiceProvider services)
    {
        try
        {
            return new Finding("key", null, $"signs as {services.GetRequiredService<InstanceKey>().KeyId[..16]}…, only this user may read it");
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
        {
            return new Finding("key", ErrorLine.Of(e, services.GetRequiredService<StorageOptions>()), "");
        }
    }

    private static async Task<Finding> CheckSandboxAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        SandboxChoice choice = await services.GetRequiredService<SandboxSelector>().ChooseAsync(cancellationToken);
        return new Finding("sandbox", choice.Refusal is null ? null : $"AW2101 {choice.Refusal}.", $"{choice.Sandbox?.Name}: a trial run worked");
    }

    private static Finding CheckWorkflows(ServiceProvider services)
    {
        string[] names = [.. services.GetRequiredService<WorkflowCatalog>().BuiltIn().Select(w => w.Workflow.Name)];
        return new Finding("workflows", null, $"built in: {string.Join(", ", names)}");
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

    private static Finding CheckStacks(SortedDictionary<string, string> versions)
    {
        ILookup<bool, Template> stacks = TemplateCatalog.BuiltInNames.Select(TemplateCatalog.BuiltIn).OfType<Template>()
            .ToLookup(t => t.Toolchains.All(versions.ContainsKey));
        string able = string.Join(", ", stacks[true].Select(t => t.Name));
        string unable = string.Join(", ", stacks[false].Select(t => $"{t.Name} (install {string.Join(" and ", t.Toolchains.Where(p => !versions.ContainsKey(p)))})"));
        return able.Length == 0
            ? new Finding("stacks", $"AW2555 no stack can be built and tested here: {unable}", "")
            : new Finding("stacks", null, $"can be built and tested: {able}{(unable.Length == 0 ? "" : $"; not here: {unable}")}");
    }

    private sealed record Finding(string What, string? Problem, string Fine);
}
