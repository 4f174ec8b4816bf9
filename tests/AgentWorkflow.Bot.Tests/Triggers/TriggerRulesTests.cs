using System.Text;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Triggers;

public sealed class TriggerRulesTests
{
    private static readonly Workflow s_generate = Parse("generate.yml", """
        on: { command: generate }
        inputs:
          stack: { type: choice, options: [node-api, python-api], default: node-api }
          count: { type: number }
          loud: { type: boolean, default: false }
        steps: [{ id: a, uses: script }]
        """);

    private static readonly Workflow s_api = Parse("api.yml", """
        on: { command: api, issues: { labels: [api] } }
        inputs:
          name: { type: string, required: true }
        steps: [{ id: a, uses: script }]
        """);

    private static readonly Workflow s_manual = Parse("by-hand.yml", "on: { manual: true }\nsteps: [{ id: a, uses: script }]");
    private static readonly Workflow s_labelled = Parse("labelled.yml", "on: { issues: { labels: [build-it] } }\nsteps: [{ id: a, uses: script }]");

    [Theory]
    [InlineData("None", false)]
    [InlineData("Read", false)]
    [InlineData("Triage", false)]
    [InlineData("Write", true)]
    [InlineData("Maintain", true)]
    [InlineData("Admin", true)]
    public void Who_May_Not_Push_May_Not_Ask(string permission, bool may)
    {
        RepositoryPermission has = Enum.Parse<RepositoryPermission>(permission);
        foreach (string command in new[] { "/generate", "/cancel", "/retry", "/approve abc", "/reject", "/generate ;rm", "/help", "/status", "/revise x", "/export" })
        {
            Decision decision = Decide(command, has);
            Assert.Equal(may, decision is not Decision.Refuse { Code: "AW2021" });
        }

        Assert.Equal(may, Label("build-it", has) is Decision.Start);
        Assert.Equal(!may, Label("build-it", has) is Decision.Refuse { Code: "AW2021" });
    }

    [Fact]
    public void Only_The_Author_Commands_And_No_Program_And_No_Edit()
    {
        TriggerEvent mine = Comment("/generate");

        Assert.IsType<Decision.Start>(Decide(mine));
        Assert.IsType<Decision.Ignore>(Decide(mine with { CommentAuthorId = 10 }));
        Assert.IsType<Decision.Ignore>(Decide(mine with { CommentAuthorId = null }));
        Assert.IsType<Decision.Ignore>(Decide(mine with { SenderIsBot = true }));
        Assert.IsType<Decision.Ignore>(Decide(mine with { Action = "edited" }));
        Assert.IsType<Decision.Ignore>(Decide(mine with { Action = "deleted" }));
        Assert.IsType<Decision.Ignore>(Decide(mine with { Name = "commit_comment" }));
        Assert.IsType<Decision.Ignore>(Decide(mine with { CommentBody = null }));
    }

    [Theory]
    [InlineData("/shrug")]
    [InlineData("/deploy now")]
    [InlineData("/assign @ada")]
    [InlineData("thanks!")]
    public void Words_Of_Others_Meet_Silence_Whatever_One_May(string text)
    {
        Assert.IsType<Decision.Ignore>(Decide(text));
        Assert.IsType<Decision.Ignore>(Decide(text, RepositoryPermission.None));
    }

    [Theory]
    [InlineData("/generate", "generate", "stack=node-api count= loud=false")]
    [InlineData("/generate stack=python-api count=3 loud=true", "generate", "stack=python-api count=3 loud=true")]
    [InlineData("/generate by-hand", "by-hand", "")]
    [InlineData("/generate api name=x", "api", "name=x")]
    [InlineData("/api name=x", "api", "name=x")]
    public void A_Workflow_Starts_With_Its_Inputs(string text, string workflow, string inputs)
    {
        Decision.Start start = Assert.IsType<Decision.Start>(Decide(text));

        Assert.Equal(workflow, start.Workflow.Name);
        Assert.Equal(inputs, string.Join(' ', start.Inputs.Select(i => $"{i.Key}={i.Value}")));
        Assert.Equal(("comment", "11"), (start.Kind, start.CauseId));
    }

    [Theory]
    [InlineData("/generate stack=cobol", "AW2026", "one of node-api, python-api")]
    [InlineData("/generate count=many", "AW2026", "a number")]
    [InlineData("/generate loud=perhaps", "AW2026", "true or false")]
    [InlineData("/generate colour=red", "AW2026", "it has stack, count, loud")]
    [InlineData("/api", "AW2026", "given")]
    [InlineData("/generate nothing-like-it", "AW2024", "generate, api, by-hand, labelled")]
    [InlineData("/generate labelled", "AW2025", "command")]
    [InlineData("/generate --force", "AW2022", "--force")]
    [InlineData("/revise make it blue", "AW2023", "a model")]
    [InlineData("/approve", "AW2033", "hash")]
    [InlineData("/export rar", "AW2034", "zip, tar, tar.gz")]
    [InlineData("/generate genrate", "AW2024", "Did you mean `generate`?")]
    [InlineData("/generate first-workflow", "AW2024", "generate, api, by-hand, labelled")]
    public void A_Refusal_Says_What_Is_Possible(string text, string code, string says)
    {
        Decision.Refuse refuse = Assert.IsType<Decision.Refuse>(Decide(text));

        Assert.Equal(code, refuse.Code);
        Assert.Contains(says, refuse.Reason);
    }

    [Fact]
    public void An_Answer_Carries_Who_And_Which()
    {
        Decision.Tell tell = Assert.IsType<Decision.Tell>(Decide("/aw approve k3v9"));

        Assert.Equal("""{"approved":true,"by":{"id":9,"login":"ada"},"hash":"k3v9","reason":""}""", tell.Payload.ToJsonString());
        Assert.Equal("too big", Assert.IsType<Decision.Tell>(Decide("/reject too big")).Payload["reason"]!.GetValue<string>());
    }

    [Fact]
    public void A_Label_Starts_The_Workflow_That_Waits_For_It()
    {
        Decision.Start start = Assert.IsType<Decision.Start>(Label("build-it", RepositoryPermission.Write));

        Assert.Equal(("labelled", "label", "3/build-it/"), (start.Workflow.Name, start.Kind, start.CauseId));
        Assert.IsType<Decision.Ignore>(Label("bug", RepositoryPermission.Write));
        Assert.IsType<Decision.Refuse>(Label("api", RepositoryPermission.Write));
    }

    private static Decision Decide(string text, RepositoryPermission permission = RepositoryPermission.Write) => Decide(Comment(text), permission);

    private static Decision Decide(TriggerEvent happened, RepositoryPermission permission = RepositoryPermission.Write) =>
        TriggerRules.Decide(happened, new TriggerScene { Workflows = [s_generate, s_api, s_manual, s_labelled], Permission = permission });

    private static Decision Label(string label, RepositoryPermission permission) =>
        Decide(Comment("") with { Name = "issues", Action = "labeled", CommentBody = null, CommentId = null, Label = label }, permission);

    private static TriggerEvent Comment(string text) => new()
    {
        Name = "issue_comment",
        Action = "created",
        Repository = RepoRef.TryParse("ada/books", out RepoRef? repository) ? repository : throw new InvalidOperationException(),
        RepositoryId = 7,
        Sender = new ActorId(9, "ada"),
        Issue = 3,
        CommentId = 11,
        CommentBody = text,
        CommentAuthorId = 9,
    };

    private static Workflow Parse(string path, string text)
    {
        WorkflowParse parse = new WorkflowParser(new StepRegistry([new ScriptStep()])).Parse(path, Encoding.UTF8.GetBytes(text));
        Assert.Empty(parse.Diagnostics);
        return parse.Workflow!;
    }
}
