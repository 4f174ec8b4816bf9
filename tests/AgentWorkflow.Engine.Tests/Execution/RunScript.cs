using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Tests.Execution;

/// <summary>Plays a run: the engine decides, the test answers for the steps.</summary>
internal sealed class RunScript
{
    private readonly RunMachine _machine;
    private readonly Queue<RunAction> _todo = new();

    public RunScript(string steps)
    {
        string text = $"on: {{ manual: true }}\npermissions: {{ contents: write, pull-requests: write }}\nsteps:\n{steps}\n";
        WorkflowParse parse = new WorkflowParser(new StepRegistry([new EchoStep()])).Parse("w.yml", Encoding.UTF8.GetBytes(text));
        Assert.Empty(parse.Diagnostics);
        Workflow workflow = parse.Workflow!;
        _machine = new RunMachine(workflow, new Dictionary<string, JsonNode?>(StringComparer.Ordinal) { ["inputs"] = new JsonObject { ["flag"] = true } });
        State = RunState.Initial(workflow);
    }

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public RunState State { get; private set; }

    /// <summary>What the engine asked for and nobody answered yet: keys to call, <c>!key</c> to apply effects of.</summary>
    public IReadOnlyList<string> Todo => [.. _todo.Select(Name)];

    public RunMachine Machine => _machine;

    public RunScript Claim(bool takenOver = false, int recorded = 0)
    {
        _todo.Clear();
        return Happens(new RunEvent.Claimed(takenOver, recorded));
    }

    public RunScript Done(string key, JsonObject? outputs = null, TreeDelta? changes = null, bool retryable = false) =>
        Answers(key, new RunEvent.Returned(key, new StepResult.Done(outputs ?? [], null, retryable), changes ?? TreeDelta.None));

    public RunScript Fails(string key) => Answers(key, new RunEvent.Returned(key, new StepResult.Failed("AW9999", $"{key} broke"), TreeDelta.None));

    public RunScript Waits(string key, DateTimeOffset? until = null) => Answers(key, new RunEvent.Returned(key, new StepResult.Wait("a word", until), TreeDelta.None));

    public RunScript Happens(RunEvent happened)
    {
        Transition next = _machine.Advance(State, happened, Now);
        State = next.State;
        next.Actions.ToList().ForEach(_todo.Enqueue);
        return this;
    }

    /// <summary>Steps by state, for a glance: <c>a:Succeeded b:Running</c>.</summary>
    public override string ToString() => string.Join(' ', State.Steps.Select(s => $"{s.Key}:{s.Status}"));

    private RunScript Answers(string key, RunEvent happened)
    {
        Assert.Contains(key, Todo);
        List<RunAction> rest = [.. _todo.Where(a => Name(a) != key)];
        _todo.Clear();
        rest.ForEach(_todo.Enqueue);
        return Happens(happened);
    }

    private static string Name(RunAction action) => action switch { RunAction.Call call => call.Key, RunAction.Apply apply => $"!{apply.Key}", _ => "?" };

    internal sealed record EchoInputs
    {
        public JsonNode? Value { get; init; }
    }

    private sealed class EchoStep : StepType<EchoInputs>
    {
        public override string Kind => "echo";

        public override string Summary => "Answers what the test says.";

        public override bool OutputsAreOpen => true;

        public override IReadOnlyList<StepOutput> Outputs => [];

        protected override Task<StepResult> RunAsync(EchoInputs inputs, StepContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
