using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Detection;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>Commands that belong together: one project in one folder. The first that fails is its last.</summary>
/// <param name="Name">What it is, in words; null for what the workflow says.</param>
/// <param name="Directory">The folder it runs in; empty for the root.</param>
/// <param name="Install">Argument lists with the network.</param>
/// <param name="Run">Argument lists without it.</param>
/// <param name="Reports">Globs of its reports, from the root.</param>
internal sealed record CommandGroup(
    string? Name, string Directory, IReadOnlyList<IReadOnlyList<string>> Install, IReadOnlyList<IReadOnlyList<string>> Run, IReadOnlyList<PathGlob> Reports)
{
    /// <summary>True for the commands of the repository itself, which say nothing of each other.</summary>
    public bool IsOfBase { get; init; }

    /// <summary>What was found in a repository. A folder whose name no glob can say has no reports.</summary>
    public static CommandGroup Of(FoundProject project) => new(project.Title, project.Directory, project.Install, project.Test, Globs(project.Reports)) { IsOfBase = true };

    /// <summary>The groups among the outputs of a step that ran on the base.</summary>
    public static IReadOnlyList<CommandGroup> Read(JsonObject outputs) =>
        [.. (outputs["groups"] as JsonArray ?? []).OfType<JsonObject>().Select(g => new CommandGroup(
            g["name"]?.ToString(), g["directory"]?.ToString() ?? "", Lists(g["install"]), Lists(g["run"]), Globs([.. (g["reports"] as JsonArray ?? []).Select(r => $"{r}")])) { IsOfBase = true })];

    /// <summary>As an output, with what became of it.</summary>
    public JsonObject ToJson(GroupResult? result) => new()
    {
        ["name"] = Name,
        ["directory"] = Directory,
        ["install"] = ToJson(Install),
        ["run"] = ToJson(Run),
        ["reports"] = new JsonArray([.. Reports.Select(r => JsonValue.Create(r.Text))]),
        ["reason"] = result is { Faults: [var fault, ..] } ? fault : null,
        ["failed"] = result?.Failed.Count ?? 0,
        ["named"] = result?.Cases.Count ?? 0,
    };

    /// <summary>True where both run the same in the same folder.</summary>
    public bool IsSameAs(CommandGroup other) => Directory == other.Directory && Same(Install, other.Install) && Same(Run, other.Run);

    private static bool Same(IReadOnlyList<IReadOnlyList<string>> one, IReadOnlyList<IReadOnlyList<string>> other) =>
        one.Count == other.Count && one.Zip(other).All(p => p.First.SequenceEqual(p.Second, StringComparer.Ordinal));

    private static List<PathGlob> Globs(IReadOnlyList<string> texts) =>
        [.. texts.Select(t => PathGlob.TryParse(t, out PathGlob? glob, out _) ? glob : null).OfType<PathGlob>()];

    private static IReadOnlyList<IReadOnlyList<string>> Lists(JsonNode? lists) => lists.Deserialize<IReadOnlyList<IReadOnlyList<string>>>(InputBinder.Options) ?? [];

    private static JsonArray ToJson(IReadOnlyList<IReadOnlyList<string>> lists) => [.. lists.Select(l => (JsonNode)new JsonArray([.. l.Select(a => JsonValue.Create(a))]))];
}
