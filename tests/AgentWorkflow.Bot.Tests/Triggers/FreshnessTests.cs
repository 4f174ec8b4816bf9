using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Triggers;

/// <summary>The text is the text (promise P46), of today (P13); what is obsolete is superseded (P5).</summary>
public sealed class FreshnessTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly ActorId s_ada = new(9, "ada");

    [Theory]
    [InlineData("/generate", 0, 9, null)]
    [InlineData("/generate\r\n", 0, 9, null)]
    [InlineData("/generate", 24, 9, null)]
    [InlineData("/generate", 25, 9, "AW2027")]
    [InlineData("/generate other", 0, 9, "AW2029")]
    [InlineData("/generate\n\nand more", 0, 9, "AW2029")]
    [InlineData(" /generate", 0, 9, "AW2029")]
    [InlineData(null, 0, 9, "AW2028")]
    public void A_Comment_Counts_As_It_Was_Delivered(string? body, int hours, long author, string? code)
    {
        CommentFacts? there = body is null ? null : new CommentFacts(11, new ActorId(author, "x"), IsBot: false, body, s_now.AddHours(-hours), EditedAt: null);

        Assert.Equal(code, (Freshness.Of(Comment(), Facts(there), s_now) as Decision.Refuse)?.Code);
        Assert.Equal(code is null, Freshness.Of(Comment(), Facts(there), s_now) is null);
    }

    [Fact]
    public void Another_Author_And_An_Issue_That_Is_Gone_Mean_Nothing()
    {
        CommentFacts theirs = new(11, new ActorId(10, "eve"), IsBot: false, "/generate", s_now, EditedAt: null);

        Assert.IsType<Decision.Ignore>(Freshness.Of(Comment(), Facts(theirs), s_now));
        Assert.IsType<Decision.Ignore>(Freshness.Of(Comment(), Facts(theirs) with { Issue = null }, s_now));
    }

    [Fact]
    public void A_Label_That_Is_Off_Again_Is_Superseded()
    {
        TriggerEvent label = Comment() with { Name = "issues", Action = "labeled", CommentId = null, CommentBody = null, Label = "generate" };
        TriggerFacts facts = Facts(null);

        Assert.StartsWith("superseded", Assert.IsType<Decision.Ignore>(Freshness.Of(label, facts, s_now)).Reason, StringComparison.Ordinal);
        Assert.Null(Freshness.Of(label, facts with { Issue = facts.Issue! with { Labels = ["generate"] } }, s_now));
        Assert.IsType<Decision.Ignore>(Freshness.Of(label, facts with { Issue = null }, s_now));
    }

    private static TriggerFacts Facts(CommentFacts? comment) => new(
        new RepositoryFacts(7, Books(), "main", CommitId.Parse(new string('1', 40)), "", Archived: false),
        new IssueFacts(3, "t", "b", "", s_ada, IsPullRequest: false), comment, [], []);

    private static TriggerEvent Comment() => new()
    {
        Name = "issue_comment",
        Action = "created",
        Repository = Books(),
        RepositoryId = 7,
        Sender = s_ada,
        Issue = 3,
        CommentId = 11,
        CommentBody = "/generate",
        CommentAuthorId = 9,
    };

    private static RepoRef Books() => RepoRef.TryParse("ada/books", out RepoRef? books) ? books : throw new InvalidOperationException();
}
