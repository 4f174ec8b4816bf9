namespace AgentWorkflow.Engine.Workspaces;

/// <summary>Something at the base commit that a run does not read as what it stands for, and leaves as it is.</summary>
/// <param name="Path">Where it is; it may be a name that no file of ours could have.</param>
/// <param name="What">What it is, with its article: <c>a submodule</c>.</param>
public sealed record LeftAlone(string Path, string What);
