using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>
/// The step type <c>command</c>: runs argument lists apart from everything else. A command or test that fails does not fail
/// the step: it is its result, and the pull request becomes a draft.
/// </summary>
internal sealed class CommandStep(SandboxSelector sandboxes, SandboxPlaces places, IContentStore contents) : StepType<CommandInputs>
{
    /// <summary>The name in workflow files.</summary>
    public const string KindName = "command";

    private const long LargestWrite = 64L << 20;

    /// <inheritdoc/>
    public override string Kind => KindName;

    /// <inheritdoc/>
    public override string Summary => "Runs argument lists in the sandbox: 'install' with the network, 'run' without, and reads the test reports.";

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("status", "passed, failed, or skipped where there is no sandbox."),
        new("verified", "True when all passed in a sandbox, on exactly this tree, and at least one test is reported as passed."),
        new("reason", "One sentence that says why it is not verified; null when it is."),
        new("exitCode", "The exit code of the last command that was run; null when none was."),
        new("sandbox", "The name of the sandbox; 'none' where commands ran without one."),
        new("commands", "The commands in order: phase, run, exitCode, seconds."),
        new("tests", "passed, failed, skipped, and cases with name, outcome, message, location; null without reports."),
        new("reportDigest", "The SHA-256 of the reports; null without reports."),
        new("toolchain", "The versions of the programs in the box, by name."),
        new("tree", "The digest of the files that were checked out."),
        new("log", "What the commands said, cut in the middle when it is long."),
        new("on", "workspace or base: the files that the commands ran on."),
        new("found", "On the base: the projects that the repository holds, with name, directory, why and confidence."),
        new("notes", "On the base: what was not understood there, a sentence each."),
        new("groups", "On the base: the commands that were run, by project, with reason, failed and named; what 'again' runs again."),
        new("comparison", "With 'again': newlyFailed, newlySkipped, gone and failedBefore; null without."),
        new("onlyBase", "True when nothing failed but what fails on the base commit too."),
    ];

    /// <inheritdoc/>
    protected override IReadOnlyList<string> WritesOf(CommandInputs inputs) => inputs.Writes;

    /// <inheritdoc/>
    protected override async Task<StepResult> RunAsync(CommandInputs inputs, StepContext context, CancellationToken cancellationToken)
    {
        List<PathGlob> reports = [], writes = [];
        if ((ReadGlobs(inputs.Reports, reports, context) ?? ReadGlobs(inputs.Writes, writes, context)) is { } refusal)
        {
            return refusal;
        }

        CommandPlan plan = await CommandPlan.MakeAsync(inputs, reports, context, contents, cancellationToken);
        if (plan.Refusal is { } refused)
        {
            return refused;
        }

        string fingerprint = plan.Tree.Fingerprint();
        if (plan.Groups.Count == 0)
        {
            return new StepResult.Done(plan.Tell(Verification.Refused(plan.Nothing, fingerprint), []), plan.Nothing);
        }

        SandboxChoice choice = await sandboxes.ChooseAsync(cancellationToken);

        // The one exception of P83: what such a run tests is never called verified. A repository's own code has no part in it.
        ISandbox? sandbox = choice.Sandbox ?? (!choice.IsWanted && plan.IsOurs && context.Run.MayRunUnsandboxed ? sandboxes.Host : null);
        if (sandbox is null)
        {
            string reason = $"AW2101 {choice.Refusal}, then: {Again(context)}";
            context.Log.Write(reason);
            return new StepResult.Done(plan.Tell(Verification.Refused(reason, fingerprint), []), "no sandbox", Retryable: true);
        }

        using PrivateFolder folder = PrivateFolder.Create(places.WorkFolder);
        CommandRun run = new(sandbox, choice.Sandbox is null ? "none" : sandbox.Name, folder, context);
        await CheckOutAsync(plan, run.WorkFolder, context, cancellationToken);
        (Verification facts, IReadOnlyList<GroupResult> results) = await run.RunAsync(plan.Tree, plan.Groups, cancellationToken);
        Verification verification = plan.Judge(facts, results);
        if (verification.Faults.Count == 0)
        {
            try
            {
                await BringBackAsync(new WorkFiles(run.WorkFolder), writes, context, cancellationToken);
            }
            catch (WorkspaceRefusedException refusedWrite)
            {
                return new StepResult.Failed(refusedWrite.Code, refusedWrite.Message, Outputs: verification.ToOutputs());
            }
        }

        SayRepair(inputs, verification, context);

        // Done either way, so that a draft can be published; a retry runs what did not pass again.
        return new StepResult.Done(plan.Tell(verification.ToOutputs(), results), plan.Note(verification), Retryable: verification.Faults.Count + verification.Excused.Count > 0);
    }

    private Task CheckOutAsync(CommandPlan plan, string folder, StepContext context, CancellationToken cancellationToken) => plan.IsOnBase
        ? CheckOut.WriteAsync(contents, plan.Tree, folder, cancellationToken)
        : context.Workspace.CheckOutAsync(folder, cancellationToken);

    private static async Task BringBackAsync(WorkFiles files, List<PathGlob> writes, StepContext context, CancellationToken cancellationToken)
    {
        foreach (RepoPath path in writes.Count == 0 ? [] : files.Find(writes))
        {
            byte[] content = await files.ReadAsync(path, LargestWrite, cancellationToken)
                ?? throw new WorkspaceRefusedException("AW2104", $"'{path}' was made by the commands of '{context.StepId}' and is larger than {LargestWrite >> 20} MiB.");
            await context.Workspace.WriteAsync(path, content, files.IsExecutable(path), cancellationToken);
        }
    }

    private static StepResult.Failed? ReadGlobs(IReadOnlyList<string> texts, List<PathGlob> globs, StepContext context)
    {
        foreach (string text in texts)
        {
            if (!PathGlob.TryParse(text, out PathGlob? glob, out string? why))
            {
                return new StepResult.Failed("AW2103", $"the glob '{text}' of the step '{context.StepId}' cannot be used: {why}.");
            }

            globs.Add(glob);
        }

        return null;
    }

    private static void SayRepair(CommandInputs inputs, Verification verification, StepContext context)
    {
        if (inputs.Repair is { Attempts: > 0 } repair && verification.Faults.Count > 0)
        {
            context.Log.Write($"Nothing was repaired: the agent of '{repair.Step}' uses no model, and only a model can change code after a failure.");
        }
    }

    private static string Again(StepContext context) => context.Run.Forge == "local"
        ? $"agentworkflow generate --retry {context.Run.Id[..Math.Min(8, context.Run.Id.Length)]}"
        : "/retry";
}
