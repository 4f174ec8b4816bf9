using System.Globalization;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// Nothing changes between asking and doing (promise P47): whatever people change after the command, and whenever, the run uses what was
/// there when it was asked for, or does not start and says so. All 300 run where AGENTWORKFLOW_FULL=1.
/// </summary>
public sealed class GitHubRaces
{
    private const int Few = 24;
    private const int All = 300;
    private const string Workflow = """
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - id: make
            uses: file_generation
            with: { files: { out/seen.txt: "${{ event.issue.title }}|${{ event.issue.body }}|${{ event.discussion[0].body ?? 'none' }}|${{ event.discussion[1].body ?? 'none' }}" } }
          - { id: work, uses: script }
          - { id: publish, uses: pull_request }
        """;

    private static readonly string[] s_deeds = ["push", "force", "title", "body", "earlier", "command", "delete", "comment", "labels", "workflow"];
    private static readonly string[] s_times = ["before the webhook", "POST /graphql", "GET /repos/{owner}/{repo}/collaborators/{username}/permission", "GET /repos/{owner}/{repo}/tarball/{ref}", "before the run", "in the run", "branch", "commit"];

    [Fact]
    public async Task What_Changes_After_The_Command_Never_Gets_Into_The_Run()
    {
        int races = Environment.GetEnvironmentVariable("AGENTWORKFLOW_FULL") == "1" ? All : Few;
        await using GitHubRunWorld world = await GitHubRunWorld.StartAsync();
        int ran = 0, told = 0;
        for (int seed = 0; seed < races; seed++)
        {
            string race = "";
            try
            {
                Random random = new(seed);
                string deed = s_deeds[random.Next(s_deeds.Length)];
                string when = s_times[random.Next(s_times.Length)];
                race = $"seed {seed}: {deed}, {when}";
                bool isOver = await RaceAsync(world, $"octo/r{seed}", deed, when);
                (ran, told) = isOver ? (ran + 1, told) : (ran, told + 1);
            }
            catch (Xunit.Sdk.XunitException e)
            {
                throw new InvalidOperationException($"{race}: {e.Message}", e);
            }
        }

        world.GitHub.Journal.RequireNoViolations();
        Assert.True(ran > races / 3 && told > races / 20, $"{ran} ran, {told} were told");
    }

    // True where a run came of it.
    private static async Task<bool> RaceAsync(GitHubRunWorld world, string home, string deed, string when)
    {
        long issue = world.Make(home, "old body", isPrivate: false, (".agentworkflow/workflows/w.yml", Workflow));
        string pinned = world.GitHub.Do(w => w.Repository(home).Git.Head("main"))!;
        Comment earlier = world.GitHub.Do(w => w.Comment(home, issue, "ada", "old remark"));
        world.Time.Advance(TimeSpan.FromSeconds(10));
        Comment command = world.GitHub.Do(w => w.Comment(home, issue, "ada", "/generate w"));
        world.Time.Advance(TimeSpan.FromSeconds(10));
        void Change(GitHubWorld w) => Do(w, home, issue, earlier, command, deed);
        world.Script.On("work", _ =>
        {
            world.GitHub.Do(w => Run(when == "in the run", () => Change(w)));
            return ScriptStep.Done;
        });
        world.GitHub.Do(w => Run(when == "before the webhook", () => Change(w)));
        if (when is "branch" or "commit" || when.Contains(' ', StringComparison.Ordinal) && when.Contains('/', StringComparison.Ordinal))
        {
            world.GitHub.Faults.Add(Fault.Before<GitHubWorld>(when, Change));
        }

        InboxDecision decision = Assert.Single(await world.CarryAsync("issue_comment"), d => d.Reason.StartsWith("started", StringComparison.Ordinal) || d.Reason.StartsWith("AW", StringComparison.Ordinal));
        if (decision.RunId is not { } run)
        {
            world.GitHub.Faults.Clear();
            Assert.Contains(decision.Reason[..6], new[] { "AW2028", "AW2029", "AW2047" });
            Assert.Empty(world.Written(home));
            return false;
        }

        world.GitHub.Do(w => Run(when == "before the run", () => Change(w)));
        RunState state = await world.DriveAsync(run);
        world.GitHub.Faults.Clear();

        Assert.Equal(RunStatus.Succeeded, state.Status);
        string branch = world.GitHub.Do(w => w.Repository(home).Git.Refs().Keys.Single(r => r.Contains("agentworkflow/", StringComparison.Ordinal)));
        IReadOnlyDictionary<string, string> files = world.GitHub.Do(w => w.Repository(home).Git.Files(w.Repository(home).Git.Truth(branch)!));
        Assert.Equal("Pets|old body|", files["out/seen.txt"][..14]);
        Assert.DoesNotContain("NEW", files["out/seen.txt"], StringComparison.Ordinal);

        // A push that came before the decision is there when the base is pinned; one after it never is.
        bool mayBeNew = deed is "push" or "force" && when is not ("before the run" or "in the run" or "branch" or "commit");
        Assert.True(mayBeNew || files["README.md"] == "# Pets\n", files["README.md"]);
        Assert.True(mayBeNew || world.GitHub.Do(w => w.Repository(home).Git.Ahead(w.Repository(home).Git.Truth(branch)!, pinned)) == 1, "the commit does not stand on the pinned one");
        return true;
    }

    private static void Run(bool now, Action what)
    {
        if (now)
        {
            what();
        }
    }

    private static void Do(GitHubWorld world, string home, long number, Comment earlier, Comment command, string deed)
    {
        ForgeRepository repository = world.Repository(home);
        Account ada = world.Person("ada");
        switch (deed)
        {
            case "push":
                world.Push(home, "ada", "main", new Dictionary<string, string?> { ["README.md"] = "# NEW\n" });
                break;
            case "force":
                string other = world.Push(home, "ada", "rewritten", new Dictionary<string, string?> { ["README.md"] = "# NEW\n" });
                world.SetRef(repository, "refs/heads/main", other, ada);
                break;
            case "workflow":
                world.Push(home, "ada", "aside", new Dictionary<string, string?> { [".agentworkflow/workflows/w.yml"] = Workflow.Replace("event.issue.title", "'NEW'", StringComparison.Ordinal) });
                break;
            case "title":
                world.EditIssue(repository.Find(number)!, ada, title: "NEW title");
                break;
            case "body":
                world.EditIssue(repository.Find(number)!, ada, body: "NEW body");
                break;
            case "earlier":
                world.EditComment(earlier, ada, "NEW remark");
                break;
            case "command":
                world.EditComment(command, ada, "/generate w NEW");
                break;
            case "delete":
                world.DeleteComment(command, ada);
                break;
            case "comment":
                world.Comment(home, number, "ada", string.Create(CultureInfo.InvariantCulture, $"NEW comment on {number}"));
                break;
            default:
                world.AddLabels(repository.Find(number)!, ada, ["NEW"]);
                break;
        }
    }
}
