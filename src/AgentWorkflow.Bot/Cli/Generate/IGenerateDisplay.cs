using AgentWorkflow.Bot.Runs.Driving;

using Spectre.Console;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>Shows a run while it goes.</summary>
internal interface IGenerateDisplay : IRunObserver, IDisposable
{
    /// <summary>What it is about.</summary>
    void Begin(RunHeading heading);
}

/// <summary>Chooses the display.</summary>
internal static class GenerateDisplays
{
    /// <summary>Live on a terminal; plain lines when piped; on standard error when standard output is for JSON.</summary>
    public static IGenerateDisplay Choose(bool json, bool verbose, TimeProvider time)
    {
        bool terminal = !(json ? Console.IsErrorRedirected : Console.IsOutputRedirected) && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        TextWriter output = json ? Console.Error : Console.Out;
        return terminal && !verbose
            ? new LiveDisplay(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), time)
            : new PlainDisplay(output, verbose);
    }
}
