namespace AgentWorkflow.Bot.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void The_Runner_Finds_Tests() => Assert.NotNull(typeof(SmokeTests).Namespace);
}
