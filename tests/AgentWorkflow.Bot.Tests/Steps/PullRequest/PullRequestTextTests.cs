using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Steps.PullRequest;
using AgentWorkflow.Bot.Steps.PullRequest.Text;
using AgentWorkflow.Bot.Tests.Steps.Command;

using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentWorkflow.Bot.Tests.Steps.PullRequest;

public sealed class PullRequestTextTests : IDisposable
{
    private const string Hostile = "@all fixes #1 /merge | <img src=x> ![a](http://b) `x` ```\n# y\n</details> https://a.b";
    private readonly PullScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void It_Says_What_Was_Asked_How_It_Was_Verified_And_How_To_Run_It()
    {
        string text = PullRequestText.Compose(Facts());

        Assert.StartsWith("Generated from #1 for @ann by the workflow `generate` (`built-in`) on `0000000`. No model was used.\n\n**Verified** on tree `7777777`: `python3 -m tests` in a sandbox (bubblewrap) without network: **2 passed, 0 failed, 0 skipped** (1.5 s).", text, StringComparison.Ordinal);
        string[] parts =
        [
            "| S1 Register a book | generated | `POST /books` · `t.a` |", "| S2 Remind by SMS | needs a model | nothing was generated for it |", "**Look at**: existing tests changed: 0, deleted: 0. CI files touched: none.",
            "- assumed one loan a copy", "**Run it**: `npm start`; the README says how to call it.", "<details><summary>Files (2)</summary>", "<details><summary>Verification record (in-toto, signed)</summary>",
            "<details><summary>Provenance and cost</summary>", "| cost | no model, $0.00, 0 tokens, 1.5 s of commands |", "Closes #1\n", "\n---\n\n## Checklist",
        ];
        int at = 0;
        foreach (string part in parts)
        {
            int next = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"'{part}' is missing, or not in its order, in:\n{text}");
            at = next;
        }
    }

    [Fact]
    public void Partly_Names_The_Criteria_Without_A_Test()
    {
        StoryOutcome story = new("S3", "Lend a book", "partly", ["POST /loans", "GET /loans", "PUT /loans/{id}"], ["t.a"]) { Uncovered = ["a fine after 30 days"], NotPassed = 1 };

        string text = PullRequestText.Compose(Facts() with { Stories = [story] });

        Assert.Contains("| S3 Lend a book | partly | `POST /loans` · `GET /loans` · `t.a` and 1 more; no test for: a fine after 30 days; 1 of its tests did not pass |", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("&")]
    [InlineData("\uD83D\uDE00 ")]
    [InlineData(Hostile)]
    public void Whatever_Comes_It_Fits_And_Keeps_Its_Layout(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 200));
        FolderWorkspace files = new();
        for (int i = 0; i < 10_000; i++)
        {
            files.With($"src/{new string('n', 100)}/{i}.cs", "x");
        }

        files.With("src/```", "x");
        JsonObject checks = _scene.Passed();
        checks["status"] = "failed";
        checks["reason"] = text;
        checks["commands"] = new JsonArray([.. Enumerable.Range(0, 100).Select(_ => new JsonObject { ["phase"] = "run", ["run"] = new JsonArray(text), ["exitCode"] = 1, ["seconds"] = 1 })]);
        checks["tests"]!["cases"] = new JsonArray([.. Enumerable.Range(0, 500).Select(i => new JsonObject { ["name"] = text, ["outcome"] = "failed", ["message"] = text, ["location"] = null })]);
        List<string> many = [.. Enumerable.Range(0, 1_000).Select(i => $"{i} {text}")];
        PullRequestFacts facts = Facts() with
        {
            Files = files.Tree,
            Verification = checks,
            Stories = [.. Enumerable.Range(0, 10_000).Select(i => new StoryOutcome($"S{i}", text, "partly", many, many) { Uncovered = many })],
            Guard = new TestGuardFindings(many, many, many, many, many) { Unread = many },
            Notes = many,
            Left = many,
            HowToRun = many,
            OwnTemplate = string.Concat(Enumerable.Repeat("- [ ] a\n", 10_000)),
        };

        string body = PullRequestText.Compose(facts);

        Assert.InRange(body.Length, 1_000, PullRequestText.MaxLength);
        Assert.Contains("Closes #1", body, StringComparison.Ordinal);
        Assert.Contains("Verification record", body, StringComparison.Ordinal);
        Assert.Contains(" more", body, StringComparison.Ordinal);
        MarkdownDocument rendered = Markdown.Parse(body[..body.IndexOf("\n---\n", StringComparison.Ordinal)], new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build());
        Assert.Empty(rendered.Descendants<LinkInline>());
        Assert.Empty(rendered.Descendants<AutolinkInline>());
        Assert.Empty(rendered.Descendants<HtmlInline>());
        Assert.Empty(rendered.Descendants<HeadingBlock>());
        string[] folds = ["<details>", "<details>", "<details>", "</details>", "</details>", "</details>"];
        List<string> html = [.. rendered.Descendants<HtmlBlock>().Select(b => body.Substring(b.Span.Start, b.Span.Length).Trim())];
        Assert.Equal(html.Count(h => h.StartsWith("<details>", StringComparison.Ordinal)), html.Count(h => h == "</details>"));
        Assert.True(html.Count >= folds.Length);
        Assert.All(rendered.Descendants<Table>(), t => Assert.All(t.OfType<TableRow>(), r => Assert.InRange(r.Count, 2, 3)));
    }

    private PullRequestFacts Facts() => new()
    {
        Run = _scene.Context().Run,
        Files = _scene.Workspace.Tree,
        Commit = new string('c', 40),
        Tree = new string('7', 40),
        Verification = VerifiedChange.Judge(_scene.Context(("verify", _scene.Passed())), new TestGuardFindings([], [], [], [], [])),
        Stories = [new("S1", "Register a book", "generated", ["POST /books"], ["t.a"]), new("S2", "Remind by SMS", "needs-model", [], [])],
        Guard = new TestGuardFindings([], [], [], [], []),
        Notes = ["assumed one loan a copy"],
        Left = [],
        HowToRun = ["npm start"],
        Record = "{\"payload\":\"e30=\"}",
        OwnTemplate = "## Checklist\n- [ ] reviewed",
    };
}
