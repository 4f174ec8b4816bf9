using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>A token that is to be made.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Scope">With which repositories.</param>
/// <param name="Days">How long; at most <see cref="ApiTokens.MostDays"/>.</param>
internal sealed record NewToken(string Name, Role Role, RepositoryScope Scope, int Days);

/// <summary>What a token's text was found to be.</summary>
/// <param name="Caller">Who has it; null where it is refused.</param>
/// <param name="Code">The stable code of the refusal.</param>
/// <param name="Refusal">Why, in a sentence.</param>
internal sealed record TokenFinding(Caller? Caller, string? Code = null, string? Refusal = null);

/// <summary>
/// API tokens: shown once, stored as a hash, at most 90 days old, and asked for at each request, so that a revoked one is
/// refused everywhere at once (promise P58).
/// </summary>
internal sealed partial class ApiTokens(IDbContextFactory<BotDb> databases, IRandomSource random, TimeProvider time, ILogger<ApiTokens> logger)
{
    /// <summary>How long a token lives unless told, in days.</summary>
    public const int UsualDays = 30;

    /// <summary>The longest life, in days.</summary>
    public const int MostDays = 90;

    /// <summary>The longest name, in characters.</summary>
    public const int MostName = 100;

    private static readonly TimeSpan UseStep = TimeSpan.FromMinutes(1);

    /// <summary>Why there is no such token, in a sentence; null where nothing is wrong.</summary>
    public static string? Refusal(string name, int days) =>
        name.Length is 0 or > MostName || name.Trim() != name || name.Any(char.IsControl) ? $"The name of a token has 1 to {MostName} characters and no blank at its ends."
        : days is < 1 or > MostDays ? $"A token lives 1 to {MostDays} days, not {days}."
        : null;

    /// <summary>Makes a token.</summary>
    /// <returns>Its row, and its text: this is the only time that anybody sees it.</returns>
    public async Task<(ApiTokenRow Row, string Token)> CreateAsync(NewToken wanted, string by, CancellationToken cancellationToken)
    {
        string token = TokenText.New(random);
        DateTimeOffset now = time.GetUtcNow();
        ApiTokenRow row = new()
        {
            Id = random.NextBase32(26),
            Name = wanted.Name,
            Role = wanted.Role,
            Repository = wanted.Scope.ToString(),
            Hash = TokenText.HashOf(token),
            CreatedBy = by,
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromDays(wanted.Days),
        };
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        Log.Made(logger, row.Id, row.Role, row.Repository, by);
        return (row, token);
    }

    /// <summary>Who has this text.</summary>
    public async Task<TokenFinding> FindAsync(string token, CancellationToken cancellationToken)
    {
        if (!TokenText.IsWellFormed(token))
        {
            return new TokenFinding(null, "AW2602", "This is no token of this bot; make one with 'agentworkflow token create'.");
        }

        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        string hash = TokenText.HashOf(token);
        DateTimeOffset now = time.GetUtcNow();
        ApiTokenRow? row = await db.Set<ApiTokenRow>().AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, cancellationToken);
        if (row is null || row.RevokedAt is not null || row.ExpiresAt <= now)
        {
            return row is null ? new TokenFinding(null, "AW2602", "This is no token of this bot; make one with 'agentworkflow token create'.")
                : row.RevokedAt is not null ? new TokenFinding(null, "AW2604", "The token was revoked; make another one.")
                : new TokenFinding(null, "AW2603", $"The token expired at {row.ExpiresAt:u}; make another one.");
        }

        if (row.LastUsedAt is null || row.LastUsedAt < now - UseStep)
        {
            await db.Set<ApiTokenRow>().Where(t => t.Id == row.Id).ExecuteUpdateAsync(s => s.SetProperty(t => t.LastUsedAt, (DateTimeOffset?)now), cancellationToken);
        }

        return new TokenFinding(new Caller(row.Id, row.Name, row.Role, ScopeOf(row)));
    }

    /// <summary>Which of these tokens count no more.</summary>
    public async Task<IReadOnlySet<string>> FindEndedAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        List<string> alive = await db.Set<ApiTokenRow>().Where(t => ids.Contains(t.Id) && t.RevokedAt == null && t.ExpiresAt > now).Select(t => t.Id).ToListAsync(cancellationToken);
        return ids.Except(alive).Where(id => id != Caller.Local.Id).ToHashSet();
    }

    /// <summary>Tokens, newest first, those that count no more too.</summary>
    /// <param name="before">The id before which the list goes on; null for its beginning.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<ApiTokenRow>> ListAsync(PagePlace? before, int most, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<ApiTokenRow> rows = db.Set<ApiTokenRow>().AsNoTracking();
        if (before is { } place)
        {
            DateTimeOffset at = place.At;
            string id = place.Id;
            rows = rows.Where(t => t.CreatedAt <= at && (t.CreatedAt < at || string.Compare(t.Id, id) < 0));
        }

        return await rows.OrderByDescending(t => t.CreatedAt).ThenByDescending(t => t.Id).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>The token of an id, or null.</summary>
    public async Task<ApiTokenRow?> GetAsync(string id, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<ApiTokenRow>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, cancellationToken);
    }

    /// <summary>Ends a token; one that is revoked already stays as it is.</summary>
    /// <returns>False where there is none.</returns>
    public async Task<bool> RevokeAsync(string id, string by, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        int revoked = await db.Set<ApiTokenRow>().Where(t => t.Id == id && t.RevokedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.RevokedAt, (DateTimeOffset?)now), cancellationToken);
        if (revoked > 0)
        {
            Log.Revoked(logger, id, by);
        }

        return revoked > 0 || await db.Set<ApiTokenRow>().AnyAsync(t => t.Id == id, cancellationToken);
    }

    /// <summary>The repositories of a token.</summary>
    public static RepositoryScope ScopeOf(ApiTokenRow row) =>
        RepositoryScope.TryParse(row.Repository, out RepositoryScope? scope) ? scope : throw new FormatException($"'{row.Repository}' in table ApiTokens is no pattern.");

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Token {Id} was made by {By}: {Role} on {Repository}.")]
        public static partial void Made(ILogger logger, string id, Role role, string repository, string by);

        [LoggerMessage(Level = LogLevel.Information, Message = "Token {Id} was revoked by {By}.")]
        public static partial void Revoked(ILogger logger, string id, string by);
    }
}
