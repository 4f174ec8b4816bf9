using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>
/// The main job, start to end, as a person would do it on a forge: a repository, an issue with the idea, a comment
/// <c>/generate</c>; then the run is driven in this process.
/// </summary>
internal sealed class GenerateJob(LocalRepositoryMaker repositories, LocalPeople people, IContentStore contents, WorkflowCatalog workflows, WorkflowParser parser, Inbox inbox, RunStore runs, RunDriver driver)
{
    private const string Owner = "ideas";

    /// <summary>Asks for the run.</summary>
    /// <returns>What was made for it; where the run's id is null it was refused, and the reason says why.</returns>
    public async Task<GenerateStart> StartAsync(GenerateRequest request, CancellationToken cancellationToken)
    {
        Requirements read = IdeaReader.Read(request.Idea, fallbackTitle: null);
        ActorId you = LocalForge.You;
        RepoRef wanted = RepoRef.TryParse($"{Owner}/{read.Name}", out RepoRef? parsed) ? parsed : throw new InvalidOperationException($"'{read.Name}' is no repository name.");
        (IReadOnlyList<RepositoryFile> files, string? workflow) = await FirstFilesAsync(read, request.Workflow, cancellationToken);
        string command = string.Join(' ', new[] { "/generate", workflow }.Concat(request.Inputs).Where(w => w is not null));
        if (Refusal(wanted, files, command) is { } refusal)
        {
            return new GenerateStart(null, null, read, null, refusal);
        }

        RepositoryFacts repository = await repositories.CreateAsync(wanted, await StoreAsync(files, cancellationToken), you, cancellationToken);
        CrashPoint.Here("made:repository");
        IssueFacts issue = await people.CreateIssueAsync(repository.Repository, you, read.Title, request.Idea, [], cancellationToken);
        CrashPoint.Here("made:issue");
        LocalComment comment = await people.CommentAsync(repository.Repository, you, issue.Number, command, cancellationToken);
        CrashPoint.Here("made:comment");
        IReadOnlyList<InboxDecision> decisions = await inbox.DecideAllAsync(comment.Id, cancellationToken);

        // A 'serve' beside us may have decided on it first: the run is found by its issue, which nobody else has.
        string? run = await runs.FindNewestAsync("local", repository.Repository, issue.Number, cancellationToken);
        return new GenerateStart(repository, issue, read, run, string.Join("; ", decisions.Select(d => d.Reason)));
    }

    /// <summary>Drives the run until it is over, waits for a person, or is stopped.</summary>
    public Task<RunState?> DriveAsync(string runId, bool retry, IRunObserver observer, CancellationToken cancellationToken) =>
        driver.DriveAsync(runId, observer, retry, cancellationToken);

    /// <summary>What the inbox will say to the command, asked before anything is made: a typing mistake leaves no repository behind.</summary>
    private string? Refusal(RepoRef repository, IReadOnlyList<RepositoryFile> files, string command)
    {
        (IReadOnlyList<SourcedWorkflow> found, IReadOnlyList<Diagnostic> broken) = workflows.Read([.. files.Where(f => WorkflowFolders.Hold(f.Path.Value))]);
        TriggerEvent asked = new()
        {
            Name = "issue_comment",
            Action = "created",
            Repository = repository,
            RepositoryId = 0,
            Sender = LocalForge.You,
            Issue = 1,
            CommentBody = command,
            CommentAuthorId = LocalForge.You.Id,
        };
        TriggerScene scene = new() { Workflows = [.. found.Select(w => w.Workflow)], Broken = broken, Permission = RepositoryPermission.Admin };
        return TriggerRules.Decide(asked, scene) switch
        {
            Decision.Start => null,
            Decision.Refuse refuse => $"{refuse.Code} {refuse.Reason}",
            Decision.Ignore ignore => $"AW2518 '{command}' starts nothing: {ignore.Reason}.",
            _ => $"AW2518 '{command}' starts nothing.",
        };
    }

    /// <summary>The first commit: a README, and the workflow file where one is to be tried.</summary>
    private async Task<(IReadOnlyList<RepositoryFile> Files, string? Workflow)> FirstFilesAsync(Requirements idea, string? workflow, CancellationToken cancellationToken)
    {
        RepositoryFile readme = new(RepoPath.Parse("README.md"), System.Text.Encoding.UTF8.GetBytes($"# {idea.Title}\n"));
        if (workflow is null || !(workflow.EndsWith(".yml", StringComparison.Ordinal) || workflow.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            return ([readme], workflow);
        }

        if (!File.Exists(workflow))
        {
            throw new SettingsException($"AW2505 there is no file '{workflow}'; name a workflow file, or a workflow without '.yml'.");
        }

        byte[] text = await File.ReadAllBytesAsync(workflow, cancellationToken);
        WorkflowParse parse = parser.Parse(workflow, text);
        if (parse.Workflow is not { } valid)
        {
            throw new SettingsException($"AW2519 the workflow file cannot be used: {parse.Diagnostics[0]}");
        }

        return ([readme, new RepositoryFile(RepoPath.Parse($"{WorkflowFolders.All[0]}{Path.GetFileName(workflow)}"), text)], valid.Name);
    }

    private async Task<WorkspaceTree> StoreAsync(IReadOnlyList<RepositoryFile> files, CancellationToken cancellationToken)
    {
        WorkspaceTree tree = WorkspaceTree.Empty;
        foreach (RepositoryFile file in files)
        {
            tree = tree.With(file.Path, new FileEntry(await contents.PutAsync(file.Content, cancellationToken), file.Content.Length, Executable: false));
        }

        return tree;
    }
}

/// <summary>What was made to ask for a run.</summary>
internal sealed record GenerateStart(RepositoryFacts? Repository, IssueFacts? Issue, Requirements Requirements, string? RunId, string Reason);
