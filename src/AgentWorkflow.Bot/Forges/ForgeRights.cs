namespace AgentWorkflow.Bot.Forges;

/// <summary>What effects write besides words on issues: a forge that gives out tokens gives one for no more than this.</summary>
[Flags]
internal enum ForgeRights
{
    /// <summary>Words, reactions and labels alone.</summary>
    None = 0,

    /// <summary>Branches and commits.</summary>
    Contents = 1,

    /// <summary>Pull requests.</summary>
    PullRequests = 2,

    /// <summary>Checks.</summary>
    Checks = 4,

    /// <summary>CI files in a commit.</summary>
    CiFiles = 8,
}
