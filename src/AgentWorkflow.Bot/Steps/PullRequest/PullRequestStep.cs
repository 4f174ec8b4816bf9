using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Steps.PullRequest.Records;
using AgentWorkflow.Bot.Steps.PullRequest.Text;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>
/// Workspace changes as one commit on the run's branch, and a pull request that says how they were verified. In rounds: branch
/// and commit; then, with the commit as it was read back, the signed record, the check and the pull request.
/// </summary>
internal sealed class PullRequestStep(InstanceKey key, IContentStore contents) : StepType<PullRequestInputs>
{
    private const int MostTitle = 200;
    private static readonly string[] OwnTemplates = [".github/pull_request_template.md", ".github/PULL_REQUEST_TEMPLATE.md", "pull_request_template.md", "docs/pull_request_template.md"];

    /// <inheritdoc/>
    public override string Kind => "pull_request";

    /// <inheritdoc/>
    public override string Summary => "Commits the workspace on the run's branch and opens or updates its pull request, with the verification record.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Permissions => ["contents", "pull-requests"];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("url", "Where the pull request is."),
        new("number", "Its number."),
        new("title", "Its title."),
        new("branch", "Its branch."),
        new("commit", "The commit."),
        new("tree", "The commit's git tree."),
        new("draft", "True when it is a draft, because verification did not pass."),
        new("verified", "True when commands and tests passed in a sandbox, on exactly the files of the commit."),
        new("verification", "passed, failed or skipped: the result as it is true of the commit."),
        new("reason", "One sentence that says why it is not verified; null when it is."),
        new("stories", "What was generated for each story."),
        new("record", "The signed verification record; null when no command was run."),
    ];

    /// <inheritdoc/>
    protected override async Task<StepResult> RunAsync(PullRequestInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        RunFacts run = context.Run;
        string title = InertText.Plain(inputs.Title ?? run.Issue?.Title ?? run.WorkflowName);
        title = title.Length == 0 ? run.WorkflowName : ShortText.Of(title, MostTitle);
        if (context.Workspace.Tree.Equals(run.BaseTree))
        {
            return new StepResult.Failed("AW2210", "The workflow changed no file, so there is nothing to open a pull request for.");
        }

        TestGuardFindings guard = TestGuard.WithReports(
            await TestGuard.InspectAsync(run.BaseTree, context.Workspace, (_, entry) => contents.OpenRead(entry.Sha256), cancellationToken), context.Outputs.Values);
        if (inputs.Guard == GuardMode.Tests && guard.IsWeaker)
        {
            return new StepResult.Failed("AW2211", $"Existing tests check less than before ({string.Join(", ", guard.Weaker.Take(5))}), which 'guard: tests' refuses; nothing was committed.");
        }

        Receipt? commit = context.Receipts.LastOrDefault(r => r.Kind == "commit");
        if (commit?["commit"] is not { } commitId || commit["tree"] is not { } tree)
        {
            context.Log.Progress($"commit on {run.Branch}");
            return new StepResult.Act(CommitEffects(inputs, context, title));
        }

        Receipt? pull = context.Receipts.LastOrDefault(r => r.Kind == "pull_request");
        return pull is null
            ? await PublishAsync(inputs, context, title, guard, CommitId.Parse(commitId), tree, cancellationToken)
            : Done(context, guard, title, pull, commitId, tree);
    }

    private static List<Effect> CommitEffects(PullRequestInputs inputs, StepContext context, string title)
    {
        RunFacts run = context.Run;
        CommitFiles commit = new(
            new EffectKey($"commit/{run.Branch}/{context.Workspace.Tree.Fingerprint()[..12]}"),
            run.Branch, run.BranchHead ?? run.BaseCommit, context.Workspace.Tree, Message(inputs, run, title), run.CreatedAt);
        return run.BranchHead is null ? [new CreateBranch(new EffectKey($"branch/{run.Branch}"), run.Branch, run.BaseCommit), commit] : [commit];
    }

    private static string Message(PullRequestInputs inputs, RunFacts run, string title)
    {
        StringBuilder message = new();
        message.Append(InertText.Plain(inputs.Commit ?? title)).Append("\n\n");
        message.Append(run.Issue is { } issue ? $"Generated for {(issue.IsPullRequest ? "request" : "issue")} {ItemNumber.Counted(issue.Number)} by the workflow {run.WorkflowName}; no model was used.\n\n" : "");
        message.Append(CommitTrailers.Of(run));
        message.Append(inputs.SignOff ? $"Signed-off-by: {CommitTrailers.PersonOf(run)}\n" : "");
        return message.ToString();
    }

    private async Task<StepResult.Act> PublishAsync(
        PullRequestInputs inputs, StepContext context, string title, TestGuardFindings guard, CommitId commit, string tree, CancellationToken cancellationToken)
    {
        RunFacts run = context.Run;
        JsonObject? verification = VerifiedChange.Judge(context, guard);
        bool passed = VerifiedChange.IsTested(verification);
        bool isDraft = !passed && !VerifiedChange.IsOnlyBase(verification);
        string? record = verification?["commands"] is JsonArray { Count: > 0 }
            ? DsseEnvelope.Sign(VerificationRecord.Compose(run, commit.Value, tree, context.Workspace.Tree, verification, VerifiedChange.OfBase(context)), key)
            : null;
        PullRequestFacts facts = new()
        {
            Run = run,
            Files = context.Workspace.Tree,
            Commit = commit.Value,
            Tree = tree,
            Verification = verification,
            Base = VerifiedChange.OfBase(context),
            Stories = StoryTable.Read(context.Outputs),
            Guard = guard,
            Notes = Texts(context, "notes"),
            Left = Texts(context, "skipped"),
            HowToRun = Texts(context, "start"),
            Record = record,
            OwnTemplate = await ReadOwnTemplateAsync(context, cancellationToken),
        };
        string body = PullRequestText.Compose(facts);
        List<Effect> effects = [];
        if (context.Permissions.Checks)
        {
            effects.Add(VerificationCheck.Compose(commit, run.BaseCommit, verification, VerifiedChange.OfBase(context), record));
        }

        effects.Add(new OpenPullRequest(
            new EffectKey($"pull_request/{run.Branch}/{Digest($"{title}\n{!isDraft}\n{body}")}"),
            run.Branch, inputs.Base ?? run.DefaultBranch, title, body, isDraft, ["agentworkflow", .. inputs.Labels], [run.Actor]));
        return new StepResult.Act(effects, new JsonObject { ["record"] = record });
    }

    private static StepResult.Done Done(StepContext context, TestGuardFindings guard, string title, Receipt pull, string commit, string tree)
    {
        JsonObject? verification = VerifiedChange.Judge(context, guard);
        bool isDraft = !VerifiedChange.IsTested(verification) && !VerifiedChange.IsOnlyBase(verification);
        string number = pull["number"] ?? "0";
        return new StepResult.Done(
            new JsonObject
            {
                ["url"] = pull["url"],
                ["number"] = long.Parse(number, CultureInfo.InvariantCulture),
                ["title"] = title,
                ["branch"] = context.Run.Branch.Value,
                ["commit"] = commit,
                ["tree"] = tree,
                ["draft"] = isDraft,
                ["verified"] = verification?["verified"]?.GetValue<bool>() ?? false,
                ["verification"] = verification?["status"]?.ToString() ?? "skipped",
                ["reason"] = verification is null ? "the workflow ran no commands" : verification["reason"]?.DeepClone(),
                ["stories"] = new JsonArray([.. StoryTable.Read(context.Outputs).Select(s => s.ToJson())]),
                ["record"] = context.Carry?["record"]?.DeepClone(),
            },
            $"{ItemNumber.Text(long.Parse(number, CultureInfo.InvariantCulture))}{(isDraft ? ", a draft" : "")}");
    }

    private static async Task<string?> ReadOwnTemplateAsync(StepContext context, CancellationToken cancellationToken)
    {
        RepoPath? path = OwnTemplates.Select(RepoPath.Parse).FirstOrDefault(context.Run.BaseTree.Files.ContainsKey);
        if (path is null || !context.Workspace.Tree.Files.ContainsKey(path))
        {
            return null;
        }

        using StreamReader reader = new(await context.Workspace.OpenReadAsync(path, cancellationToken));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static List<string> Texts(StepContext context, string name) =>
        [.. context.Outputs.Values.OfType<JsonObject>().Where(o => o[name] is JsonArray).SelectMany(o => o[name]?.AsArray() ?? []).Select(t => t?.ToString() ?? "").Distinct()];

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
}
