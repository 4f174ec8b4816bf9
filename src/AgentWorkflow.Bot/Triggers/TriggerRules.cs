using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>
/// The decision: given an event, the workflows of the default branch and the asker's permission, what starts, or why not.
/// Pure; asked again it answers the same.
/// </summary>
internal static class TriggerRules
{
    /// <summary>True when the event may lead to something: only then are the workflows read and the permission asked for.</summary>
    public static bool IsWorthAsking(TriggerEvent happened) => !happened.SenderIsBot && happened switch
    {
        { Name: "issue_comment", Action: "created", CommentBody: { } body } => CommandLine.TryRead(body) is not null,
        { Name: "issues", Action: "labeled", Label: not null } => true,
        _ => false,
    };

    /// <summary>Decides.</summary>
    public static Decision Decide(TriggerEvent happened, IReadOnlyList<Workflow> workflows, RepositoryPermission permission, RepositoryPermission minimum)
    {
        if (!IsWorthAsking(happened))
        {
            return new Decision.Ignore("no trigger");
        }

        return happened.Name == "issues" ? DecideLabel(happened, workflows, permission, minimum) : DecideCommand(happened, workflows, permission, minimum);
    }

    private static Decision DecideLabel(TriggerEvent happened, IReadOnlyList<Workflow> workflows, RepositoryPermission permission, RepositoryPermission minimum)
    {
        Workflow? workflow = workflows.FirstOrDefault(w => w.On.IssueLabels.Contains(happened.Label));
        return workflow is null ? new Decision.Ignore($"no workflow starts by the label '{happened.Label}'")
            : permission < minimum ? TooWeak($"The label '{happened.Label}'", permission, minimum)
            : WithInputs(workflow, new Dictionary<string, string>(), "label", $"{happened.Issue}/{happened.Label}", null);
    }

    private static Decision DecideCommand(TriggerEvent happened, IReadOnlyList<Workflow> workflows, RepositoryPermission permission, RepositoryPermission minimum)
    {
        CommandLine? command = CommandLine.TryRead(happened.CommentBody ?? "");
        if (command is null || happened.CommentAuthorId != happened.Sender.Id)
        {
            return new Decision.Ignore("no command of its author");
        }

        Workflow? own = workflows.FirstOrDefault(w => w.On.Command == command.Name);
        if (own is null && !CommandLine.Reserved.Contains(command.Name))
        {
            return new Decision.Ignore($"the word '/{command.Name}' is nobody's here");
        }

        return permission < minimum ? TooWeak($"`/{command.Name}`", permission, minimum)
            : command.Problem is { } problem ? new Decision.Refuse("AW2022", $"`/{command.Name}` was not run: {problem}.")
            : command.Name switch
            {
                "generate" => DecideGenerate(command, workflows, happened),
                "cancel" => new Decision.Tell("cancel", new JsonObject { ["reason"] = $"Cancelled by @{happened.Sender.Login}." }),
                "retry" => new Decision.Tell("retry", []),
                "approve" => new Decision.Tell("answer", Answer(happened, command, approved: true)),
                "reject" => new Decision.Tell("answer", Answer(happened, command, approved: false)),
                _ when own is not null => WithInputs(own, command.Arguments, "comment", $"{happened.CommentId}", command),
                _ => new Decision.Refuse("AW2023", $"`/{command.Name}` is not available here yet."),
            };
    }

    private static Decision DecideGenerate(CommandLine command, IReadOnlyList<Workflow> workflows, TriggerEvent happened)
    {
        string name = command.Word ?? "generate";
        Workflow? workflow = workflows.FirstOrDefault(w => w.Name == name) ?? (command.Word is null ? workflows.FirstOrDefault(w => w.On.Command == "generate") : null);
        string known = string.Join(", ", workflows.Select(w => w.Name));
        return workflow switch
        {
            null => new Decision.Refuse("AW2024", $"I don't know the workflow `{name}`. Here are: {known}."),
            { On: { Command: null, Manual: false } } => new Decision.Refuse("AW2025", $"The workflow `{name}` is not started by a command; give it `command` or `manual` under `on`."),
            _ => WithInputs(workflow, command.Arguments, "comment", $"{happened.CommentId}", command),
        };
    }

    private static Decision WithInputs(Workflow workflow, IReadOnlyDictionary<string, string> given, string kind, string cause, CommandLine? command) =>
        WorkflowInputs.TryBind(workflow, given, out JsonObject? inputs, out string? refusal)
            ? new Decision.Start(workflow, inputs, kind, cause, command)
            : new Decision.Refuse("AW2026", refusal);

    private static JsonObject Answer(TriggerEvent happened, CommandLine command, bool approved) => new()
    {
        ["approved"] = approved,
        ["by"] = new JsonObject { ["id"] = happened.Sender.Id, ["login"] = happened.Sender.Login },
        ["hash"] = command.Word,
        ["reason"] = command.Text,
    };

    private static Decision.Refuse TooWeak(string what, RepositoryPermission permission, RepositoryPermission minimum)
    {
        string has = permission.ToString().ToLowerInvariant();
        return new Decision.Refuse("AW2021", $"{what} was not run: your access to this repository is *{has}*, and *{minimum.ToString().ToLowerInvariant()}* is needed.");
    }
}
