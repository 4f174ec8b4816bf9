using System.ComponentModel;

namespace AgentWorkflow.Bot.Steps.Export;

/// <summary>What <c>with</c> of an <c>export</c> step says.</summary>
internal sealed record ExportInputs
{
    /// <summary>The formats.</summary>
    [Description("The archives to write: zip, tar, tar.gz. Without it: zip.")]
    public IReadOnlyList<string>? Formats { get; init; }

    /// <summary>The name.</summary>
    [Description("The archive's name and its root folder. Without it: the repository's name.")]
    public string? Name { get; init; }
}
