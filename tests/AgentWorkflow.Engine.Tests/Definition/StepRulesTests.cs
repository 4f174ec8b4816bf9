namespace AgentWorkflow.Engine.Tests.Definition;

/// <summary>What steps say of each other, and what their expressions may read. Steps begin in line 4.</summary>
public sealed class StepRulesTests
{
    [Theory]
    [InlineData("  - { id: a, uses: export, needs: [b] }\n  - { id: b, uses: export }", "4:36: error AW0106: steps wait for each other in a circle: a needs b needs a.")]
    [InlineData("  - { id: a, uses: export, needs: a }", "4:35: error AW0106: step 'a' needs itself.")]
    [InlineData("  - { id: a, uses: export, needs: [x] }", "4:36: error AW0103: step 'a' needs 'x', which is not a step. Did you mean 'a'?")]
    [InlineData("  - { id: a, uses: export }\n  - { id: a, uses: export }", "5:11: error AW0102: the id 'a' stands here a second time; the first is in line 4.")]
    [InlineData("  - { id: my-step, uses: export }", "4:11: error AW0025: 'my-step' is no name for 'id': a lower-case letter, then lower-case letters, digits and '_', 64 at most. Did you mean 'my_step'?")]
    [InlineData("  - { id: a, uses: workflow }", "4:20: error AW0105: the step type 'workflow' is part of the language but not of this version.")]
    [InlineData("  - { uses: export }", "4:5: error AW0021: an element of 'steps' needs the key 'id': the name, unique in the workflow.")]
    [InlineData("  - { id: a, uses: export, max-parallel: 2 }", "4:42: warning AW0113: 'max-parallel' has no effect without 'for-each'.")]
    [InlineData("  - { id: a, uses: export, retry: { attempts: 0 } }", "4:47: error AW0024: 'attempts' is 0; it lies between 1 and 10.")]
    [InlineData("  - { id: a, uses: export, retry: { attempts: 2, backoff: 2 days } }", "4:59: error AW0022: 'backoff' is a time of at most a day, as seconds or like 30s, 5m, 1h, not '2 days'.")]
    [InlineData("  - { id: a, uses: export, for-each: stories }", "4:38: error AW0123: text stands where a list, or an expression that gives one, as in: for-each: ${{ steps.requirements.outputs.stories }} is needed.")]
    [InlineData("  - { id: a, uses: export, for-each: 'x ${{ inputs }}' }", "4:38: error AW0123: the value is to be one expression; text before '${{' or after '}}' makes it a text.")]
    public void Rules_Between_Steps(string steps, string complaint) =>
        Assert.Equal([complaint], WorkflowFiles.Complaints(WorkflowFiles.WithSteps(steps)));

    [Theory]
    [InlineData("${{ evnt.X }}", "AW0130: there is no context 'evnt'. Did you mean 'event'?")]
    [InlineData("${{ secrets.KEY }}", "AW0130: there is no context 'secrets'. No expression reads secrets or the environment.")]
    [InlineData("${{ github.actor }}", "AW0130: there is no context 'github'. What the forge said is in 'event', 'repository' and 'actor'.")]
    [InlineData("${{ step.a }}", "AW0130: there is no context 'step'. Did you mean 'steps'?")]
    [InlineData("${{ steps.b.outputs.x }}", "AW0132: step 'b' reads its own outputs, which are not there yet.")]
    [InlineData("${{ steps.c.outputs.x }}", "AW0133: step 'b' uses steps.c.outputs.x, which does not exist.")]
    [InlineData("${{ steps.c.outputs.urls }}", "AW0132: step 'b' uses steps.c but does not wait for it; add 'c' to its needs.")]
    [InlineData("${{ steps['a'].outputs.sha }}", "AW0133: step 'b' uses steps['a'].outputs.sha, which does not exist.")]
    [InlineData("${{ steps.a.result }}", "AW0133: step 'b' uses steps.a.result, which does not exist.")]
    [InlineData("${{ steps.a.outcome.x }}", "AW0133: steps.a.outcome is a single value and has no member 'x'.")]
    [InlineData("${{ steps.each.outputs.urls }}", "AW0133: steps.each.outputs is a list and has no member 'urls'; write steps.each.outputs[0].urls.")]
    [InlineData("${{ item }}", "AW0134: step 'b' uses item, which is only there in a step with 'for-each'.")]
    [InlineData("${{ inputs.stak }}", "AW0135: step 'b' uses inputs.stak, which is not declared under 'inputs'. Did you mean 'stack'?")]
    [InlineData("${{ event.issue.nummer }}", "AW0133: step 'b' uses event.issue.nummer, which does not exist. Did you mean 'number'?")]
    [InlineData("${{ event.pull_request }}", "AW0133: step 'b' uses event.pull_request, which does not exist.")]
    [InlineData("${{ repository.full_name }}", "AW0133: step 'b' uses repository.full_name, which does not exist.")]
    [InlineData("${{ actor.login.x }}", "AW0133: actor.login is a single value and has no member 'x'.")]
    [InlineData("${{ contians('a', 'b') }}", "AW0136: there is no function 'contians'. Did you mean 'contains'?")]
    [InlineData("${{ join() }}", "AW0137: join(list, separator) takes 1 to 2 arguments, not 0.")]
    [InlineData("${{ failure() }}", "AW0138: failure() can be asked in 'if' only.")]
    [InlineData("${{ 1 +", "AW0120: there is no arithmetic, so '+' has no meaning.")]
    [InlineData("${{ 1 ", "AW0122: '${{' is not closed by '}}'.")]
    public void Expressions_Read_Only_What_Can_Be_There(string expression, string complaint)
    {
        string steps =
            $"""
              - id: a
                uses: export
              - id: each
                uses: export
                for-each: [1]
              - id: b
                uses: agent
                with:
                  role: code
                  input: {expression}
              - id: c
                uses: export
            """;
        string[] complaints = WorkflowFiles.Complaints(WorkflowFiles.WithSteps(steps) + "\ninputs: { stack: { type: string } }");

        string only = complaints.Length == 2 && complaint.StartsWith("AW0133", StringComparison.Ordinal)
            ? complaints.Single(c => c.Contains("AW0133", StringComparison.Ordinal))
            : Assert.Single(complaints);
        Assert.StartsWith("13:", only, StringComparison.Ordinal);
        Assert.EndsWith(complaint, only, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input: ${{ inputs.x }}", "13:25")]
    [InlineData("input: a ${{ 'b' }} ${{ inputs.x }}", "13:38")]
    [InlineData("input: 'it''s ${{ inputs.x }}'", "13:32")]
    [InlineData("input: '${{ '''' }} ${{ inputs.x }}'", "13:38")]
    [InlineData("input: \"${{ inputs.x }}\"", "13:26")]
    [InlineData("input: \"\\t${{ inputs.x }}\"", "13:14")]
    [InlineData("input: |\n          first\n\n            ${{ inputs.x }}\n", "16:24")]
    [InlineData("input: >\n          first\n          ${{ inputs.x }}\n", "13:14")]
    [InlineData("input: first\n          ${{ inputs.x }}\n", "13:14")]
    [InlineData("input: { 'k': [1, '${{ inputs.x }}'] }", "13:37")]
    public void Places_In_Expressions_Are_Exact_Where_Quotes_Allow_It(string value, string place)
    {
        string steps = $"""
              - id: first
                uses: export
              - id: second
                uses: export
                # one line
              - id: b
                uses: agent
                with:
                  role: code
                  {value}
            """;

        Assert.StartsWith($"{place}: error AW0135", Assert.Single(WorkflowFiles.Complaints(WorkflowFiles.WithSteps(steps))), StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_Side_By_Side_May_Not_Write_The_Same_Files()
    {
        string[] complaints = WorkflowFiles.Complaints(WorkflowFiles.WithSteps(
            """
              - { id: a, uses: agent, needs: [], with: { role: code, writes: ['src/**'] } }
              - { id: b, uses: agent, needs: [], with: { role: docs, writes: ['docs/**', '**/*.md'] } }
              - { id: c, uses: agent, needs: [a, b], with: { role: code, writes: ['src/**', '/x'] } }
            """));

        Assert.Equal(
        [
            "5:78: error AW0108: '**/*.md' of step 'b' may be written by step 'a' at the same time by 'src/**'; let one need the other, or keep the globs apart.",
            "6:81: error AW0043: a glob starts in the repository's root without a '/'.",
        ],
            complaints);
    }

    [Fact]
    public void A_Step_Type_Needs_Its_Permissions()
    {
        string[] complaints = WorkflowFiles.Complaints("on: { manual: true }\npermissions: { contents: write, checks: none }\nsteps:\n  - { id: a, uses: pull_request }\n");

        Assert.Equal(["4:20: error AW0107: step 'a' uses 'pull_request', which needs 'pull-requests: write' under 'permissions'."], complaints);
    }

    [Theory]
    [InlineData("{ type: choice }", "AW0045")]
    [InlineData("{ type: string, options: [a] }", "AW0045")]
    [InlineData("{ type: choice, options: [a, a] }", "AW0045")]
    [InlineData("{ type: choice, options: [a, b], default: c }", "AW0044")]
    [InlineData("{ type: number, default: '1' }", "AW0044")]
    [InlineData("{ type: boolean, default: no }", "AW0044")]
    [InlineData("{ default: 1 }", "AW0044")]
    [InlineData("{ default: '${{ run.id }}' }", "AW0044")]
    [InlineData("{ type: text }", "AW0023")]
    [InlineData("{ required: true, defualt: x }", "AW0020")]
    public void Inputs_Are_Checked_With_Their_Defaults(string input, string code)
    {
        string[] complaints = WorkflowFiles.Complaints($"inputs: {{ x: {input} }}\non: {{ manual: true }}\nsteps: [{{ id: a, uses: export }}]");

        Assert.Contains($"error {code}", Assert.Single(complaints), StringComparison.Ordinal);
    }

    [Fact]
    public void Concurrency_Is_Evaluated_Before_The_Run_And_May_Be_A_Text()
    {
        const string Rest = "\non: { manual: true }\nsteps: [{ id: a, uses: export }]";

        Assert.Empty(WorkflowFiles.Complaints("concurrency: 'g-${{ repository.id }}'" + Rest));
        Assert.Contains("AW0130", Assert.Single(WorkflowFiles.Complaints("concurrency: { group: '${{ steps.a.outcome }}' }" + Rest)), StringComparison.Ordinal);
        Assert.Contains("AW0021", Assert.Single(WorkflowFiles.Complaints("concurrency: { cancel-in-progress: true }" + Rest)), StringComparison.Ordinal);
    }
}
