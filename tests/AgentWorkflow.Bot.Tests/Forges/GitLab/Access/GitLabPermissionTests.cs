using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab.Access;

/// <summary>
/// Only people with the right command the bot (P43) and no program does (P45), on GitLab: who they are there, whoever sees the project,
/// and what they do, as hooks tell it. The right is GitLab's answer, the verdicts are written here by hand.
/// </summary>
public sealed class GitLabPermissionTests
{
    private static readonly string[] s_visibilities = ["private", "internal", "public"];

    // What comes of it for one who may, for one who may not, and for a program.
    private static readonly Dictionary<string, (string May, string MayNot)> s_deeds = new(StringComparer.Ordinal)
    {
        ["note /generate"] = ("start", "refuse"),
        ["note /aw generate"] = ("start", "refuse"),
        ["note /aw status"] = ("answer", "refuse"),
        ["note /aw approve 0123456789abcdef0123"] = ("tell", "refuse"),
        ["note /deploy"] = ("start", "refuse"),
        ["note /shrug"] = ("ignore", "ignore"),
        ["note hello"] = ("ignore", "ignore"),
        ["edited /generate"] = ("ignore", "ignore"),
        ["another /generate"] = ("ignore", "ignore"),
        ["label generate"] = ("start", "refuse"),
        ["label bug"] = ("ignore", "ignore"),
        ["push src/a"] = ("start", "ignore"),
        ["push docs/a"] = ("ignore", "ignore"),
    };

    private static readonly Workflow[] s_workflows =
    [
        Parse("generate.yml", "on: { command: generate, issues: { labels: [generate] }, push: { paths: ['src/**'] } }\nsteps: [{ id: a, uses: script }]"),
        Parse("deploy.yml", "on: { command: deploy }\nsteps: [{ id: a, uses: script }]"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("stranger", "may not")]
    [InlineData("guest", "may not", 10)]
    [InlineData("planner", "may not", 15)]
    [InlineData("reporter", "may not", 20)]
    [InlineData("developer", "may", 30)]
    [InlineData("maintainer", "may", 40)]
    [InlineData("owner", "may", 50)]
    [InlineData("developer of the group", "may", 0, 30)]
    [InlineData("owner of the group", "may", 0, 50)]
    [InlineData("reporter of the group", "may not", 0, 20)]
    [InlineData("developer of the group and guest", "may", 10, 30)]
    [InlineData("reporter of the group and developer", "may", 30, 20)]
    [InlineData("blocked owner", "may not", 50)]
    [InlineData("somebody by the name of a developer who was renamed", "may not")]
    [InlineData("service account", "program", 50)]
    [InlineData("project_7_bot_0d9c", "program", 50)]
    [InlineData("group_7_bot_0d9c", "program", 50)]
    [InlineData("listed service account", "may", 30)]
    [InlineData("listed service account as reporter", "may not", 20)]
    public async Task Every_Deed_Comes_To_What_It_Has_To(string who, string verdict, int level = 0, int groupLevel = 0)
    {
        Account? account = null;
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(listed: w =>
        {
            account = Make(w, who, level, groupLevel);
            return who.StartsWith("listed", StringComparison.Ordinal) ? [account] : [];
        });
        IForge forge = world.Get<IEnumerable<IForge>>().Single(f => f.Name == "gitlab");
        TriggerPolicy policy = world.Get<TriggerPolicy>();
        List<string> wrong = [];
        foreach (string visibility in s_visibilities)
        {
            foreach ((string deed, (string may, string mayNot)) in s_deeds)
            {
                string expected = verdict switch { "may" => may, "may not" => mayNot, _ => "ignore" };
                string came = await DecideAsync(forge, policy, Event(account!, world.GitLab.Do(w => w.Project($"octo/zoo/{visibility}")), deed));
                wrong.AddRange(came == expected ? [] : [$"{visibility}, {deed}: {came} and not {expected}"]);
            }
        }

        Assert.Empty(wrong);
        world.GitLab.Journal.RequireNoViolations();
    }

    // As the decider puts the questions together; it itself is tested with hooks in GitLabScenarios.
    private static async Task<string> DecideAsync(IForge forge, TriggerPolicy policy, TriggerEvent happened)
    {
        TriggerScene scene = new() { Workflows = s_workflows, Permission = RepositoryPermission.None, Policy = policy };
        if (Screening.Of(happened, policy) is not null || (!TriggerRules.NeedsPermission(happened, scene) && TriggerRules.NeedsWorkflows(happened, policy)))
        {
            return "ignore";
        }

        RepositoryPermission permission = await forge.Reader.GetPermissionAsync(happened.Repository!, happened.Sender, Cancel);
        return permission is RepositoryPermission.None && happened.Push is null && await forge.Reader.IsProgramAsync(happened.Sender, Cancel) ? "ignore" : TriggerRules.Decide(happened, scene with { Permission = permission }) switch
        {
            Decision.Start or Decision.Check { Then.Count: > 0 } => "start",
            Decision.Tell => "tell",
            Decision.Answer => "answer",
            Decision.Refuse => "refuse",
            _ => "ignore",
        };
    }

    private static Account Make(GitLabWorld world, string who, int level, int groupLevel)
    {
        foreach (string visibility in s_visibilities)
        {
            world.CreateProject($"octo/zoo/{visibility}", visibility: visibility);
        }

        string name = who.Contains("_bot_", StringComparison.Ordinal) ? who : "somebody";
        bool isProgram = name != "somebody" || who.Contains("service", StringComparison.Ordinal);
        if (who.Contains("renamed", StringComparison.Ordinal))
        {
            world.Grant("octo", name, 30);
            world.Rename(name, "another");
        }

        Account account = world.AddAccount(name, isProgram);
        world.Grant("octo", name, groupLevel);
        foreach (string visibility in s_visibilities)
        {
            world.Grant($"octo/zoo/{visibility}", name, level);
        }

        world.Block(name, who.StartsWith("blocked", StringComparison.Ordinal));
        return account;
    }

    private static TriggerEvent Event(Account by, Project project, string deed)
    {
        (string kind, string what) = (deed[..deed.IndexOf(' ', StringComparison.Ordinal)], deed[(deed.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        string head = $$"""
            "user":{"id":{{by.Id}},"username":"{{by.Username}}"},"user_id":{{by.Id}},"user_username":"{{by.Username}}","project":{"id":{{project.Id}},"path_with_namespace":"{{project.FullPath}}","default_branch":"main"}
            """;
        (string name, string body) = kind switch
        {
            "label" => ("issue_hook", $$""" "object_attributes":{"iid":3,"action":"update"},"changes":{"labels":{"previous":[],"current":[{"title":"{{what}}"}] } } """),
            "push" => ("push_hook", $$""" "ref":"refs/heads/main","after":"1111111111111111111111111111111111111111","total_commits_count":1,"commits":[{"modified":["{{what}}"] }] """),
            _ => ("note_hook", $$""" "issue":{"iid":3},"object_attributes":{"id":11,"note":"{{what}}","noteable_type":"Issue","author_id":{{(kind == "another" ? 1 : by.Id)}},"action":"{{(kind == "edited" ? "update" : "create")}}" } """),
        };
        using JsonDocument payload = JsonDocument.Parse($"{{{head},{body}}}");
        return GitLabEvents.TryRead(name, payload.RootElement)!;
    }

    private static Workflow Parse(string path, string text) =>
        new WorkflowParser(new StepRegistry([new ScriptStep()])).Parse(path, Encoding.UTF8.GetBytes(text)).Workflow ?? throw new InvalidOperationException(path);
}
