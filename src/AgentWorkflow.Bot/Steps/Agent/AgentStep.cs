using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Agent;

/// <summary>The step type <c>agent</c>: gives a role's task to an agent.</summary>
internal sealed class AgentStep(AgentCatalog agents) : StepType<AgentInputs>
{
    /// <summary>The name in workflow files.</summary>
    public const string KindName = "agent";

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Summary => "Gives a task to an agent with a role: the answer is text, typed JSON or files under declared globs.";

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("text", "The answer as text; null when there is none."),
        new("json", "The typed answer; null without a schema. Its top-level properties are outputs too."),
        new("files", "The paths of the files it wrote."),
        new("skipped", "The paths of files that were there already and were left as they are."),
        new("usage", "What it cost: model, calls, input-tokens, output-tokens, cost-usd; null where no model was used."),
    ];

    /// <inheritdoc/>
    public override bool OutputsAreOpen => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> WritesOf(AgentInputs inputs) => Below(inputs.Directory, inputs.Writes);

    /// <inheritdoc/>
    protected override async Task<StepResult> RunAsync(AgentInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            IAgent agent = agents.Find(inputs.Agent);
            var task = new AgentTask(inputs.Role, inputs.Input, inputs.Schema, WritesOf(inputs));
            AgentAnswer answer = await agent.RunAsync(task, context, cancellationToken);
            return new StepResult.Done(OutputsOf(answer), answer.Note);
        }
        catch (AgentException e)
        {
            return new StepResult.Failed(e.Code, e.Message);
        }
        catch (WorkspaceRefusedException e)
        {
            return new StepResult.Failed(e.Code, e.Message);
        }
    }

    private static IReadOnlyList<string> Below(string? directory, IReadOnlyList<string> globs) =>
        directory is null or "" or "." ? globs : [.. globs.Select(g => $"{directory.TrimEnd('/')}/{g}")];

    private static JsonObject OutputsOf(AgentAnswer answer)
    {
        var outputs = new JsonObject
        {
            ["text"] = answer.Text,
            ["json"] = answer.Json?.DeepClone(),
            ["files"] = new JsonArray([.. answer.Files.Select(f => (JsonNode)f.Value)]),
            ["skipped"] = new JsonArray([.. answer.Skipped.Select(f => (JsonNode)f.Value)]),
            ["usage"] = answer.Usage is null ? null : JsonSerializer.SerializeToNode(answer.Usage, InputBinder.Options),
        };
        foreach ((string name, JsonNode? value) in answer.Json ?? [])
        {
            // Those of every answer keep their meaning.
            outputs.TryAdd(name, value?.DeepClone());
        }

        return outputs;
    }
}
