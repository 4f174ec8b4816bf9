using System.CommandLine;
using System.CommandLine.Parsing;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>What <c>generate</c> takes on its command line.</summary>
internal static class GenerateOptions
{
    /// <summary>The idea's file.</summary>
    public static Argument<string?> Idea { get; } = new("IDEA.md") { Description = "The idea's file, or - for standard input.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The idea as text.</summary>
    public static Option<string?> IdeaText { get; } = new("--idea") { Description = "The idea as text.", HelpName = "TEXT" };

    /// <summary>The workflow's name or file.</summary>
    public static Option<string?> Workflow { get; } = new("--workflow") { Description = "A workflow's name, or a workflow file to try.", HelpName = "NAME" };

    /// <summary>Inputs of the workflow.</summary>
    public static Option<string[]> Input { get; } = new("--input") { Description = "An input of the workflow, like stack=node-api. May be repeated.", HelpName = "KEY=VALUE" };

    /// <summary>The agent.</summary>
    public static Option<string?> Agent { get; } = new("--agent") { Description = "The agent: offline.", HelpName = "NAME" };

    /// <summary>The sandbox.</summary>
    public static Option<string?> SandboxName { get; } = new("--sandbox") { Description = "auto, bubblewrap, container, none or unsafe-host.", HelpName = "NAME" };

    /// <summary>Where the files are written to too.</summary>
    public static Option<DirectoryInfo?> Out { get; } = new("--out") { Description = "Also write the files into this empty folder.", HelpName = "FOLDER" };

    /// <summary>Whether nothing is kept.</summary>
    public static Option<bool> DryRun { get; } = new("--dry-run") { Description = "Print what would be done; nothing is kept." };

    /// <summary>Whether one JSON object is printed.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object on standard output." };

    /// <summary>The run to go on with.</summary>
    public static Option<string?> Retry { get; } = new("--retry") { Description = "Go on with a run that failed or was cut off.", HelpName = "RUN" };

    /// <summary>Adds an error for what cannot go together.</summary>
    public static void Validate(CommandResult result)
    {
        // An option without its value has its own error already, and cannot be read.
        if (result.Children.OfType<OptionResult>().Any(o => o.Tokens.Count < o.Option.Arity.MinimumNumberOfValues))
        {
            return;
        }

        if (result.GetValue(Idea) is { Length: > 1 } mistyped && mistyped.StartsWith('-'))
        {
            string? nearest = NearestName.Of(mistyped, result.Command.Options.Append(BotHost.Verbose).Select(o => o.Name));
            result.AddError($"there is no option '{mistyped}'{(nearest is null ? "" : $", did you mean '{nearest}'?")} (a file of that name: './{mistyped}')");
            return;
        }

        if (new[] { Retry, Workflow, IdeaText, Agent }.FirstOrDefault(o => result.GetValue(o)?.StartsWith("--", StringComparison.Ordinal) is true) is { } empty)
        {
            result.AddError($"{empty.Name} takes a value, not '{result.GetValue(empty)}'");
            return;
        }

        if (result.GetValue(Agent) is { } agent && agent != "offline")
        {
            result.AddError(agent is "openai" or "anthropic" ? $"the agent '{agent}' is not in this version; there is offline" : $"there is no agent '{agent}'; there is offline");
            return;
        }

        int sources = new[] { result.GetValue(Idea), result.GetValue(IdeaText), result.GetValue(Retry) }.Count(s => s is not null);
        if (sources != 1)
        {
            result.AddError("give one of IDEA.md, --idea TEXT and --retry RUN");
        }
        else if ((result.GetValue(Input) ?? []).FirstOrDefault(i => !i.Contains('=')) is { } wrong)
        {
            result.AddError($"--input takes key=value, not '{wrong}'");
        }
    }

    /// <summary>The idea and what goes with it, read from where it is.</summary>
    public static async Task<GenerateRequest> ReadRequestAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? path = parsed.GetValue(Idea);
        string text = parsed.GetValue(IdeaText) ?? (path == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await ReadFileAsync(path ?? "", cancellationToken));
        return new GenerateRequest
        {
            Idea = text,
            Source = path is null ? "--idea" : path == "-" ? "standard input" : path,
            Workflow = parsed.GetValue(Workflow),
            Inputs = parsed.GetValue(Input) ?? [],
        };
    }

    // A device or a pipe is a file too: whoever writes <(...) means it.
    private static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken) => Directory.Exists(path)
        ? throw new SettingsException($"AW2505 '{path}' is a folder; name a Markdown file with the idea in it.")
        : File.Exists(path)
        ? await File.ReadAllTextAsync(path, cancellationToken)
        : throw new SettingsException($"AW2505 there is no file '{path}'; name a Markdown file with the idea, or use - or --idea.");
}
