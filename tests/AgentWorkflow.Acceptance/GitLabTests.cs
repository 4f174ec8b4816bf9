using System.Text.Json.Nodes;

using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Acceptance;

/// <summary>The main job on GitLab, with the real program and signed webhooks. Whatever GitLab is known to send is taken and starts nothing (P15).</summary>
public sealed class GitLabTests : ForgeJob
{
    private protected override int MostLost => CrashWorld.Full ? 3 : 1;

    [Fact]
    public async Task Every_Recorded_Payload_Is_Taken_And_Starts_Nothing()
    {
        await using GitLabSite site = await GitLabSite.StartAsync();
        StartedProgram serve = await site.ServeAsync();
        string[] files = Directory.GetFiles(Path.Combine(SharedData.Folder!, "gitlab", "webhooks"), "*.json");
        Assert.NotEmpty(files);
        (Project project, Hook hook) = site.GitLab.Do(w => (w.Project(ForgeSite.Repository), w.Project(ForgeSite.Repository).Hooks[0]));
        List<HookEvent> sent = [];
        foreach (string file in files)
        {
            JsonObject payload = (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
            string trigger = payload["object_kind"]?.ToString() is { } kind ? $"{kind}_hooks" : "system_hooks";
            sent.Add(site.GitLab.Webhooks.Send(project, hook, trigger, payload, force: true)!);
        }

        await site.GitLab.Webhooks.SettleAsync(TestContext.Current.CancellationToken);
        Assert.All(sent, d => Assert.True(d.StatusCode is >= 200 and < 300, $"{d.Event}: {d.StatusCode}"));
        Assert.False(serve.HasExited);
        Assert.DoesNotContain(site.Journal.Effects, e => e.Actor == site.BotName);
        Assert.Empty(Books.Has(site.Bot, "Runs") ? Books.Query(site.Bot, "SELECT Id FROM Runs") : []);
    }

    [Fact]
    public async Task Deliver_Proves_A_Payload_And_A_Forged_One_Is_Refused()
    {
        await using GitLabSite site = await GitLabSite.StartAsync();
        await site.ServeAsync();
        string file = Path.Combine(site.Bot.Folder, "note.json");
        await File.WriteAllTextAsync(file, "{\"object_kind\":\"note\"}", TestContext.Current.CancellationToken);
        string[] arguments = ["deliver", "--forge", "gitlab", "--event", "note_hook", "--payload", file, "--url", site.Address, "--id", "by-hand"];
        (string, string)[] settings = [.. site.GitLab.Settings().Select(s => (s.Key, s.Value))];

        Assert.StartsWith("202", (await site.Bot.RunAsync(arguments, settings)).Require(0).Output, StringComparison.Ordinal);
        Assert.StartsWith("200", (await site.Bot.RunAsync(arguments, settings)).Require(0).Output, StringComparison.Ordinal);
        Ended forged = await site.Bot.RunAsync(arguments, [.. settings, ("GitLab__SigningToken", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]);
        Assert.Contains("AW2569", forged.Require(1).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_Asks_GitLab_And_Says_What_To_Change()
    {
        await using GitLabSite site = await GitLabSite.StartAsync();
        (string, string)[] settings = [.. site.GitLab.Settings().Select(s => (s.Key, s.Value))];
        Ended well = await site.Bot.RunAsync(["doctor"], settings);
        site.GitLab.Do(w => w.Token.ExpiresAt = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(5));
        Ended unwell = await site.Bot.RunAsync(["doctor"], settings);

        site.Journal.RequireNoViolations();
        TestContext.Current.TestOutputHelper?.WriteLine(well.Output);
        Assert.Contains("the account 'agentworkflow'", well.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("AW308", well.Output, StringComparison.Ordinal);
        Assert.Contains("AW3087", unwell.Require(1).Output, StringComparison.Ordinal);
    }

    private protected override async Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows) => await GitLabSite.StartAsync(workflows);
}
