using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Steps.RepoCreation;

/// <summary>What <c>with</c> of a <c>repo_creation</c> step says.</summary>
internal sealed record RepoCreationInputs
{
    /// <summary>The name.</summary>
    [Description("The repository's name: letters, digits, '-', '_' and '.'. A name that is taken or that the forge refuses fails the step with a free one that would do.")]
    public required string Name { get; init; }

    /// <summary>The owner.</summary>
    [Description("The organization, group or namespace; the owner of the run's repository unless told.")]
    public string? Owner { get; init; }

    /// <summary>The forge.</summary>
    [Description("The forge: local, github or gitlab; the run's unless told.")]
    public string? Forge { get; init; }

    /// <summary>The description.</summary>
    [Description("One line that says what it is.")]
    [MaxLength(350)]
    public string? Description { get; init; }

    /// <summary>Who may see it.</summary>
    [Description("private, internal or public; never wider than the repository that the run belongs to.")]
    public RepositoryVisibility Visibility { get; init; }

    /// <summary>The default branch.</summary>
    [Description("The default branch's name.")]
    [MaxLength(120)]
    public string DefaultBranch { get; init; } = "main";

    /// <summary>Topics.</summary>
    [Description("Topics: lower-case letters, digits and '-', 50 characters, at most 20.")]
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Labels.</summary>
    [Description("Labels of the repository. Where one is called 'story', the issues made of stories carry it.")]
    public IReadOnlyList<LabelInput> Labels { get; init; } = [];

    /// <summary>Protects the default branch.</summary>
    [Description("The default branch takes changes through pull requests alone, and is neither rewritten nor deleted.")]
    public bool Protect { get; init; }

    /// <summary>Reviews.</summary>
    [Description("How many people must approve a change to the protected branch.")]
    [Range(0, 6)]
    public int Reviews { get; init; } = 1;

    /// <summary>Stories.</summary>
    [Description("A list of stories, as a requirements step gives them; each becomes an issue. Needs 'issues: write'.")]
    public JsonNode? Stories { get; init; }

    /// <summary>The milestone.</summary>
    [Description("The milestone of these issues.")]
    [MaxLength(200)]
    public string? Milestone { get; init; }
}

/// <summary>A label.</summary>
internal sealed record LabelInput
{
    /// <summary>The name.</summary>
    [Description("The label's name.")]
    [MaxLength(50)]
    public required string Name { get; init; }

    /// <summary>The colour.</summary>
    [Description("Six hexadecimal digits.")]
    [RegularExpression("^[0-9a-fA-F]{6}$")]
    public string Color { get; init; } = "ededed";

    /// <summary>The description.</summary>
    [Description("One line.")]
    [MaxLength(100)]
    public string Description { get; init; } = "";
}
