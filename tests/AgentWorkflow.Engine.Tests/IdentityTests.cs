using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Engine.Tests;

public sealed class IdentityTests
{
    [Theory]
    [InlineData("ideas/library", true)]
    [InlineData("group/sub/library", true)]
    [InlineData("library", false)]
    [InlineData("ideas/../library", false)]
    [InlineData("ideas/library.git", false)]
    public void Repository_References_Are_Owner_And_Name(string text, bool valid) =>
        Assert.Equal(valid, RepoRef.TryParse(text, out _));
}
