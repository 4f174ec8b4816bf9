using System.CommandLine;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Runs.Pausing;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>resume</c>: ends a pause.</summary>
internal static class ResumeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("resume", "Ends a pause: runs go on from their last saved step, deliveries that were kept are decided on.") { PauseCommand.Repository };
        command.SetAction((parsed, cancellationToken) => PauseCommand.ActAsync(host, parsed, async (services, repository) =>
        {
            bool ended = await services.GetRequiredService<Pauses>().ResumeAsync(repository, cancellationToken);
            await services.GetRequiredService<DeliveryStore>().ReleaseAsync(cancellationToken);
            PauseState left = await services.GetRequiredService<Pauses>().ReadAsync(cancellationToken);
            string more = left.Sentence is { } sentence ? $" Still {sentence}." : "";
            return (ended ? $"{PauseCommand.Subject(repository)} going on." : $"{PauseCommand.Subject(repository)} not paused.") + more;
        }, cancellationToken));
        return command;
    }
}
