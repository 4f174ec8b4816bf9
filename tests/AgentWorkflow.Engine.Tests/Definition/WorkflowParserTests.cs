using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Planning;

namespace AgentWorkflow.Engine.Tests.Definition;

public sealed class WorkflowParserTests
{
    private static Workflow Valid(string text, string path = "w.yml")
    {
        WorkflowParse parse = WorkflowFiles.Parse(text, path);
        Assert.Empty(parse.Diagnostics);
        return parse.Workflow!;
    }

    [Fact]
    public void The_Built_In_Workflow_Is_Valid_And_Fans_Out_After_The_Scaffold()
    {
        string path = WorkflowFiles.RepositoryFile("src", "AgentWorkflow.Bot", "Triggers", "Workflows", "generate.yml");
        WorkflowParse parse = WorkflowFiles.Parse(File.ReadAllBytes(path), path);

        Assert.Empty(parse.Diagnostics);
        StepGraph graph = StepGraph.Of(parse.Workflow!);
        Assert.Equal(["requirements"], graph.Ready(new HashSet<string>(), new HashSet<string>()));
        HashSet<string> two = ["requirements", "scaffold"];
        Assert.Equal(["base", "code", "tests", "docs"], graph.Ready(two, two));
        Assert.Equal("generate", parse.Workflow!.On.Command);
        Assert.Equal(["generate"], parse.Workflow.On.IssueLabels);
    }

    [Fact]
    public void A_Workflow_Needs_No_More_Than_A_Trigger_And_A_Step()
    {
        Workflow workflow = Valid("on: { manual: true }\nsteps: [{ id: a, uses: export }]", ".agentworkflow/workflows/nightly.yml");

        Assert.Equal("nightly", workflow.Name);
        Assert.Equal(new Permissions(false, false, false, false), workflow.Permissions);
        Assert.Equal(TimeSpan.FromMinutes(30), workflow.Limits.Time);
        Assert.Equal(200, workflow.Limits.Files);
        Assert.Null(workflow.Limits.CostUsd);
        Step step = Assert.Single(workflow.Steps);
        Assert.Equal(new SourcePosition(2, 9), step.Position);
        Assert.Equal(Retry.None, step.Retry);
    }

    [Fact]
    public void Everything_That_A_Step_Can_Say_Is_Read()
    {
        Step step = Valid(WorkflowFiles.WithSteps(
            """
              - id: first
                uses: agent
                needs: []
                if: failure() || inputs.go
                for-each: [a, 'b ${{ 1 }}']
                max-parallel: 3
                timeout-minutes: 0.5
                retry: { attempts: 4, backoff: 2m }
                continue-on-error: true
                with: { role: code, input: '${{ item }}' }
            """) + "\ninputs: { go: { type: boolean, default: false } }").Steps[0];

        Assert.True(step.If!.AsksStatus);
        Assert.Equal("""["a","b 1"]""", step.ForEach!.Evaluate(new ExpressionContext(new Dictionary<string, JsonNode?>()))!.ToJsonString());
        Assert.Equal(3, step.MaxParallel);
        Assert.Equal(TimeSpan.FromSeconds(30), step.Timeout);
        Assert.Equal(new Retry(4, TimeSpan.FromMinutes(2)), step.Retry);
        Assert.True(step.ContinueOnError);
    }

    [Fact]
    public void A_Step_Without_Needs_Needs_The_Step_Above_It()
    {
        Workflow workflow = Valid(WorkflowFiles.WithSteps("  - { id: a, uses: export }\n  - { id: b, uses: export }\n  - { id: c, uses: export, needs: [] }\n  - { id: d, uses: export, needs: a }"));

        Assert.Equal([[], ["a"], [], ["a"]], workflow.Steps.Select(s => s.Needs));
    }

    [Fact]
    public void A_Scalar_That_Is_One_Expression_Keeps_Its_Type_And_Others_Are_Text()
    {
        Workflow workflow = Valid(WorkflowFiles.WithSteps(
            """
              - id: a
                uses: agent
                with: { role: code, input: { n: '${{ run.attempt }}', t: 'try ${{ run.attempt }}', list: [1, true, null, 'x', 2.5], none: '${{ event.issue.body }}' } }
            """));

        JsonNode? with = workflow.Steps[0].With.Evaluate(new ExpressionContext(new Dictionary<string, JsonNode?> { ["run"] = new JsonObject { ["attempt"] = 2 } }));

        Assert.Equal("""{"role":"code","input":{"n":2,"t":"try 2","list":[1,true,null,"x",2.5],"none":null}}""", with!.ToJsonString());
    }

    [Fact]
    public void All_Mistakes_Are_Told_In_One_Pass_With_Places_And_Nearest_Names()
    {
        string[] complaints = WorkflowFiles.Complaints(
            """
            name: Generate
            on: { command: status, schedule: [{ cron: '0 6 * *' }] }
            input: {}
            steps:
              - id: scaffold
                uses: file_generaton
              - id: verify
                uses: command
                needs: [scafold]
                with: { run: '${{ steps.scafold.outputs.verify }}', instal: [a] }
              - id: verify
                uses: api_call
            """);

        Assert.Equal(
        [
            "1:7: error AW0025: 'Generate' is no name for 'name': a lower-case letter, then lower-case letters, digits, '_' and '-', 64 at most. Did you mean 'generate'?",
            "2:16: error AW0041: /status is one of the bot's own commands; choose another word.",
            "2:43: error AW0042: '0 6 * *' has 4 fields; a schedule has five: minute, hour, day of month, month, day of week (UTC).",
            "3:1: error AW0020: a workflow has no key 'input'. Did you mean 'inputs'?",
            "6:11: error AW0104: unknown step type 'file_generaton'. Did you mean 'file_generation'?",
            "9:13: error AW0103: step 'verify' needs 'scafold', which is not a step. Did you mean 'scaffold'?",
            "10:23: error AW0131: step 'verify' uses steps.scafold, which is not a step. Did you mean 'scaffold'?",
            "10:57: error AW0110: the step type 'command' has no input 'instal'. Did you mean 'install'?",
            "11:9: error AW0102: the id 'verify' stands here a second time; the first is in line 7.",
            "12:11: error AW0105: the step type 'api_call' is part of the language but not of this version.",
        ],
            complaints);
    }
}
