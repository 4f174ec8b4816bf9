namespace AgentWorkflow.Bot.Web.Access;

/// <summary>What a caller may do, each including those before it.</summary>
internal enum Role
{
    /// <summary>May look.</summary>
    Viewer,

    /// <summary>May also start, stop and answer runs, and export.</summary>
    Operator,

    /// <summary>May also hand out and revoke tokens.</summary>
    Admin,
}
