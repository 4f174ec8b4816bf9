using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What a command in a comment leads to. Each of the bot's words is one line of the table. Pure.</summary>
internal static class CommandRules
{
    private static readonly string[] Formats = ["zip", "tar", "tar.gz"];

    /// <summary>What people can type: the command, and what it does. The documents and the help print this table.</summary>
    public static IReadOnlyList<(string Usage, string Does)> Words { get; } =
    [
        ("generate [WORKFLOW] [key=value ...]", "starts a run; the lines below it are instructions"),
        ("generate help", "says what is possible here"),
        ("generate init", "opens a pull request with a first workflow file for this repository"),
        ("status", "says how the newest run here stands"),
        ("cancel", "stops it"),
        ("retry", "tries it again from where it failed"),
        ("approve HASH", "approves what the run has shown under that hash"),
        ("reject [REASON]", "ends the run that waits for an approval"),
        ("export zip|tar|tar.gz", "writes an archive of what was generated here"),
        ("revise TEXT", "changes what was generated; it takes a model, which this version has not"),
    ];

    /// <summary>Decides.</summary>
    public static Decision Decide(TriggerEvent happened, TriggerScene scene)
    {
        if (CommandLine.TryRead(happened.CommentBody ?? "", scene.Policy.Prefix) is not { } command)
        {
            return new Decision.Ignore("no command");
        }

        Workflow? own = scene.Workflows.FirstOrDefault(w => w.On.Command == command.Name);
        if (own is null && !CommandLine.IsReserved(command.Name))
        {
            return new Decision.Ignore($"the word '/{command.Name}' is nobody's here");
        }

        return scene.Permission < scene.Policy.Minimum ? TriggerRules.TooWeak($"`/{command.Name}`", scene)
            : happened.Name == "pull_request_review" ? new Decision.Refuse("AW2031", $"`/{command.Name}` was not run: the text of a review is no place for commands; write it as a comment of its own.")
            : command.Problem is { } problem ? new Decision.Refuse("AW2022", $"`/{command.Name}` was not run: {problem}.")
            : ByWord(command, own, happened, scene);
    }

    private static Decision ByWord(CommandLine command, Workflow? own, TriggerEvent happened, TriggerScene scene) => command.Name switch
    {
        CommandLine.Generate when command.Word == "help" => new Decision.Answer(HelpText.Compose(scene)),
        CommandLine.Generate when command.Word == "init" => Named(BuiltIn.Init, command with { Arguments = new Dictionary<string, string>() }, happened, scene),
        CommandLine.Generate => Generate(command, happened, scene),
        "help" or "aw" => new Decision.Answer(HelpText.Compose(scene)),
        "init" => Named(BuiltIn.Init, command with { Arguments = new Dictionary<string, string>() }, happened, scene),
        "status" => new Decision.Answer(Text: null),
        "cancel" => new Decision.Tell("cancel", new JsonObject { ["reason"] = $"Cancelled by @{happened.Sender.Login}." }),
        "retry" => new Decision.Tell(TriggerRules.Retry, []),
        "approve" when command.Word is null => new Decision.Refuse("AW2033", "`/approve` was not run: the hash of what is approved is missing; it stands where the run asks."),
        "approve" => new Decision.Tell("answer", Answer(happened, command, approved: true)),
        "reject" => new Decision.Tell("answer", Answer(happened, command, approved: false)),
        "export" => Export(command, happened, scene),
        "revise" => new Decision.Refuse("AW2023", "`/revise` was not run: it takes a model, which this version has not; change the issue's text and say `/aw generate` again."),
        _ when own is not null => Fork(command, scene) ?? TriggerRules.WithInputs(own, command.Arguments, "comment", Cause(happened), command),
        _ => new Decision.Ignore($"the word '/{command.Name}' is nobody's here"),
    };

    private static Decision Generate(CommandLine command, TriggerEvent happened, TriggerScene scene)
    {
        string name = command.Word ?? CommandLine.Generate;
        IReadOnlyList<Workflow> here = [.. scene.Workflows.Where(w => !BuiltIn.IsInternal(w))];
        Workflow? workflow = (command.Word is null ? here.FirstOrDefault(w => w.On.Command == CommandLine.Generate) : null) ?? here.FirstOrDefault(w => w.Name == name);
        return Fork(command, scene) ?? OwnPull(command, scene) ?? Broken(name, scene) ?? workflow switch
        {
            null => new Decision.Refuse("AW2024", $"I don't know the workflow `{name}`.{Nearest(name, here)} Here are: {string.Join(", ", here.Select(w => w.Name))}."),
            { On: { Command: null, Manual: false } } => new Decision.Refuse("AW2025", $"The workflow `{name}` is not started by a command; give it `command` or `manual` under `on`."),
            _ => TriggerRules.WithInputs(workflow, command.Arguments, "comment", Cause(happened), command),
        };
    }

    private static Decision Export(CommandLine command, TriggerEvent happened, TriggerScene scene)
    {
        string format = command.Word ?? Formats[0];
        return command.Arguments.Count == 0 && Formats.Contains(format)
            ? Named(BuiltIn.Export, command with { Arguments = new Dictionary<string, string> { ["format"] = format } }, happened, scene)
            : new Decision.Refuse("AW2034", $"`/export` was not run: there are the formats {string.Join(", ", Formats)}.");
    }

    private static Decision Named(string name, CommandLine command, TriggerEvent happened, TriggerScene scene) =>
        Fork(command, scene) ?? (scene.Workflows.FirstOrDefault(w => w.Name == name) is { } workflow
            ? TriggerRules.WithInputs(workflow, command.Arguments, "comment", Cause(happened), command)
            : new Decision.Refuse("AW2024", $"I don't know the workflow `{name}`."));

    /// <summary>A fork's content is never run, and nothing is written to it (promise P48).</summary>
    private static Decision.Refuse? Fork(CommandLine command, TriggerScene scene) => scene.Issue is { Pull.IsFork: true }
        ? new Decision.Refuse("AW2030", $"`/{command.Name}` was not run: this pull request comes from a fork, and nothing is run on or written to a fork; ask in an issue of this repository.")
        : null;

    private static Decision.Refuse? OwnPull(CommandLine command, TriggerScene scene) => scene.OwnPullOf is { } issue
        ? new Decision.Refuse("AW2032", $"`/{command.Name}` was not run: this pull request belongs to {ItemNumber.Text(issue)}; said there, it brings this one up to date.")
        : null;

    /// <summary>A file of that name that is not valid: nothing else is run in its place.</summary>
    private static Decision.Refuse? Broken(string name, TriggerScene scene) =>
        scene.Broken.FirstOrDefault(d => d.Severity == Severity.Error && Path.GetFileNameWithoutExtension(d.File) == name) is { } wrong
            ? new Decision.Refuse("AW2035", $"The workflow file of `{name}` is not valid, so nothing was run: {wrong}")
            : null;

    private static string Nearest(string name, IReadOnlyList<Workflow> here) => NearestName.Of(name, here.Select(w => w.Name)) is { } nearest ? $" Did you mean `{nearest}`?" : "";

    private static string Cause(TriggerEvent happened) => happened.CommentPlace == Engine.Effects.CommentPlace.Review ? $"review/{happened.CommentId}" : $"{happened.CommentId}";

    private static JsonObject Answer(TriggerEvent happened, CommandLine command, bool approved) => new()
    {
        ["approved"] = approved,
        ["by"] = new JsonObject { ["id"] = happened.Sender.Id, ["login"] = happened.Sender.Login },
        ["hash"] = command.Word,
        ["reason"] = command.Text,
    };
}
