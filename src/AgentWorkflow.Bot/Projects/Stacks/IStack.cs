using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks;

/// <summary>A built-in stack: what its template of the same name is told about an idea. One folder and one registration line each.</summary>
internal interface IStack
{
    /// <summary>The name of the stack and of its template, e.g. <c>dotnet-webapi</c>.</summary>
    string Name { get; }

    /// <summary>The members that the template's files read. The same requirements give the same model.</summary>
    JsonObject BuildModel(Requirements requirements);

    /// <summary>
    /// What was generated for each story: <c>[{ story, operations: ["POST /books"], tests: ["BookTests.Refuses_Empty_Title"],
    /// criteriaCovered, uncovered }]</c>. Only what is really in the generated files.
    /// </summary>
    JsonArray BuildEvidence(Requirements requirements);
}
