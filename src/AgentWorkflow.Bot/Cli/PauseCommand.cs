using System.CommandLine;

using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>pause</c>: runs stop after their current steps, none begins, and deliveries are kept until <c>resume</c>.</summary>
internal static class PauseCommand
{
    /// <summary>What the command is about; <c>resume</c> has it too.</summary>
    public static Option<string?> Repository { get; } = new("--repo") { Description = "One repository, as owner/name; everything unless told.", HelpName = "NAME" };

    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("pause", "Lets runs stop after their current steps and keeps deliveries, until resume.") { Repository };
        command.SetAction((parsed, cancellationToken) => ActAsync(host, parsed, async (services, repository) =>
            await services.GetRequiredService<Pauses>().PauseAsync(repository, cancellationToken)
                ? $"{Subject(repository)} paused: runs stop after their current steps, deliveries are kept."
                : $"{Subject(repository)} paused already.", cancellationToken));
        return command;
    }

    /// <summary>Does it, and prints the sentence that comes of it.</summary>
    public static async Task<int> ActAsync(BotHost host, ParseResult parsed, Func<IServiceProvider, string?, Task<string>> act, CancellationToken cancellationToken)
    {
        string? name = parsed.GetValue(Repository);
        if (name is not null && !RepoRef.TryParse(name, out _))
        {
            throw new SettingsException($"AW2570 '{name}' in --repo is no repository like owner/name");
        }

        await using ServiceProvider services = host.BuildServices(parsed.GetValue(BotHost.Verbose));
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(await act(services, name));
        return 0;
    }

    /// <summary>How a sentence about it begins.</summary>
    public static string Subject(string? repository) => repository is null ? "Everything is" : $"{repository} is";
}
