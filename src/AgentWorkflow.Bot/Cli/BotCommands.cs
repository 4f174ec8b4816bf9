using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Cli.Generate;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Cli;

/// <summary>
/// The command line: one file a command. Exit codes: 0 done, 1 the work failed or the input is invalid, 2 wrong usage, 130
/// interrupted. An error is one line on standard error; the stack trace comes only with <c>--verbose</c>.
/// </summary>
internal static partial class BotCommands
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
            await Console.Error.WriteLineAsync($"agentworkflow: {UsageError(parsed)}");
            return WrongUsage;
        }

        return await InvokeAsync(parsed, parsed.GetValue(BotHost.Verbose));
    }

    private static RootCommand Create(BotHost host)
    {
        RootCommand root = new("Turns an idea in an issue into a pull request that is already built and tested. With no command it serves.")
        {
            ServeCommand.Create(host),
            GenerateCommand.Create(host),
            DeliverCommand.Create(host),
            PauseCommand.Create(host),
            ResumeCommand.Create(host),
            ValidateCommand.Create(host.StepTypes),
            SchemaCommand.Create(host.StepTypes),
            StepsCommand.Create(host.StepTypes),
            ExportCommand.Create(parsed => host.BuildServices(parsed.GetValue(BotHost.Verbose))),
            VerifyRecordCommand.Create(),
            DoctorCommand.Create(host),
            TokenCommand.Create(host),
        };
        root.Add(BotHost.Verbose);
        return root;
    }

    private static string UsageError(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string path = command is RootCommand ? "" : $"{string.Join(' ', Path(parsed.CommandResult))} ";
        string see = $"See 'agentworkflow {path}--help'.";
        if (parsed.UnmatchedTokens is [{ } unknown, ..])
        {
            IEnumerable<string> names = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).Append(BotHost.Verbose.Name);
            string what = unknown.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
            return $"'{unknown}' is no {what} here{(NearestName.Of(unknown, names) is { } nearest ? $"; did you mean '{nearest}'?" : ".")} {see}";
        }

        // The library lists allowed values on lines of their own.
        string message = ListBreak().Replace(parsed.Errors[0].Message.Trim().TrimEnd('.'), m => m.Value.Contains(':', StringComparison.Ordinal) ? ": " : ", ");
        return $"{message}. {see}";
    }

    private static IEnumerable<string> Path(System.CommandLine.Parsing.CommandResult result) =>
        result.Parent is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } parent ? Path(parent).Append(result.Command.Name) : [result.Command.Name];

    private static async Task<int> InvokeAsync(ParseResult parsed, bool verbose)
    {
        using CancellationTokenSource stop = new();
        void Press(object? sender, ConsoleCancelEventArgs pressed)
        {
            // The first time it ends in order; whoever is in a hurry presses again.
            pressed.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        Console.CancelKeyPress += Press;
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (!IsFatal(e))
        {
            await Console.Error.WriteLineAsync($"agentworkflow: {ErrorLine.Of(e, Storage())}");
            if (verbose)
            {
                await Console.Error.WriteLineAsync(e.ToString());
            }

            return Failed;
        }
        finally
        {
            Console.CancelKeyPress -= Press;
        }
    }

    // After these nothing can be said in order any more.
    private static bool IsFatal(Exception exception) => exception is OutOfMemoryException or AccessViolationException;

    private static StorageOptions? Storage()
    {
        try
        {
            return StorageOptions.Read(new ConfigurationBuilder().AddBotSettings().Build());
        }
        catch (Exception e) when (e is StorageException or InvalidDataException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=')\s*\n\s*(?=')|:\s*\n\s*(?=')", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ListBreak();
}
