using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges.GitHub.Setup;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <summary>What the App asks for is written once; everything that quotes it says the same.</summary>
public sealed partial class AppManifestTests
{
    private static readonly string[] s_never = ["administration", "members", "secrets", "environments", "workflows"];

    private readonly AppManifest _manifest = AppManifest.Read();

    [Fact]
    public void It_Asks_For_What_The_Design_Lists_And_Nothing_More()
    {
        Assert.Equal(
            ["actions:read", "checks:write", "contents:write", "issues:write", "metadata:read", "pull_requests:write", "statuses:read"],
            _manifest.DefaultPermissions.Select(p => $"{p.Key}:{p.Value}").Order());
        Assert.DoesNotContain(_manifest.DefaultPermissions.Keys, p => s_never.Contains(p) || p.StartsWith("organization_", StringComparison.Ordinal));
        Assert.False(_manifest.Public);
    }

    [Fact]
    public void The_Second_App_Makes_Repositories_And_Hears_Nothing()
    {
        AppManifest creator = AppManifest.Read(AppManifest.Creator);
        Assert.Equal(
            ["administration:write", "contents:write", "issues:write", "members:read", "metadata:read", "organization_administration:read"],
            creator.DefaultPermissions.Select(p => $"{p.Key}:{p.Value}").Order());
        Assert.Empty(creator.DefaultEvents);
        Assert.False(creator.Public);
    }

    [Theory]
    [InlineData(AppManifest.Bot)]
    [InlineData(AppManifest.Creator)]
    public void Each_Line_Says_Its_Reason(string file)
    {
        AppManifest manifest = AppManifest.Read(file);
        string[] lines = File.ReadAllLines(Path.Combine(IdeaFiles.Root, file));
        string[] asked = [.. lines.Where(l => Asked().IsMatch(l))];
        Assert.Equal(manifest.DefaultPermissions.Count + manifest.DefaultEvents.Count, asked.Length);
        Assert.All(asked, l => Assert.True(l.Contains("# ", StringComparison.Ordinal), $"'{l}' has no reason"));
    }

    [Fact]
    public void The_Page_About_The_App_Has_The_Same_Link()
    {
        string page = File.ReadAllText(Path.Combine(IdeaFiles.Root, "docs", "github-app.md"));
        Assert.Contains(_manifest.RegistrationLink(new Uri("https://github.com/")).OriginalString, page, StringComparison.Ordinal);
        Assert.Contains(AppManifest.Read(AppManifest.Creator).RegistrationLink(new Uri("https://github.com/"), "agentworkflow-repositories").OriginalString, page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^  (- \w+|\w+: (read|write))")]
    private static partial Regex Asked();
}
