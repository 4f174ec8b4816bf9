using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Approval;

/// <summary>The inputs of <c>approval</c>.</summary>
internal sealed record ApprovalInputs
{
    /// <summary>What is asked.</summary>
    [Description("What is to be approved, in a sentence.")]
    [MaxLength(500)]
    public string? Message { get; init; }

    /// <summary>Who may not answer.</summary>
    [Description("'requester': the person who asked for the run may not approve it; 'nobody': everyone with the right may.")]
    public ApprovalExclusion NotBy { get; init; }
}

/// <summary>Who may not approve.</summary>
internal enum ApprovalExclusion
{
    /// <summary>The person who asked for the run.</summary>
    Requester,

    /// <summary>Nobody is excluded.</summary>
    Nobody,
}

/// <summary>
/// Waits for <c>/approve HASH</c> or <c>/reject</c> by somebody with the right, for days, without a thread. The hash names what
/// was shown; an answer with another hash does not count, and no timer ever approves.
/// </summary>
internal sealed class ApprovalStep(InstanceKey key) : StepType<ApprovalInputs>
{
    /// <inheritdoc/>
    public override string Kind => "approval";

    /// <inheritdoc/>
    public override string Summary => "Waits for /approve HASH or /reject by a person with the right.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Permissions => ["issues"];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs => [new("by", "Who answered: id and login."), new("approved", "True when it was approved.")];

    /// <inheritdoc/>
    protected override Task<StepResult> RunAsync(ApprovalInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        string hash = HashOf(inputs, context);
        string ask = $"{(inputs.Message is { } message ? $"{InertText.Plain(message)} " : "")}{PlanOf(context)} Answer with /aw approve {hash} or /aw reject REASON";
        StepResult result = context.Answer switch
        {
            null => new StepResult.Wait(ask, null),
            var answer when answer["approved"]?.GetValue<bool>() != true => new StepResult.Failed(
                "AW2220", $"@{answer["by"]?["login"]} rejected it{(answer["reason"]?.ToString() is { Length: > 0 } reason ? $": {InertText.Plain(reason)}" : ".")}"),
            var answer when inputs.NotBy == ApprovalExclusion.Requester && answer["by"]?["id"]?.GetValue<long>() == context.Run.Actor.Id =>
                new StepResult.Wait($"The person who asked may not approve ('not-by: requester'). {ask}", null),
            var answer when answer["hash"]?.ToString() != hash => new StepResult.Wait($"The hash named something else than what is here now. {ask}", null),
            var answer => new StepResult.Done(new JsonObject { ["approved"] = true, ["by"] = answer["by"]?.DeepClone() }, $"by @{answer["by"]?["login"]}"),
        };
        return Task.FromResult(result);
    }

    /// <summary>What is approved, in a sentence: the hash names exactly that.</summary>
    private static string PlanOf(StepContext context)
    {
        int changed = TreeDelta.Between(context.Run.BaseTree, context.Workspace.Tree) is var delta ? delta.Written.Count + delta.Deleted.Count : 0;
        return $"Of {context.Run.BaseCommit.Short} {(changed == 1 ? "1 file is" : $"{changed} files are")} changed so far, for the branch {context.Run.Branch}.";
    }

    /// <summary>
    /// Names what was shown: if any of it changes, the approval does not count. Templates and prompts of the repository are in the
    /// base commit, the workflow's text, limits and steps in its source.
    /// </summary>
    private string HashOf(ApprovalInputs inputs, StepContext context) => key.Authenticate(new JsonArray(
        "approval",
        inputs.Message,
        inputs.NotBy.ToString(),
        context.Run.Branch.Value,
        context.Run.BranchHead?.Value,
        context.Permissions.ToString(),
        context.Run.Key,
        context.StepId,
        context.Run.BaseCommit.Value,
        context.Run.WorkflowSource,
        context.Run.Issue?.Title,
        context.Run.Issue?.Body,
        context.Run.Inputs.DeepClone(),
        context.Workspace.Tree.Fingerprint(),
        new JsonObject(context.Outputs.Select(o => KeyValuePair.Create(o.Key, o.Value?.DeepClone())))).ToJsonString());
}
