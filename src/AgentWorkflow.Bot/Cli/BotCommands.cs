using System.CommandLine;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Cli.Generate;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Cli;

/// <summary>
/// The command line: one file a command. Exit codes: 0 done, 1 the work failed or the input is invalid, 2 wrong usage, 130
/// interrupted. An error is one line on standard error; the stack trace comes only with <c>--verbose</c>.
/// </summary>
internal static class BotCommands
{
    /// <summary>The work failed or the input is invalid.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by Ctrl+C or a signal.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs the program.</summary>
    /// <param name="args">The arguments as given.</param>
    /// <param name="addRooms">Registers every room.</param>
    /// <param name="mapRooms">Maps the routes of rooms that have some.</param>
    public static async Task<int> RunAsync(
        string[] args, Func<IServiceCollection, IConfiguration, IServiceCollection> addRooms, Func<IEndpointRouteBuilder, IEndpointRouteBuilder> mapRooms)
    {
        BotHost host = new(addRooms, mapRooms);
        RootCommand root = Create(host);
        ParseResult parsed = root.Parse(args.Length == 0 ? ["serve"] : args);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"agentworkflow: {parsed.Errors[0].Message.TrimEnd('.')}. See 'agentworkflow {parsed.CommandResult.Command.Name} --help'.");
            return WrongUsage;
        }

        return await InvokeAsync(parsed, parsed.GetValue(BotHost.Verbose));
    }

    private static RootCommand Create(BotHost host)
    {
        RootCommand root = new("Turns an idea in an issue into a pull request that is already built and tested.")
        {
            ServeCommand.Create(host),
            GenerateCommand.Create(host),
            ValidateCommand.Create(host.StepTypes),
            SchemaCommand.Create(host.StepTypes),
            StepsCommand.Create(host.StepTypes),
            ExportCommand.Create(parsed => host.BuildServices(parsed.GetValue(BotHost.Verbose))),
            VerifyRecordCommand.Create(),
            DoctorCommand.Create(host),
        };
        root.Add(BotHost.Verbose);
        return root;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, bool verbose)
    {
        using CancellationTokenSource stop = new();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is StorageException or AgentException or ForgeException or SettingsException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"agentworkflow: {e.Message}");
            if (verbose)
            {
                await Console.Error.WriteLineAsync(e.ToString());
            }

            return Failed;
        }
    }
}
