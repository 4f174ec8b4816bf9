using System.Diagnostics.CodeAnalysis;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Guards;

/// <summary>A row that belongs to a repository of a forge.</summary>
internal interface IOfRepository
{
    /// <summary>The forge's name.</summary>
    string Forge { get; }

    /// <summary><c>owner/name</c>.</summary>
    string Repository { get; }
}

/// <summary>
/// The repositories that somebody may see: all, those of an owner, or one; of every forge or of one. Names are compared to the
/// letter: who is not sure to be meant is not.
/// </summary>
internal sealed record RepositoryScope
{
    /// <summary>What a pattern is, for texts.</summary>
    public const string Forms = "OWNER/NAME, OWNER/* or *, with 'github:' or another forge in front where it is meant for that forge alone";

    private const string Any = "*";

    private RepositoryScope(string? forge, string? owner, string? name) => (Forge, Owner, Name) = (forge, owner, name);

    /// <summary>The one forge; null for all.</summary>
    public string? Forge { get; }

    /// <summary>The owner, and whatever stands below it; null for all.</summary>
    public string? Owner { get; }

    /// <summary>The one repository of the owner; null for all.</summary>
    public string? Name { get; }

    /// <summary>Every repository.</summary>
    public static RepositoryScope Everything { get; } = new(null, null, null);

    /// <summary>One repository.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static RepositoryScope Of(string forge, string repository) =>
        RepoRef.TryParse(repository, out RepoRef? parsed) ? Of(forge, parsed) : throw new FormatException($"'{repository}' is no repository.");

    /// <summary>One repository.</summary>
    public static RepositoryScope Of(string forge, RepoRef repository) => new(forge, repository.Owner, repository.Name);

    /// <summary>Reads a pattern; see <see cref="Forms"/>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepositoryScope? scope)
    {
        scope = null;
        int colon = text?.IndexOf(':') ?? -1;
        string? forge = colon > 0 ? text?[..colon] : null;
        string names = text?[(colon + 1)..] ?? "";
        if (colon == 0 || forge?.All(char.IsAsciiLetterLower) is false)
        {
            return false;
        }

        if (names == Any)
        {
            scope = new RepositoryScope(forge, null, null);
        }
        else if (names.EndsWith("/*", StringComparison.Ordinal) && RepoRef.TryParse($"{names[..^1]}x", out RepoRef? owned))
        {
            scope = new RepositoryScope(forge, owned.Owner, null);
        }
        else if (RepoRef.TryParse(names, out RepoRef? one))
        {
            scope = new RepositoryScope(forge, one.Owner, one.Name);
        }

        return scope is not null;
    }

    /// <summary>True where whatever the other means is meant by this one too.</summary>
    public bool Covers(RepositoryScope other) => (Forge is null || Forge == other.Forge) && CoversNames(other);

    /// <summary>The rows that are meant.</summary>
    public IQueryable<T> Of<T>(IQueryable<T> rows)
        where T : class, IOfRepository
    {
        if (Forge is { } forge)
        {
            rows = rows.Where(r => r.Forge == forge);
        }

        if (Owner is { } owner)
        {
            // Not LIKE: it does not mind case on SQLite.
            string names = Name is { } name ? $"{owner}/{name}" : $"{owner}/";
            int length = names.Length;
            rows = Name is null ? rows.Where(r => r.Repository.Substring(0, length) == names) : rows.Where(r => r.Repository == names);
        }

        return rows;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Forge is null ? "" : $"{Forge}:")}{(Owner is null ? Any : $"{Owner}/{Name ?? Any}")}";

    private bool CoversNames(RepositoryScope other) =>
        Owner is null ? true
        : Name is not null ? Owner == other.Owner && Name == other.Name
        : other.Owner is { } owner && (owner == Owner || owner.StartsWith($"{Owner}/", StringComparison.Ordinal));
}
