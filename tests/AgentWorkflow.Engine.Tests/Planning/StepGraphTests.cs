using AgentWorkflow.Engine.Planning;
using AgentWorkflow.Engine.Tests.Definition;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Planning;

public sealed class StepGraphTests
{
    private static readonly HashSet<string> None = [];

    // "b:a c" says that b needs a and c.
    private static StepGraph Graph(params string[] steps) =>
        new(steps.Select(s => s.Split(':')).Select(s => KeyValuePair.Create(s[0], (IReadOnlyList<string>)[.. s[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)])));

    [Fact]
    public void Steps_Are_Ready_When_All_Their_Needs_Are_Finished()
    {
        StepGraph graph = Graph("a:", "b:a", "c:a", "d:b c", "e:");

        Assert.Equal(["a", "e"], graph.Ready(None, None));
        Assert.Equal(["b", "c"], graph.Ready(new HashSet<string> { "a" }, new HashSet<string> { "a", "e" }));
        Assert.Empty(graph.Ready(new HashSet<string> { "a", "b" }, new HashSet<string> { "a", "b", "c", "e" }));
        Assert.Equal(["d"], graph.Ready(new HashSet<string> { "a", "b", "c" }, new HashSet<string> { "a", "b", "c", "e" }));
    }

    [Fact]
    public void Ancestors_Go_All_The_Way_Up_And_Order_Keeps_The_File()
    {
        StepGraph graph = Graph("d:b c", "a:", "b:a", "c:a");

        Assert.Equal(["a", "b", "c"], graph.AncestorsOf("d").Order());
        Assert.Equal(["a", "b", "c", "d"], graph.Order);
        Assert.True(graph.MayRunTogether("b", "c"));
        Assert.False(graph.MayRunTogether("a", "d"));
        Assert.Equal(["b", "c"], graph.DependentsOf("a"));
    }

    [Theory]
    [InlineData("a:a", "a a")]
    [InlineData("a:b,b:a", "a b a")]
    [InlineData("x:,a:x b,b:c,c:a,z:c", "a b c a")]
    [InlineData("z:c,a:b,b:c,c:a", "c a b c")]
    [InlineData("a:,b:a", "")]
    public void A_Cycle_Is_Named_From_A_Step_Round_To_Itself(string steps, string cycle)
    {
        StepGraph graph = Graph(steps.Split(','));

        Assert.Equal(cycle, string.Join(' ', graph.FindCycle()));
        Assert.Equal(cycle.Length == 0, graph.IsAcyclic);
    }

    [Fact]
    public void Running_Whatever_Is_Ready_Ends_With_All_Steps_Done_Each_After_Its_Needs() =>
        Gen.Int[0, 40].Array[1, 30].Sample(seeds =>
        {
            StepGraph graph = new(seeds.Select((seed, i) => KeyValuePair.Create($"s{i}", (IReadOnlyList<string>)[.. Enumerable.Range(0, i).Where(j => (seed + j) % 3 == 0).Select(j => $"s{j}")])));
            HashSet<string> done = [];
            while (graph.Ready(done, done) is { Count: > 0 } ready)
            {
                Assert.All(ready, id => Assert.True(done.IsSupersetOf(graph.NeedsOf(id))));
                done.Add(ready[^1]);
            }

            Assert.Equal(seeds.Length, done.Count);
            Assert.Equal(seeds.Length, graph.Order.Count);
        });

    [Fact]
    public void A_Thousand_Steps_In_A_Row_Are_Read_And_Planned()
    {
        string steps = string.Concat(Enumerable.Range(0, 1000).Select(i => $"  - {{ id: s{i}, uses: export }}\n"));

        StepGraph graph = StepGraph.Of(WorkflowFiles.Parse(WorkflowFiles.WithSteps(steps)).Workflow!);

        Assert.Equal(999, graph.AncestorsOf("s999").Count);
        Assert.Equal(1000, graph.Order.Count);
    }
}
