using System.Net;
using System.Text.Json;

using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Guards;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>GitLab's refusals in our words: one sentence, no token, no address.</summary>
internal static class GitLabFaults
{
    private const int MostQuoted = 200;

    /// <summary>The connection broke or no answer came in time.</summary>
    public static ForgeException Broken(string what, bool isSafe, Exception exception) =>
        isSafe || BrokenConnection.CameBeforeSending(exception)
            ? new ForgeException(ForgeFault.Unavailable, $"AW3040: GitLab does not answer (to {what}); it is tried again.", exception)
            : new ForgeException(ForgeFault.Ambiguous, $"AW3041: The connection to GitLab broke before it answered (to {what}).", exception);

    /// <summary>An answer that says no.</summary>
    /// <param name="what">What the request was for.</param>
    /// <param name="isSafe">True for a question.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">The answer's body.</param>
    /// <param name="until">When to come back, where a limit was met.</param>
    public static ForgeException Refused(string what, bool isSafe, HttpStatusCode status, byte[] body, DateTimeOffset? until)
    {
        string said = Said(body);
        string asked = $"(to {what}{(said.Length == 0 ? "" : $": \"{said}\"")})";
        return until is not null || status is HttpStatusCode.TooManyRequests ? new ForgeException(ForgeFault.RateLimited, $"AW3021: GitLab wants us to come back later {asked}.") { Until = until } : status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new ForgeException(ForgeFault.NotFound, $"AW3042: GitLab does not have it, or does not show it to the bot's account {asked}."),
            HttpStatusCode.Unauthorized => new ForgeException(ForgeFault.Denied, $"AW3043: GitLab does not take the token; check GitLab__Token, and whether it has expired {asked}."),
            HttpStatusCode.Forbidden => new ForgeException(ForgeFault.Denied, Forbidden(said, asked)),
            HttpStatusCode.BadRequest when isSafe => new ForgeException(ForgeFault.Denied, $"AW3052: GitLab answers 400 {asked}."),
            HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity => new ForgeException(ForgeFault.Conflict, $"AW3048: GitLab does not take it as it is {asked}."),
            HttpStatusCode.RequestEntityTooLarge => new ForgeException(ForgeFault.Denied, $"AW3053: It is larger than GitLab takes in one request {asked}."),
            HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect =>
                new ForgeException(ForgeFault.NotFound, $"AW3049: It was renamed or transferred, or GitLab__Url is not the address that GitLab itself uses {asked}."),
            >= HttpStatusCode.InternalServerError when isSafe => new ForgeException(ForgeFault.Unavailable, $"AW3050: GitLab has an error of its own ({(int)status}) {asked}."),
            >= HttpStatusCode.InternalServerError => new ForgeException(ForgeFault.Ambiguous, $"AW3051: GitLab broke off with an error of its own ({(int)status}) {asked}."),
            _ => new ForgeException(ForgeFault.Denied, $"AW3052: GitLab answers {(int)status} {asked}."),
        };
    }

    private static string Forbidden(string said, string asked) =>
        said.Contains("insufficient_scope", StringComparison.OrdinalIgnoreCase) ? $"AW3054: The token has not the scope for it; make one with the scope 'api' {asked}."
        : said.Contains("archived", StringComparison.OrdinalIgnoreCase) ? $"AW3044: The project is archived, so nothing can be written {asked}."
        : said.Contains("locked", StringComparison.OrdinalIgnoreCase) ? $"AW3045: The conversation is locked {asked}."
        : said.Contains("protected", StringComparison.OrdinalIgnoreCase) || said.Contains("not allowed to push", StringComparison.OrdinalIgnoreCase) ? $"AW3055: The branch is protected against the bot {asked}."
        : $"AW3046: The bot's account has no right to it; give it the role Developer in the project {asked}.";

    // {"message": "..."}, {"message": {"base": ["..."]}}, {"error": "...", "error_description": "..."}
    private static string Said(byte[] body)
    {
        try
        {
            if (body.Length == 0)
            {
                return "";
            }

            using JsonDocument answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind is not JsonValueKind.Object ? ""
                : Quoted(string.Join(", ", new[] { "message", "error", "error_description" }.SelectMany(n => answer.RootElement.TryGetProperty(n, out JsonElement part) ? Words(part) : []).Take(4)));
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static IEnumerable<string> Words(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => [part.GetString() ?? ""],
        JsonValueKind.Array => part.EnumerateArray().SelectMany(Words),
        JsonValueKind.Object => part.EnumerateObject().SelectMany(m => Words(m.Value).Select(w => $"{m.Name} {w}")),
        _ => [],
    };

    private static string Quoted(string text)
    {
        string plain = InertText.Plain(text).Replace('"', '\'');
        return plain.Length <= MostQuoted ? plain : plain[..MostQuoted].TrimEnd() + "…";
    }
}
