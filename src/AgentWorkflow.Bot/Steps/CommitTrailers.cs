using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps;

/// <summary>The last lines of every commit of a run: what made it, and who asked.</summary>
internal static class CommitTrailers
{
    /// <summary>The trailers, each with its line's end.</summary>
    public static string Of(RunFacts run) => $"AgentWorkflow-Run: {run.Key}\nAgentWorkflow-Workflow: {run.WorkflowSource}\nCo-authored-by: {PersonOf(run)}\n";

    /// <summary>Who asked, with the address of the forge that reaches nobody.</summary>
    public static string PersonOf(RunFacts run)
    {
        string name = InertText.Plain(run.Actor.Name ?? run.Actor.Login).Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal);
        return $"{(name.Length == 0 ? run.Actor.Login : name)} <{run.Actor.Id}{(run.Forge == "gitlab" ? '-' : '+')}{run.Actor.Login}@users.noreply.{(run.Host == "local" ? "local.invalid" : run.Host)}>";
    }
}
