namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>A user: a person, a service account, or the user of a project's access token.</summary>
public sealed class Account
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The name, which can change hands.</summary>
    public required string Username { get; set; }

    /// <summary>Whether GitLab calls it a bot: service accounts and the users of project and group tokens.</summary>
    public bool Bot { get; init; }

    /// <summary><c>active</c> or <c>blocked</c>.</summary>
    public string State { get; set; } = "active";

    /// <summary>Whether it may do everything.</summary>
    public bool Admin { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A personal, project or group access token.</summary>
public sealed class AccessToken
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The secret.</summary>
    public required string Value { get; init; }

    /// <summary>Who acts by it.</summary>
    public required Account User { get; init; }

    /// <summary><c>api</c>, <c>read_api</c>, <c>read_repository</c>, <c>write_repository</c>, ...</summary>
    public required HashSet<string> Scopes { get; init; }

    /// <summary>The day on which it ends, or null.</summary>
    public DateOnly? ExpiresAt { get; set; }

    /// <summary>Whether somebody took it back.</summary>
    public bool Revoked { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A group, or a person's own namespace.</summary>
public sealed class Group
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The last part of its path.</summary>
    public required string Path { get; set; }

    /// <summary>The group it stands in, or null.</summary>
    public Group? Parent { get; init; }

    /// <summary>Whose own namespace it is; null for a group.</summary>
    public Account? Owner { get; init; }

    /// <summary>Whether it is gone.</summary>
    public bool Deleted { get; set; }

    /// <summary><c>private</c>, <c>internal</c> or <c>public</c>.</summary>
    public string Visibility { get; set; } = "public";

    /// <summary>Who may make projects: <c>developer</c>, <c>maintainer</c>, <c>noone</c>.</summary>
    public string ProjectCreation { get; set; } = "developer";

    /// <summary>Access levels by user: 10, 15, 20, 30, 40, 50.</summary>
    public Dictionary<long, int> Members { get; } = [];

    /// <summary>The whole path.</summary>
    public string FullPath => Parent is null ? Path : $"{Parent.FullPath}/{Path}";

    /// <summary>The access level of a user, inherited from above as well; 0 for none.</summary>
    public int Level(Account user) => Math.Max(Members.GetValueOrDefault(user.Id), Math.Max(Owner == user ? 50 : 0, Parent?.Level(user) ?? 0));
}
