using System.Collections.Frozen;

namespace AgentWorkflow.Engine.Definition;

/// <summary>The bot's own words.</summary>
public static class ReservedWords
{
    /// <summary>Commands that a workflow cannot take.</summary>
    public static FrozenSet<string> Commands { get; } =
        new[] { "approve", "aw", "cancel", "export", "help", "init", "reject", "retry", "revise", "status" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Names that a workflow cannot have: what may follow <c>/generate</c>.</summary>
    public static FrozenSet<string> Workflows { get; } = new[] { "help", "init" }.ToFrozenSet(StringComparer.Ordinal);
}
