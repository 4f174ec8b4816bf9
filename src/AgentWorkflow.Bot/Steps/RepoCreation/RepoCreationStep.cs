using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.RepoCreation;

/// <summary>Makes a new repository of the run's files.</summary>
internal sealed class RepoCreationStep : StepType<RepoCreationInputs>
{
    private const string StoryLabel = "story";
    private const int MostTopics = 20;
    private const int MostTopicLength = 50;

    /// <inheritdoc/>
    public override string Kind => "repo_creation";

    /// <inheritdoc/>
    public override string Summary => "Makes a new repository with the files as its first commit, its configuration, and stories as issues.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Permissions => ["contents"];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("url", "Where it is: its page, or its folder on the Local forge."),
        new("id", "The forge's number of it."),
        new("name", "Its owner and name."),
        new("forge", "The forge it is on."),
        new("commit", "The first commit."),
        new("issues", "How many issues it was given."),
    ];

    /// <inheritdoc/>
    protected override Task<StepResult> RunAsync(RepoCreationInputs inputs, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult(context.Receipts.Count > 0 ? Tell(context) : (StepResult?)Refuse(inputs, context) ?? Ask(inputs, context));

    private static StepResult.Failed? Refuse(RepoCreationInputs inputs, StepContext context)
    {
        string id = context.StepId;
        return RepositoryNames.Check(inputs.Name) is { } rule
                ? new("AW3510", $"'name: {InertText.Plain(inputs.Name)}' of '{id}' cannot be a repository's name: {rule}; '{RepositoryNames.Suggest(inputs.Name)}' would do.")
            : !RepoRef.TryParse($"{OwnerOf(inputs, context)}/{inputs.Name}", out _)
                ? new("AW3511", $"'owner: {InertText.Plain(inputs.Owner ?? "")}' of '{id}' cannot be an account or group; write it as it stands in the forge's addresses.")
            : inputs.Visibility > context.Run.Visibility
                ? new("AW3512", $"'visibility: {Word(inputs.Visibility)}' of '{id}' would show it to more people than {context.Run.Repository}, which is {Word(context.Run.Visibility)}; leave it out, or change that repository first.")
            : !BranchName.TryParse(inputs.DefaultBranch, out _)
                ? new("AW3513", $"'default-branch: {InertText.Plain(inputs.DefaultBranch)}' of '{id}' cannot be a branch; 'main' would do.")
            : BadTopic(inputs.Topics) is { } topic
                ? new("AW3514", $"'topics' of '{id}': {topic}.")
            : StoryIssues.Of(inputs.Stories, []) is not { Count: <= StoryIssues.Most }
                ? new("AW3515", $"'stories' of '{id}' is no list of at most {StoryIssues.Most} stories, each with a title; give it the 'stories' of a requirements step.")
            : context.Workspace.Tree.Files.Count == 0
                ? new("AW3516", $"There are no files for '{id}' to begin with; let a step before it write some.")
            : null;
    }

    private static StepResult.Act Ask(RepoCreationInputs inputs, StepContext context)
    {
        RunFacts run = context.Run;
        string forge = inputs.Forge ?? run.Forge;
        RepoRef target = RepoRef.TryParse($"{OwnerOf(inputs, context)}/{inputs.Name}", out RepoRef? parsed) ? parsed : run.Repository;
        RepositorySettings settings = new()
        {
            Description = InertText.Plain(inputs.Description ?? run.Issue?.Title ?? ""),
            Visibility = inputs.Visibility,
            DefaultBranch = inputs.DefaultBranch,
            Topics = [.. inputs.Topics.Distinct(StringComparer.Ordinal)],
            Labels = [.. inputs.Labels.DistinctBy(l => l.Name, StringComparer.OrdinalIgnoreCase).Select(l => new RepositoryLabel(InertText.Plain(l.Name), l.Color.ToLowerInvariant(), InertText.Plain(l.Description)))],
            Protect = inputs.Protect,
            Reviews = inputs.Protect ? inputs.Reviews : 0,
        };
        string message = $"Start {target.Name}\n\nGenerated from {run.Repository}{(run.Issue is { } issue ? ItemNumber.Text(issue.Number) : "")} by the workflow {run.WorkflowName}.\n\n{CommitTrailers.Of(run)}";
        return new StepResult.Act(
        [
            new CreateRepository(
                new EffectKey($"repository/{forge}/{target}".ToLowerInvariant()), forge, target, settings, context.Workspace.Tree, message, run.CreatedAt,
                StoryIssues.Of(inputs.Stories, [.. settings.Labels.Select(l => l.Name).Where(l => l == StoryLabel)]) ?? [],
                inputs.Milestone is { } milestone ? InertText.Plain(milestone) : null, run.Actor),
        ],
        new JsonObject { ["forge"] = forge, ["issues"] = (inputs.Stories as JsonArray)?.Count ?? 0 });
    }

    private static StepResult Tell(StepContext context)
    {
        Receipt made = context.Receipts[^1];
        return made.Outcome is EffectOutcome.Refused
            ? new StepResult.Failed("AW3517", $"The repository was not made: {made.Reason?.TrimEnd('.')}.")
            : new StepResult.Done(
                new JsonObject
                {
                    ["url"] = made["url"],
                    ["id"] = long.Parse(made["id"] ?? "0", CultureInfo.InvariantCulture),
                    ["name"] = made["name"],
                    ["forge"] = context.Carry?["forge"]?.DeepClone(),
                    ["commit"] = made["commit"],
                    ["issues"] = context.Carry?["issues"]?.DeepClone(),
                },
                made["name"]);
    }

    private static string OwnerOf(RepoCreationInputs inputs, StepContext context) => inputs.Owner ?? context.Run.Repository.Owner;

    private static string Word(RepositoryVisibility visibility) => visibility.ToString().ToLowerInvariant();

    private static string? BadTopic(IReadOnlyList<string> topics) =>
        topics.Count > MostTopics ? $"there are {topics.Count}, and {MostTopics} is the most"
        : topics.FirstOrDefault(t => t.Length is 0 or > MostTopicLength || t[0] == '-' || !t.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) is { } bad
            ? $"'{InertText.Plain(bad)}' has other characters than lower-case letters, digits and '-'"
        : null;
}
