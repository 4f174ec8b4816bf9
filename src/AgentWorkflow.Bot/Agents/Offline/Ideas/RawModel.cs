namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>An entity as somebody wrote it: in a table, a list, a diagram or SQL.</summary>
internal sealed record RawEntity(string Name, string Description, int Line)
{
    /// <summary>The fields in order.</summary>
    public List<RawField> Fields { get; } = [];
}

/// <summary>A field as somebody wrote it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The words for the type; empty when none were given.</param>
/// <param name="Rules">The rules, one each.</param>
/// <param name="Line">From 1.</param>
internal sealed record RawField(string Name, string Type, IReadOnlyList<string> Rules, int Line)
{
    /// <summary>Parts of a free remark: what is not a rule in it is no reason for a note.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>True for a column that only carries a relation which an arrow states: a foreign key of a diagram.</summary>
    public bool IsForeignKey { get; init; }
}

/// <summary>A relation stated apart from the fields: "A book has many loans", an arrow of a diagram.</summary>
/// <param name="From">The entity that holds the reference.</param>
/// <param name="To">The entity it points to.</param>
/// <param name="Field">The field's name; null when it is named after <paramref name="To"/>.</param>
/// <param name="Many">True for a list of references.</param>
/// <param name="Required">True when there must be one.</param>
/// <param name="Line">From 1.</param>
internal sealed record RawRelation(string From, string To, string? Field, bool Many, bool Required, int Line)
{
    /// <summary>True when no two of the first may point to the same.</summary>
    public bool OneToOne { get; init; }
}

/// <summary>All that was found of entities.</summary>
internal sealed class RawModel
{
    /// <summary>Entities in order; one name may come twice.</summary>
    public List<RawEntity> Entities { get; } = [];

    /// <summary>Relations in order.</summary>
    public List<RawRelation> Relations { get; } = [];

    /// <summary>What was left out, one sentence each.</summary>
    public List<string> Notes { get; } = [];
}
