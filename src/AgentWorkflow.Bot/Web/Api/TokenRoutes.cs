using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;

using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Tokens, for admins: nobody hands out more than they have.</summary>
internal static class TokenRoutes
{
    private const int Portion = 200;

    /// <summary>Maps them.</summary>
    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.Map(ApiTable.ListTokens, ListAsync);
        routes.Map(ApiTable.CreateToken, CreateAsync);
        routes.Map(ApiTable.GetToken, GetAsync);
        routes.Map(ApiTable.RevokeToken, RevokeAsync);
    }

    private static async Task<Results<Ok<Page<TokenDetails>>, ProblemHttpResult>> ListAsync(
        ApiTokens tokens, HttpContext context, int? limit, string? after, CancellationToken cancellationToken)
    {
        if (Paging.Read(limit, after, out int most, out PagePlace? before) is { } problem)
        {
            return problem;
        }

        // There are few, and whose they are is in their patterns: so the page is filled portion by portion.
        List<ApiTokenRow> seen = [];
        IReadOnlyList<ApiTokenRow> rows;
        do
        {
            rows = await tokens.ListAsync(before, Portion, cancellationToken);
            seen.AddRange(rows.Where(t => Caller.Of(context).Scope.Covers(ApiTokens.ScopeOf(t))));
            before = rows.Count > 0 ? PlaceOf(rows[^1]) : before;
        }
        while (rows.Count == Portion && seen.Count <= most);

        return TypedResults.Ok(Paging.Of(seen, most, TokenDetails.Of, PlaceOf));
    }

    private static async Task<Results<Created<TokenMade>, ProblemHttpResult>> CreateAsync(TokenWanted wanted, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        Caller caller = Caller.Of(context);
        if (!RepositoryScope.TryParse(wanted.Repository, out RepositoryScope? scope))
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "AW2624", $"'{wanted.Repository}' is no pattern like {RepositoryScope.Forms}.", "$.repository");
        }

        int days = wanted.Days ?? ApiTokens.UsualDays;
        if (ApiTokens.Refusal(wanted.Name, days) is { } refusal)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "AW2613", refusal, days is < 1 or > ApiTokens.MostDays ? "$.days" : "$.name");
        }

        if (!caller.Scope.Covers(scope))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "AW2615", $"Your own token is for {caller.Scope}, so it makes none for {scope}.", "$.repository");
        }

        (ApiTokenRow row, string token) = await tokens.CreateAsync(new NewToken(wanted.Name, wanted.Role, scope, days), caller.Id, cancellationToken);
        return TypedResults.Created($"/api/v1/tokens/{row.Id}", new TokenMade(row.Id, token, row.ExpiresAt));
    }

    private static async Task<Results<Ok<TokenDetails>, ProblemHttpResult>> GetAsync(string id, ApiTokens tokens, CancellationToken cancellationToken) =>
        await tokens.GetAsync(id, cancellationToken) is { } row ? TypedResults.Ok(TokenDetails.Of(row)) : Problems.NotFound("token");

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string id, ApiTokens tokens, HttpContext context, CancellationToken cancellationToken) =>
        await tokens.RevokeAsync(id, Caller.Of(context).Id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("token");

    private static PagePlace PlaceOf(ApiTokenRow row) => new(row.CreatedAt, row.Id);
}

/// <summary>A token that is wanted.</summary>
/// <param name="Name">What people will know it by.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Repository">The repositories it is for: owner/name, owner/* or *, perhaps with a forge and a colon in front.</param>
/// <param name="Days">How long it lives: 30 unless told, at most 90.</param>
internal sealed record TokenWanted(string Name, Role Role, string Repository, int? Days = null);

/// <summary>A new token.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Token">Its text, which is shown this once.</param>
/// <param name="ExpiresAt">When it ends.</param>
internal sealed record TokenMade(string Id, string Token, DateTimeOffset ExpiresAt);

/// <summary>A token, without its text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Repository">The repositories it is for.</param>
/// <param name="CreatedBy">The token that made it, or the command line.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="LastUsedAt">When it was used last, to the minute.</param>
/// <param name="RevokedAt">When it was revoked.</param>
internal sealed record TokenDetails(
    string Id, string Name, Role Role, string Repository, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>Reads it.</summary>
    public static TokenDetails Of(ApiTokenRow row) =>
        new(row.Id, row.Name, row.Role, row.Repository, row.CreatedBy, row.CreatedAt, row.ExpiresAt, row.LastUsedAt, row.RevokedAt);
}
