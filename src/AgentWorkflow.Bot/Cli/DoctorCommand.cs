using System.CommandLine;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>doctor</c>: checks settings, database, sandbox and workflows by using them, and says what to change.</summary>
internal static class DoctorCommand
{
    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("doctor", "Checks settings, database, sandbox and agent; says what to change.");
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(BotHost.Verbose), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(BotHost host, bool verbose, TextWriter output, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = host.BuildServices(verbose);
        List<Finding> findings =
        [
            new("settings", null, "every key is known"),
            await CheckDatabaseAsync(services, cancellationToken),
            await CheckSandboxAsync(services, cancellationToken),
            CheckWorkflows(services),
            new("agent", null, "offline: no model is used, no account is needed"),
        ];
        foreach (Finding finding in findings)
        {
            await output.WriteLineAsync($"{(finding.Problem is null ? "ok     " : "PROBLEM")}  {finding.What,-10}  {finding.Problem ?? finding.Fine}");
        }

        return findings.TrueForAll(f => f.Problem is null) ? 0 : BotCommands.Failed;
    }

    private static async Task<Finding> CheckDatabaseAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        StorageOptions storage = services.GetRequiredService<StorageOptions>();
        try
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
            return new Finding("database", null, $"{storage.Provider}, up to date, in {storage.DataDirectory}");
        }
        catch (StorageException e)
        {
            return new Finding("database", e.Message, "");
        }
    }

    private static async Task<Finding> CheckSandboxAsync(ServiceProvider services, CancellationToken cancellationToken)
    {
        SandboxChoice choice = await services.GetRequiredService<SandboxSelector>().ChooseAsync(cancellationToken);
        return new Finding("sandbox", choice.Refusal is null ? null : $"AW2101 {choice.Refusal}.", $"{choice.Sandbox?.Name}: a trial run worked");
    }

    private static Finding CheckWorkflows(ServiceProvider services)
    {
        int count = services.GetRequiredService<WorkflowCatalog>().BuiltIn().Count();
        return new Finding("workflows", null, $"{count} built in, valid");
    }

    private sealed record Finding(string What, string? Problem, string Fine);
}
