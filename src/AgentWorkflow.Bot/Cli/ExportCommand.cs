using System.CommandLine;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>export PROJECT --format zip|tar|tar.gz [--output FILE]</c>: writes an archive of a generated project.</summary>
internal static class ExportCommand
{
    /// <summary>The command.</summary>
    /// <param name="services">Builds the rooms; called when the command runs.</param>
    public static Command Create(Func<ParseResult, ServiceProvider> services)
    {
        Argument<string> project = new("PROJECT") { Description = "A project's id, or OWNER/NAME for the newest of that repository." };
        Option<string> format = new("--format") { Description = "zip, tar or tar.gz.", Required = true };
        format.AcceptOnlyFromAmong([.. ArchiveFormat.All.Select(f => f.Name)]);
        Option<string?> output = new("--output", "-o") { Description = "The file to write; without it, the archive is kept where Storage__Provider says." };
        Command command = new("export", "Write an archive of a generated project.") { project, format, output };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using ServiceProvider rooms = services(result);
            return await RunAsync(
                rooms, result.GetRequiredValue(project), result.GetRequiredValue(format), result.GetValue(output), result.InvocationConfiguration, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        IServiceProvider rooms, string name, string formatName, string? output, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        await rooms.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        if (await rooms.GetRequiredService<ProjectStore>().FindAsync(name, cancellationToken) is not { } project
            || ArchiveFormat.Find(formatName) is not { } format)
        {
            await console.Error.WriteLineAsync($"agentworkflow: AW2553 there is no project '{name}'; give its id, or OWNER/NAME of a repository that was generated here.");
            return 1;
        }

        ArchivePublisher publisher = rooms.GetRequiredService<ArchivePublisher>();
        PublishArchive effect = new(new EffectKey($"export/{format}"), project.Files, format.Name, project.Repository.Name, $"{project.Repository.Name}.{format}");
        if (ArchiveNames.Refusal(effect) is { } refusal)
        {
            await console.Error.WriteLineAsync($"agentworkflow: AW3504 the archive was not written: {refusal}.");
            return 1;
        }

        if (output is not null)
        {
            ArchiveFacts facts = await publisher.WriteAsync(effect, format, output, cancellationToken);
            await console.Output.WriteLineAsync($"{Path.GetFullPath(output)}  {facts.Size} bytes  sha256 {facts.Sha256}");
            return 0;
        }

        Receipt receipt = await publisher.PublishAsync(effect, project.Id, cancellationToken);
        if (receipt.Outcome is EffectOutcome.Refused)
        {
            await console.Error.WriteLineAsync($"agentworkflow: AW3504 the archive was not written: {receipt.Reason}.");
            return 1;
        }

        await console.Output.WriteLineAsync($"{receipt["path"]}  {receipt["size"]} bytes  sha256 {receipt["sha256"]}");
        if (await publisher.LinkAsync(receipt) is { } link)
        {
            await console.Output.WriteLineAsync($"{link}  for {ArchivePublisher.LinkLifetime.TotalMinutes:0} minutes");
        }

        return 0;
    }
}
