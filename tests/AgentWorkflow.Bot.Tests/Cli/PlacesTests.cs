using AgentWorkflow.Bot.Cli;

namespace AgentWorkflow.Bot.Tests.Cli;

public sealed class PlacesTests
{
    [Theory]
    [InlineData("/home/ada/work/data/x.zip", "./data/x.zip")]
    [InlineData("/home/ada/work", ".")]
    [InlineData("/home/ada/work2/x", "~/work2/x")]
    [InlineData("/home/ada/my ideas/x", "~/'my ideas/x'")]
    [InlineData("/home/ada/work/my ideas/x", "'./my ideas/x'")]
    [InlineData("/home/adam/x", "/home/adam/x")]
    [InlineData("/srv/it's/x", "'/srv/it'\\''s/x'")]
    [InlineData("/srv/d\u00fc/\u672c", "/srv/d\u00fc/\u672c")]
    public void A_Path_Is_Short_And_A_Shell_Takes_It(string path, string shown) => Assert.Equal(shown, Places.Show(path, "/home/ada/work", "/home/ada"));

    [Fact]
    public void At_The_Root_And_Without_A_Home_Paths_Stay_As_They_Are() => Assert.Equal("/srv/x", Places.Show("/srv/x", "/", ""));
}
