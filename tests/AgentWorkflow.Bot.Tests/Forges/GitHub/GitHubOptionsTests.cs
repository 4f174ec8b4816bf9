using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Bot.Triggers;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

public sealed class GitHubOptionsTests
{
    [Theory]
    [InlineData(null, null, "https://github.com/", "https://api.github.com/", "https://api.github.com/graphql")]
    [InlineData("https://octo.ghe.com", null, "https://octo.ghe.com/", "https://api.octo.ghe.com/", "https://api.octo.ghe.com/graphql")]
    [InlineData("https://github.example.com/", null, "https://github.example.com/", "https://github.example.com/api/v3/", "https://github.example.com/api/graphql")]
    [InlineData(null, "http://127.0.0.1:4567", "https://github.com/", "http://127.0.0.1:4567/", "http://127.0.0.1:4567/graphql")]
    [InlineData("", "http://127.0.0.1:4567/api/v3", "https://github.com/", "http://127.0.0.1:4567/api/v3/", "http://127.0.0.1:4567/api/graphql")]
    public void The_Addresses_Of_The_Apis_Follow_From_That_Of_The_Site(string? url, string? apiUrl, string web, string rest, string graphQl)
    {
        GitHubOptions options = new() { Url = url, ApiUrl = apiUrl };

        Assert.Equal((web, rest, graphQl), (options.WebAddress.AbsoluteUri, options.RestAddress.AbsoluteUri, options.GraphQlAddress.AbsoluteUri));
    }

    [Fact]
    public void Empty_Settings_Are_Unset_Ones()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("GitHub:AppId", ""), new("GitHub:PollSeconds", ""), new("Triggers:MinimumPermission", ""), new("Commands:Prefix", "")]).Build();
        using ServiceProvider services = new ServiceCollection().AddSingleton(configuration).AddForges().AddGitHub().AddTriggers().BuildServiceProvider();

        GitHubOptions gitHub = services.GetRequiredService<IOptions<GitHubOptions>>().Value;
        Assert.Equal((false, null), (gitHub.IsConfigured, gitHub.PollSeconds));
        Assert.Equal(RepositoryPermission.Write, services.GetRequiredService<IOptions<TriggersOptions>>().Value.Minimum);
        Assert.Equal("both", services.GetRequiredService<IOptions<CommandsOptions>>().Value.Prefix);
    }

    [Fact]
    public void Lists_Are_Read_In_Order()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Triggers:AllowedBots:0", "49699333"), new("Triggers:MinimumPermission", "maintain"), new("Forges:Owners:0", "octo-org"), new("Forges:Owners:1", "octocat")]).Build();
        using ServiceProvider services = new ServiceCollection().AddSingleton(configuration).AddForges().AddGitHub().AddTriggers().BuildServiceProvider();

        TriggersOptions triggers = services.GetRequiredService<IOptions<TriggersOptions>>().Value;
        Assert.Equal((RepositoryPermission.Maintain, 49699333L), (triggers.Minimum, Assert.Single(triggers.AllowedBots)));
        Assert.Equal(["octo-org", "octocat"], services.GetRequiredService<IOptions<ForgesOptions>>().Value.Owners);
    }
}
