using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <summary>New repositories on GitHub: one whatever breaks (promises P20, B.2), for whom GitHub lets make them, and nothing half made.</summary>
public sealed class CreationTests
{
    private const string Name = "octo/library";

    private static readonly EffectOwner s_owner = new("k3v9m2qa", "<!-- aw:k3v9m2qa:one -->");

    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Losses()
    {
        string[] operations = ["repository", "push", "protection", "PUT /repos/{owner}/{repo}/topics", "POST /repos/{owner}/{repo}/labels", "milestone", "issue", "finish"];
        return [.. operations.SelectMany(o => Enumerable.Range(1, 3), (o, times) => (o, times))];
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Lost_Replies_Leave_One_Repository_With_All_That_Belongs_To_It(string operation, int times)
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.DropReply(operation, times));

        Receipt receipt = await MakeAsync(kit, Effect(kit));

        Assert.NotEqual(EffectOutcome.Refused, receipt.Outcome);
        kit.Double.Do(w =>
        {
            ForgeRepository made = Assert.Single(w.Repositories, r => !r.Deleted);
            Assert.Equal((Name, true, "trunk", "Books"), (made.FullName, made.Private, made.DefaultBranch, made.Description));
            Assert.Equal(receipt["commit"], made.Git.Head("trunk"));
            Assert.Equal(["First"], made.Milestones);
            Assert.Equal(["books"], made.Topics);
            Assert.Equal(["Add a book", "Lend a book"], made.Issues.Select(i => i.Title));
            Assert.All(made.Issues, i => Assert.Equal(1, i.Milestone));
            Assert.Equal("0e8a16", made.Labels["story"].Color);
            Assert.Single(made.Rules);
        });
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Each_Token_Is_For_One_Repository_But_The_One_That_Makes_It()
    {
        await using GitHubForgeKit kit = await StartAsync();

        await MakeAsync(kit, Effect(kit));

        List<AccessToken> tokens = kit.Double.Do(w => w.Tokens.Values.Where(t => t.Installation.App == w.Creator).ToList());
        AccessToken wide = Assert.Single(tokens, t => t.Repositories is null);
        Assert.DoesNotContain("contents", wide.Permissions.Keys);
        Assert.All(tokens.Except([wide]), t => Assert.Single(t.Repositories!));
        Assert.All(tokens, t => Assert.DoesNotContain("workflows", t.Permissions.Keys));
        Assert.DoesNotContain(tokens, t => kit.Logs.Lines.Any(l => l.Contains(t.Value, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("not a member", "AW3107", "no member of 'octo'")]
    [InlineData("members may not", "AW3108", "may not make private repositories")]
    [InlineData("policy unknown", "AW3109", "organization_administration: read")]
    [InlineData("somebody else's login", "AW3107", "no member")]
    [InlineData("right missing", "AW3104", "members: read")]
    [InlineData("not installed", "AW3102", "not installed in 'octo'")]
    [InlineData("suspended", "AW3103", "suspended")]
    [InlineData("own account", "AW3105", "a person's own account")]
    [InlineData("no account", "AW3101", "no account")]
    [InlineData("internal", "AW3106", "choose 'private'")]
    [InlineData("quota", "AW3052", "limit of private repositories")]
    public async Task Who_May_Not_Gets_A_Sentence_And_Nothing_Is_Made(string world, string code, string says)
    {
        await using GitHubForgeKit kit = await StartAsync();
        CreateRepository effect = Effect(kit);
        effect = world switch
        {
            "internal" => effect with { Settings = effect.Settings with { Visibility = RepositoryVisibility.Internal } },
            "somebody else's login" => effect with { Requester = new ActorId(effect.Requester.Id + 1_000, "ada") },
            "own account" => effect with { Target = Parse("ada/library") },
            "no account" => effect with { Target = Parse("nobody/library") },
            _ => effect,
        };
        kit.Double.Do(w => Change(w, world));

        Receipt refused = await MakeAsync(kit, effect);

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        Assert.StartsWith(code, refused.Reason, StringComparison.Ordinal);
        Assert.Contains(says, refused.Reason, StringComparison.Ordinal);
        Assert.Empty(kit.Double.Do(w => w.Repositories.ToList()));
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task An_Owner_May_Whatever_Members_May()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w =>
        {
            w.Join("octo", "ada", "admin");
            w.Accounts["octo"].MembersCreate = (false, false);
        });

        Assert.Equal(EffectOutcome.Applied, (await MakeAsync(kit, Effect(kit))).Outcome);
    }

    [Theory]
    [InlineData("push", 413, "takes no push as large")]
    [InlineData("protection", 403, "Upgrade to GitHub Pro")]
    [InlineData("milestone", 422, "does not take it")]
    [InlineData("issue", 403, "refuses it")]
    public async Task What_Is_Refused_For_Good_Half_Way_Leaves_Nothing(string operation, int status, string says)
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.Answer(operation, status, "Upgrade to GitHub Pro or make this repository public to enable this feature."));

        Receipt refused = await MakeAsync(kit, Effect(kit));

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        Assert.Contains(says, refused.Reason, StringComparison.Ordinal);
        Assert.EndsWith("nothing is left of 'octo/library'", refused.Reason, StringComparison.Ordinal);
        Assert.All(kit.Double.Do(w => w.Repositories.ToList()), r => Assert.True(r.Deleted));
        Assert.Equal(EffectOutcome.Applied, (await MakeAsync(kit, Effect(kit))).Outcome);
        kit.Double.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task What_Others_Put_Into_It_Meanwhile_Is_Never_Taken_Away()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.After<GitHubWorld>("repository", w => w.Push(Name, "ada", "trunk", new Dictionary<string, string?> { ["mine"] = "x" })));

        Receipt refused = await MakeAsync(kit, Effect(kit));

        Assert.Equal(EffectOutcome.Refused, refused.Outcome);
        Assert.Contains("stays, since others have committed", refused.Reason, StringComparison.Ordinal);
        Assert.False(kit.Double.Do(w => w.Repository(Name).Deleted));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("Books <!-- aw:zzzzzzzz:two -->", false)]
    [InlineData("<!-- aw:k3v9m2qa:one --> Books", false)]
    [InlineData("Books <!-- aw:k3v9m2qa:one -->", true)]
    public async Task An_Empty_Repository_Is_Ours_By_The_Marker_At_The_End_Alone(string description, bool isOurs)
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w => w.CreateRepository(Name, new Dictionary<string, string>(), isPrivate: true).Description = description);

        Receipt? found = await kit.Forge.Writer.FindAsync(Parse(Name), Effect(kit), s_owner, Cancel);

        Assert.Equal(isOurs ? EffectOutcome.Planned : EffectOutcome.Refused, found?.Outcome);
        Assert.True(isOurs || found?.Reason?.EndsWith("'octo/library-2' is free", StringComparison.Ordinal) is true, found?.Reason);
    }

    [Fact]
    public async Task One_Of_Ours_That_Was_Opened_To_All_Is_Not_Filled()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Do(w => w.CreateRepository(Name, new Dictionary<string, string>(), isPrivate: false).Description = s_owner.Marker);

        Assert.Equal(EffectOutcome.Refused, (await kit.Forge.Writer.FindAsync(Parse(Name), Effect(kit), s_owner, Cancel))?.Outcome);
    }

    private static void Change(GitHubWorld world, string what)
    {
        Account octo = world.Accounts["octo"];
        Installation creator = world.Installations.Single(i => i.App == world.Creator);
        switch (what)
        {
            case "not a member":
                world.Join("octo", "ada", role: null);
                break;
            case "members may not":
                octo.MembersCreate = (false, true);
                break;
            case "policy unknown":
                creator.Permissions.Remove("organization_administration");
                break;
            case "right missing":
                creator.Permissions.Remove("members");
                break;
            case "not installed":
                creator.Deleted = true;
                break;
            case "suspended":
                creator.SuspendedAt = world.Accounts.Count == 0 ? null : DateTimeOffset.UnixEpoch;
                break;
            case "quota":
                octo.Quota = 0;
                break;
        }
    }

    private static Task<Receipt> MakeAsync(GitHubForgeKit kit, CreateRepository effect) => Making.MakeAsync(kit.Forge, effect, s_owner);

    private CreateRepository Effect(GitHubForgeKit kit) => Making.Effect(_contents, "github", Parse(Name), s_owner, kit.Double.Do(w => new ActorId(w.Person("ada").Id, "ada")));

    private static RepoRef Parse(string name) => RepoRef.TryParse(name, out RepoRef? parsed) ? parsed : throw new InvalidOperationException(name);

    private async Task<GitHubForgeKit> StartAsync()
    {
        GitHubForgeKit kit = await GitHubForgeKit.StartAsync(_contents);
        kit.MakesRepositoriesIn("octo");
        return kit;
    }
}
