using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Agents.Offline;

/// <summary>The agent without a model: it reads an idea by rules and renders templates. The same idea gives the same files, to the byte.</summary>
internal sealed class OfflineAgent(TemplatePart templates) : IAgent
{
    /// <summary>The agent's name.</summary>
    public const string AgentName = "offline";

    /// <inheritdoc/>
    public string Name => AgentName;

    /// <inheritdoc/>
    public Task<AgentAnswer> RunAsync(AgentTask task, StepContext context, CancellationToken cancellationToken) => task.Role switch
    {
        "requirements" => Task.FromResult(Requirements(task, context)),
        "code" or "tests" or "docs" => templates.WriteAsync(task, context, cancellationToken),
        "review" => Task.FromResult(new AgentAnswer("No model was used, so nobody but the tests has reviewed this.", null, [], null, "no model, no review")),
        _ => throw new AgentException("AW1012", $"The offline agent has no role '{task.Role}'; it knows requirements, code, tests, docs and review."),
    };

    private static AgentAnswer Requirements(AgentTask task, StepContext context)
    {
        if (task.Schema is not (null or "requirements"))
        {
            throw new AgentException("AW1014", $"The offline agent cannot answer in the schema '{task.Schema}'; for the role 'requirements' it is 'requirements'.");
        }

        context.Log.Progress("reading the idea");
        Requirements requirements = IdeaReader.Read(Idea(task.Input), context.Run.Issue?.Title);
        foreach (string note in requirements.Notes)
        {
            context.Log.Write(note);
        }

        return new AgentAnswer(requirements.Summary, RequirementsJson.Write(requirements), [], null, Note(requirements));
    }

    // A text, or an issue with its body.
    private static string Idea(JsonNode? input) => input switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonObject issue when issue["body"] is JsonValue body && body.GetValueKind() == JsonValueKind.String => body.GetValue<string>(),
        null => "",
        _ => throw new AgentException("AW1013", "The role 'requirements' needs a text as its input: the idea's Markdown, for example ${{ event.issue.body }}."),
    };

    private static string Note(Requirements requirements) =>
        $"{Count(requirements.Stories.Count, "story", "stories")}, {Count(requirements.Entities.Count, "entity", "entities")}, {Count(requirements.Relations.Count, "relation", "relations")}";

    private static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
