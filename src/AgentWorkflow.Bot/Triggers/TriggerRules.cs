using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What a decision is made on besides the event: facts of one moment, and the operator's word.</summary>
internal sealed record TriggerScene
{
    /// <summary>The workflows of the default branch, and the built-in ones.</summary>
    public required IReadOnlyList<Workflow> Workflows { get; init; }

    /// <summary>What is wrong with the files that are none.</summary>
    public IReadOnlyList<Diagnostic> Broken { get; init; } = [];

    /// <summary>The sender's right on the repository.</summary>
    public required RepositoryPermission Permission { get; init; }

    /// <summary>The settings.</summary>
    public TriggerPolicy Policy { get; init; } = new();

    /// <summary>The issue or pull request; null where there is none.</summary>
    public IssueFacts? Issue { get; init; }

    /// <summary>The default branch's name.</summary>
    public string DefaultBranch { get; init; } = "main";

    /// <summary>The issue that our own pull request belongs to; null where the event is about no pull request of ours.</summary>
    public long? OwnPullOf { get; init; }
}

/// <summary>
/// The decision: given an event, the workflows of the default branch and the asker's permission, what starts, or why not.
/// Pure; asked again it answers the same.
/// </summary>
internal static class TriggerRules
{
    /// <summary>The signal that opens a run again.</summary>
    public const string Retry = "retry";

    /// <summary>True where it takes the workflows to know whether the event means anything here: then the right is asked for last.</summary>
    public static bool NeedsWorkflows(TriggerEvent happened, TriggerPolicy policy) =>
        happened.Name is "issues" || (CommandLine.TryRead(happened.CommentBody ?? "", policy.Prefix) is { } command && !CommandLine.IsReserved(command.Name));

    /// <summary>True where the sender's right decides: nobody is asked about for an event that means nothing here, or that the forge itself tells.</summary>
    public static bool NeedsPermission(TriggerEvent happened, TriggerScene scene) => happened switch
    {
        { Name: "issues" } => scene.Workflows.Any(w => w.On.IssueLabels.Contains(happened.Label)),
        { Push: { } push } => push.Branch == scene.DefaultBranch && scene.Workflows.Any(w => TouchedBy(w, push)),
        { CommentBody: { } body } => CommandLine.TryRead(body, scene.Policy.Prefix) is { } command
            && (CommandLine.IsReserved(command.Name) || scene.Workflows.Any(w => w.On.Command == command.Name)),
        { Schedule: { } time } => Scheduled(time, scene) is not null,
        _ => happened.Name is "check_run" or "check_suite",
    };

    /// <summary>Decides.</summary>
    public static Decision Decide(TriggerEvent happened, TriggerScene scene) => Screening.Of(happened, scene.Policy) ?? happened switch
    {
        { Name: "issues" } => DecideLabel(happened, scene),
        { Name: "push" } => DecidePush(happened, scene),
        { Schedule: { } time } => DecideSchedule(time, happened, scene),
        { Pull: { IsFork: true } pull, Name: "pull_request" } => new Decision.Check(pull.Commit, Paths: null, []),
        { Name: "check_run" or "check_suite" } => DecideAgain(happened, scene),
        { Name: "installation" or "installation_repositories" } => new Decision.Stop(happened.Lost, "The App was taken off this repository or is suspended, so the run cannot go on."),
        { Name: "repository", Repository: { } gone } => new Decision.Stop([gone], $"The repository was {happened.Action}, so the run cannot go on."),
        _ => CommandRules.Decide(happened, scene),
    };

    /// <summary>The refusal of somebody who may not.</summary>
    public static Decision.Refuse TooWeak(string what, TriggerScene scene) => new(
        "AW2021", $"{what} was not run: your access to this repository is *{Word(scene.Permission)}*, and *{Word(scene.Policy.Minimum)}* is needed.");

    /// <summary>Starts the workflow, or says what is wrong with the inputs.</summary>
    public static Decision WithInputs(Workflow workflow, IReadOnlyDictionary<string, string> given, string kind, string cause, CommandLine? command) =>
        WorkflowInputs.TryBind(workflow, given, out System.Text.Json.Nodes.JsonObject? inputs, out string? refusal)
            ? new Decision.Start(workflow, inputs, kind, cause, command)
            : new Decision.Refuse("AW2026", refusal);

    private static Decision DecideLabel(TriggerEvent happened, TriggerScene scene)
    {
        Workflow? workflow = scene.Workflows.FirstOrDefault(w => w.On.IssueLabels.Contains(happened.Label));

        // Put on again after it was taken off it is another cause; when it was is on the issue.
        string cause = $"{happened.Issue}/{happened.Label}/{happened.IssueChangedAt?.ToUnixTimeSeconds()}";
        return workflow is null ? new Decision.Ignore($"no workflow starts by the label '{happened.Label}'")
            : scene.Issue is { IsPullRequest: true } ? new Decision.Ignore("labels of pull requests start nothing")
            : scene.Permission < scene.Policy.Minimum ? TooWeak($"The label '{happened.Label}'", scene)
            : WithInputs(workflow, new Dictionary<string, string>(), "label", cause, null);
    }

    /// <summary>Files are checked wherever they are pushed; only the default branch's start anything, and only for people with the right (promise P49).</summary>
    private static Decision DecidePush(TriggerEvent happened, TriggerScene scene)
    {
        if (happened.Push is not { After: { } after } push)
        {
            return new Decision.Ignore("no push");
        }

        List<Decision.Start> starts = [];
        bool mayStart = push.Branch == scene.DefaultBranch && scene.Permission >= scene.Policy.Minimum
            && (!happened.SenderIsBot || scene.Policy.AllowedBots.Contains(happened.Sender.Id));
        foreach (Workflow workflow in scene.Workflows.Where(w => mayStart && TouchedBy(w, push)))
        {
            if (WithInputs(workflow, new Dictionary<string, string>(), "push", $"{push.Ref}/{after}", null) is Decision.Start start)
            {
                starts.Add(start);
            }
        }

        string[] files = [.. push.Paths.Where(WorkflowFolders.Hold)];
        return files.Length > 0 || !push.IsWhole ? new Decision.Check(after, push.IsWhole ? files : null, starts)
            : starts.Count > 0 ? new Decision.Check(after, [], starts)
            : new Decision.Ignore("it touches no workflow file, and no workflow waits for its paths");
    }

    private static Workflow? Scheduled(ScheduledTime time, TriggerScene scene) =>
        scene.Workflows.FirstOrDefault(w => w.Path == time.Path.Value && w.On.Schedules.Contains(time.Cron));

    /// <summary>Whoever changed the file last asks for it, at each time anew.</summary>
    private static Decision DecideSchedule(ScheduledTime time, TriggerEvent happened, TriggerScene scene) => Scheduled(time, scene) switch
    {
        null => new Decision.Ignore("the default branch has no such schedule any more"),
        _ when scene.Permission < scene.Policy.Minimum => new Decision.Refuse(
            "AW2041", $"The schedule of '{time.Path}' was not run: @{happened.Sender.Login} changed the file last, whose access is *{Word(scene.Permission)}*, and *{Word(scene.Policy.Minimum)}* is needed."),
        { } workflow => WithInputs(workflow, new Dictionary<string, string>(), "schedule", $"{time.Cron}@{time.At.ToUnixTimeSeconds()}", null),
    };

    private static bool TouchedBy(Workflow workflow, PushEvent push) =>
        workflow.On.PushPaths.Any(p => PathGlob.TryParse(p, out PathGlob? glob, out _) && push.Paths.Any(glob.IsMatch));

    /// <summary>"Re-run" on a check of a run is its retry; on a check of files, the check.</summary>
    private static Decision DecideAgain(TriggerEvent happened, TriggerScene scene) =>
        happened.Check is not { } check ? new Decision.Ignore("no check")
        : scene.Permission < scene.Policy.Minimum ? new Decision.Ignore($"AW2021: whoever asks for the check again has *{Word(scene.Permission)}* alone")
        : check.Owner == WorkflowFileCheck.Owner ? new Decision.Check(check.Commit, Paths: null, [])
        : new Decision.Tell(Retry, [], check.Owner);

    private static string Word(RepositoryPermission permission) => permission.ToString().ToLowerInvariant();
}
