using System.Text;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Who asks: nobody, or a user by a token.</summary>
internal sealed record Caller(AccessToken? Token) : ICaller
{
    public static Caller Anonymous { get; } = new((AccessToken?)null);

    /// <inheritdoc/>
    public string Name => Token?.User.Username ?? "anonymous";

    /// <summary>Whether the token has one of these scopes; <c>api</c> holds all others.</summary>
    public bool Has(params ReadOnlySpan<string> scopes)
    {
        foreach (string scope in scopes)
        {
            if (Token?.Scopes.Contains(scope) == true || Token?.Scopes.Contains("api") == true)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Says who asks, and whether they may.</summary>
internal sealed class Gatekeeper(GitLabWorld world)
{
    /// <summary>Who asks, by <c>PRIVATE-TOKEN</c>, a bearer token, or the password of git's Basic.</summary>
    public (Caller Caller, Answer? Refusal) Identify(IHeaderDictionary headers)
    {
        string secret = headers["PRIVATE-TOKEN"].ToString();
        string[] parts = headers.Authorization.ToString().Split(' ', 2);
        if (secret.Length == 0 && parts.Length == 2)
        {
            secret = parts[0].Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8.GetString(Convert.FromBase64String(parts[1])).Split(':', 2)[^1] : parts[1].Trim();
        }

        if (secret.Length == 0)
        {
            return (Caller.Anonymous, null);
        }

        if (!world.Tokens.TryGetValue(secret, out AccessToken? token))
        {
            return (Caller.Anonymous, Refusal.Unauthorized);
        }

        Caller caller = new(token);
        if (token.Revoked)
        {
            return (caller, Refusal.Token("invalid_token", "Token was revoked. You have to re-authorize from the user."));
        }

        if (token.ExpiresAt is { } last && DateOnly.FromDateTime(world.Now.UtcDateTime) >= last)
        {
            return (caller, Refusal.Token("invalid_token", "Token is expired. You can either do re-authorization or token refresh."));
        }

        return (caller, token.User.State == "blocked" ? Refusal.Forbidden("Your account has been blocked.") : null);
    }

    /// <summary>Why a caller may not do what needs scopes and an access level; null where it may.</summary>
    public static Answer? Refuse(Caller caller, Need need, Project? project, bool writes)
    {
        if (caller.Token is null && (writes || project is null || !GitLabWorld.Sees(null, project)))
        {
            return need.Public ? null : project is not null && !writes ? Refusal.NotFound("Project") : Refusal.Unauthorized;
        }

        if (caller.Token is not null && !caller.Has(need.Scopes))
        {
            Answer answer = Refusal.Token("insufficient_scope", "The request requires higher privileges than provided by the access token.");
            answer.Body!["scope"] = string.Join(' ', need.Scopes);
            return answer;
        }

        if (project is null)
        {
            return null;
        }

        if (!GitLabWorld.Sees(caller.Token?.User, project))
        {
            return Refusal.NotFound("Project");
        }

        // What is open to all is open to readers of any level.
        int level = caller.Token is null ? 0 : project.Level(caller.Token.User);
        if (level < (need.Open && project.Visibility != "private" ? 0 : need.Level))
        {
            return Refusal.Forbidden();
        }

        return writes && project.Archived && !need.Archived ? Refusal.Forbidden() : null;
    }
}

/// <summary>What an operation needs.</summary>
/// <param name="Level">The access level.</param>
/// <param name="Scopes">Any one of these scopes.</param>
internal sealed record Need(int Level, params string[] Scopes)
{
    /// <summary>Whether a project that is not private needs no level.</summary>
    public bool Open { get; init; }

    /// <summary>Whether nobody has to say who they are.</summary>
    public bool Public { get; init; }

    /// <summary>Whether it also works on what is archived.</summary>
    public bool Archived { get; init; }

    public static Need Read { get; } = new(10, "api", "read_api") { Open = true };

    public static Need ReadCode { get; } = new(20, "api", "read_api", "read_repository") { Open = true };

    public static Need Converse { get; } = new(10, "api") { Open = true };

    public static Need Plan { get; } = new(15, "api");

    public static Need Develop { get; } = new(30, "api");

    public static Need Maintain { get; } = new(40, "api");

    public static Need ReadAsMaintainer { get; } = new(40, "api", "read_api");
}
