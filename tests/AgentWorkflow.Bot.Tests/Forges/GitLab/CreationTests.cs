using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab;

/// <summary>New projects on GitLab: one whatever breaks (promises P20, B.2), for whom GitLab lets make them, and nothing half made.</summary>
public sealed class CreationTests
{
    private const string Name = "octo/zoo/library";

    private static readonly EffectOwner s_owner = new("k3v9m2qa", "<!-- aw:k3v9m2qa:one -->");

    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Losses()
    {
        string[] operations = ["repository", "push", "protection", "POST /api/v4/projects/{id}/labels", "milestone", "issue", "finish"];
        return [.. operations.SelectMany(o => Enumerable.Range(1, 3), (o, times) => (o, times))];
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Lost_Replies_Leave_One_Project_With_All_That_Belongs_To_It(string operation, int times)
    {
        await using GitLabForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.DropReply(operation, times));

        Receipt receipt = await MakeAsync(kit, Effect(kit));

        Assert.NotEqual(EffectOutcome.Refused, receipt.Outcome);
        kit.Double.Do(w =>
        {
            Project made = Assert.Single(w.Projects, p => !p.Deleted);
            Assert.Equal((Name, "private", "trunk", "Books"), (made.FullPath, made.Visibility, made.DefaultBranch, made.Description));
            Assert.Equal(receipt["commit"], made.Git.Head("trunk"));
            Assert.Equal(["First"], made.Milestones.Select(m => m.Title));
            Assert.Equal(["books"], made.Topics);
            Assert.Equal(["Add a book", "Lend a book"], made.Issues.Select(i => i.Title));
            Assert.All(made.Issues, i => Assert.Equal("First", i.Milestone?.Title));
            Assert.Equal("#0e8a16", made.Labels["story"].Color);
            Assert.Equal((0, 40), (made.Protects("trunk")!.Push, made.Protects("trunk")!.Merge));
        });
        kit.Double.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData("no role", "AW3121", "no role in 'octo/zoo'")]
    [InlineData("reporter", "AW3121", "must be Developer")]
    [InlineData("for maintainers", "AW3121", "must be Maintainer")]
    [InlineData("for nobody", "AW3122", "nobody may make projects")]
    [InlineData("blocked", "AW3121", "no role")]
    [InlineData("a bot", "AW3123", "is a bot")]
    [InlineData("own namespace", "AW3120", "no group 'ada'")]
    [InlineData("no group", "AW3120", "no group 'nobody'")]
    [InlineData("bot has no role", "AW3046", "role Developer")]
    public async Task Who_May_Not_Gets_A_Sentence_And_Nothing_Is_Made(string world, string code, string says)
    {
        await using GitLabForgeKit kit = await StartAsync();
        CreateRepository effect = Effect(kit);
        effect = world switch
        {
            "a bot" => effect with { Requester = kit.Double.Do(w => Joined(w, w.AddAccount("helper", bot: true))) },
            "own namespace" => effect with { Target = Parse("ada/library") },
            "no group" => effect with { Target = Parse("nobody/library") },
            _ => effect,
        };
        kit.Double.Do(w => Change(w, world));

        Receipt refused = await MakeAsync(kit, effect);

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        Assert.StartsWith(code, refused.Reason, StringComparison.Ordinal);
        Assert.Contains(says, refused.Reason, StringComparison.Ordinal);
        Assert.Empty(kit.Double.Do(w => w.Projects.ToList()));
        kit.Double.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData("push", 413, "takes no push as large")]
    [InlineData("issue", 403, "has no right")]
    public async Task What_Is_Refused_For_Good_Half_Way_Leaves_Nothing(string operation, int status, string says)
    {
        await using GitLabForgeKit kit = await StartAsync(botLevel: 50);
        kit.Double.Faults.Add(Fault.Answer(operation, status, "No."));

        Receipt refused = await MakeAsync(kit, Effect(kit));

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        Assert.Contains(says, refused.Reason, StringComparison.Ordinal);
        Assert.EndsWith($"nothing is left of '{Name}'", refused.Reason, StringComparison.Ordinal);
        Assert.All(kit.Double.Do(w => w.Projects.ToList()), p => Assert.True(p.Deleted));
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Developer_That_May_Not_Take_It_Away_Again_Says_So()
    {
        await using GitLabForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.Answer("push", 413, "No."));

        Receipt refused = await MakeAsync(kit, Effect(kit));

        Assert.Contains("half made and could not be taken away again, so delete it by hand", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(EffectOutcome.Applied, (await FinishAsync(kit)).Outcome);
    }

    [Fact]
    public async Task What_A_Story_Says_Does_Nothing()
    {
        await using GitLabForgeKit kit = await StartAsync();
        CreateRepository effect = Effect(kit) with { Issues = [new NewIssue("Add a book", "As a reader\n/close\n  /assign me\n", [])] };

        await MakeAsync(kit, effect);

        Assert.DoesNotContain(kit.Double.Journal.Effects, e => e.Kind == "quick-action");
        Assert.Equal("opened", kit.Double.Do(w => w.Project(Name).Issues[0].State));
    }

    private static void Change(GitLabWorld world, string what)
    {
        Group zoo = world.Group("octo/zoo");
        switch (what)
        {
            case "no role":
                world.Grant("octo", "ada", 0);
                break;
            case "reporter":
                world.Grant("octo", "ada", 20);
                break;
            case "for maintainers":
                zoo.ProjectCreation = "maintainer";
                break;
            case "for nobody":
                zoo.ProjectCreation = "noone";
                break;
            case "blocked":
                world.Block("ada");
                break;
            case "bot has no role":
                world.Grant("octo", world.Bot.Username, 0);
                break;
        }
    }

    private static ActorId Joined(GitLabWorld world, Account account)
    {
        world.Grant("octo", account.Username, 30);
        return new ActorId(account.Id, account.Username);
    }

    private async Task<Receipt> FinishAsync(GitLabForgeKit kit)
    {
        CreateRepository effect = Effect(kit);
        Receipt? there = await kit.Forge.Writer.FindAsync(effect.Target, effect, s_owner, Cancel);
        Assert.Equal(EffectOutcome.Planned, there?.Outcome);
        return await kit.Forge.Writer.ApplyAsync(effect.Target, effect, s_owner, there, Cancel);
    }

    private static Task<Receipt> MakeAsync(GitLabForgeKit kit, CreateRepository effect) => Making.MakeAsync(kit.Forge, effect, s_owner);

    private CreateRepository Effect(GitLabForgeKit kit) => Making.Effect(_contents, "gitlab", Parse(Name), s_owner, kit.Double.Do(w => new ActorId(w.Person("ada").Id, "ada")));

    private static RepoRef Parse(string name) => RepoRef.TryParse(name, out RepoRef? parsed) ? parsed : throw new InvalidOperationException(name);

    private async Task<GitLabForgeKit> StartAsync(int botLevel = 30)
    {
        GitLabForgeKit kit = await GitLabForgeKit.StartAsync(_contents);
        kit.MakesProjectsIn("octo/zoo", botLevel);
        return kit;
    }
}
