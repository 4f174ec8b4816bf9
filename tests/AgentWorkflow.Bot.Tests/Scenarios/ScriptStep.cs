using System.Collections.Concurrent;
using System.Text;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>The inputs of <c>script</c>.</summary>
internal sealed record ScriptInputs;

/// <summary>A step that does what the test says for its id; without a word it is done.</summary>
internal sealed class ScriptStep : StepType<ScriptInputs>
{
    private readonly ConcurrentDictionary<string, Func<StepContext, CancellationToken, Task<StepResult>>> _plays = new(StringComparer.Ordinal);

    /// <summary>The comment that asked for the run.</summary>
    public long CommentId { get; set; }

    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>A file that each step writes before its play; null for none.</summary>
    public (string Path, string Text)? Writes { get; set; }

    public override string Kind => "script";

    public override string Summary => "Does what a test says.";

    public override bool OutputsAreOpen => true;

    public override IReadOnlyList<StepOutput> Outputs => [];

    public static StepResult Done { get; } = new StepResult.Done([]);

    public void On(string id, Func<StepContext, StepResult> play) => _plays[id] = (context, _) => Task.FromResult(play(context));

    public void On(string id, Func<StepContext, CancellationToken, Task<StepResult>> play) => _plays[id] = play;

    /// <summary>The step asks for these effects, once, and is done.</summary>
    public void Acts(string id, Func<StepContext, IReadOnlyList<Effect>> effects) =>
        On(id, context => context.Receipts.Count > 0 ? Done : new StepResult.Act(effects(context)));

    /// <summary>Waits until it is told to stop.</summary>
    public static async Task<StepResult> ForeverAsync(StepContext context, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return Done;
    }

    protected override IReadOnlyList<string> WritesOf(ScriptInputs inputs) => ["out/**"];

    protected override async Task<StepResult> RunAsync(ScriptInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        Calls.Enqueue(context.StepId);
        if (Writes is { } file)
        {
            await context.Workspace.WriteAsync(RepoPath.Parse(file.Path), Encoding.UTF8.GetBytes(file.Text), executable: false, cancellationToken);
        }

        return _plays.TryGetValue(context.StepId, out Func<StepContext, CancellationToken, Task<StepResult>>? play) ? await play(context, cancellationToken) : Done;
    }

    /// <summary>One effect of each kind that a forge has, in an order that works.</summary>
    public IReadOnlyList<Effect> Everything(StepContext context)
    {
        RunFacts run = context.Run;
        return
        [
            new CreateBranch(new EffectKey("branch"), run.Branch, run.BaseCommit),
            new CommitFiles(new EffectKey("commit"), run.Branch, run.BaseCommit, context.Workspace.Tree, $"One\n\nAgentWorkflow-Run: {run.Key}\n", run.CreatedAt),
            new OpenPullRequest(new EffectKey("pull_request"), run.Branch, run.DefaultBranch, "One", "Text", Draft: false, [], []),
            new PutComment(new EffectKey("comment"), run.Issue!.Number, $"<!-- aw:test:{run.Key} -->", "Hello"),
            new AddReaction(new EffectKey("reaction"), CommentId, "+1"),
            new SetCheck(new EffectKey("check"), run.BaseCommit, "tests", CheckConclusion.Success, "ok", "ok", []),
        ];
    }
}
