using System.Net;
using System.Text.Json;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Guards;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>GitHub's refusals in our words: one sentence, no token, no address with a query.</summary>
internal static class Faults
{
    private const int MostQuoted = 200;

    private static readonly TimeSpan s_unsaidPause = TimeSpan.FromMinutes(1);

    /// <summary>The connection broke or no answer came in time.</summary>
    public static ForgeException Broken(GitHubRequest request, Exception exception)
    {
        // Without the inner exception's text: it may hold an address.
        return request.IsSafe || BrokenConnection.CameBeforeSending(exception)
            ? new ForgeException(ForgeFault.Unavailable, $"AW3040: GitHub does not answer (to {request.What}); it is tried again.", exception)
            : new ForgeException(ForgeFault.Ambiguous, $"AW3041: The connection to GitHub broke before it answered (to {request.What}).", exception);
    }

    /// <summary>An answer that says no.</summary>
    public static ForgeException Refused(GitHubRequest request, GitHubAccess access, HttpStatusCode status, byte[] body, DateTimeOffset? until)
    {
        string said = Said(body);
        string asked = $"(to {request.What}{(said.Length == 0 ? "" : $": \"{said}\"")})";
        bool limited = until is not null || (status is HttpStatusCode.Forbidden && Says(said, "rate limit", "abuse detection"));
        if (limited)
        {
            return Limited(access, asked, until);
        }

        return status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new ForgeException(ForgeFault.NotFound, $"AW3042: GitHub does not have it, or does not show it to the App {asked}."),
            HttpStatusCode.Unauthorized => new ForgeException(ForgeFault.Denied, $"AW3043: GitHub does not take the App's key or token; check GitHub__AppId, GitHub__PrivateKeyPath and this machine's clock {asked}."),
            HttpStatusCode.Forbidden => new ForgeException(ForgeFault.Denied, Forbidden(said, asked)),
            HttpStatusCode.UnavailableForLegalReasons => new ForgeException(ForgeFault.Denied, $"AW3047: GitHub has blocked the repository {asked}."),
            HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity => new ForgeException(ForgeFault.Conflict, $"AW3048: GitHub does not take it as it is {asked}."),
            HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect =>
                new ForgeException(ForgeFault.NotFound, $"AW3049: {access.Repository?.ToString() ?? "It"} was renamed or transferred {asked}."),
            >= HttpStatusCode.InternalServerError when request.IsSafe => new ForgeException(ForgeFault.Unavailable, $"AW3050: GitHub has an error of its own ({(int)status}) {asked}."),
            >= HttpStatusCode.InternalServerError => new ForgeException(ForgeFault.Ambiguous, $"AW3051: GitHub broke off with an error of its own ({(int)status}) {asked}."),
            _ => new ForgeException(ForgeFault.Denied, $"AW3052: GitHub answers {(int)status} {asked}."),
        };
    }

    /// <summary>The errors of a GraphQL answer: of the first that is not merely about something missing.</summary>
    public static ForgeException Refused(GitHubRequest request, GitHubAccess access, GraphQlError error)
    {
        string said = Quoted(error.Message ?? "");
        string asked = $"(to {request.What}: \"{said}\")";
        return error.Type switch
        {
            "RATE_LIMITED" => Limited(access, asked, null),
            "NOT_FOUND" when request.IsSafe => new ForgeException(ForgeFault.NotFound, $"AW3042: GitHub does not have it, or does not show it to the App {asked}."),
            "NOT_FOUND" or "STALE_DATA" or "UNPROCESSABLE" or "CONFLICT" => new ForgeException(ForgeFault.Conflict, $"AW3048: GitHub does not take it as it is {asked}."),
            "FORBIDDEN" or "INSUFFICIENT_SCOPES" => new ForgeException(ForgeFault.Denied, Forbidden(said, asked)),
            null or "INTERNAL" or "SERVICE_UNAVAILABLE" when !Says(said, "resource not accessible") =>
                new ForgeException(request.IsSafe ? ForgeFault.Unavailable : ForgeFault.Ambiguous, $"AW3050: GitHub has an error of its own {asked}."),
            _ => new ForgeException(ForgeFault.Denied, Forbidden(said, asked)),
        };
    }

    private static ForgeException Limited(GitHubAccess access, string asked, DateTimeOffset? until) =>
        new(ForgeFault.RateLimited, $"AW3021: GitHub wants us to come back later {asked}.") { Until = until ?? access.Gate.CloseFor(s_unsaidPause) };

    private static string Forbidden(string said, string asked) =>
        Says(said, "archived") ? $"AW3044: The repository is archived, so nothing can be written {asked}."
        : Says(said, "suspended") ? $"AW3011: The GitHub App is suspended there; the owner can let it work again in the settings of the installation {asked}."
        : Says(said, "locked") ? $"AW3045: The conversation is locked {asked}."
        : Says(said, "not accessible by integration") ? $"AW3046: The App has no permission for it; its owner must grant it and the installation accept it {asked}."
        : $"AW3052: GitHub refuses it {asked}.";

    private static bool Says(string text, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Said(byte[] body)
    {
        try
        {
            ErrorAnswer? error = body.Length == 0 ? null : JsonSerializer.Deserialize(body, GitHubJson.Default.ErrorAnswer);
            string details = error?.Errors is { ValueKind: JsonValueKind.Array } list ? string.Join(", ", list.EnumerateArray().Take(3).Select(Detail).Where(d => d.Length > 0)) : "";
            return Quoted(details.Length == 0 ? error?.Message ?? "" : $"{error?.Message}: {details}");
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string Detail(JsonElement error) =>
        error.ValueKind is JsonValueKind.String ? error.GetString() ?? ""
        : error.ValueKind is JsonValueKind.Object && error.TryGetProperty("message", out JsonElement text) && text.ValueKind is JsonValueKind.String ? text.GetString() ?? ""
        : error.ValueKind is JsonValueKind.Object && error.TryGetProperty("code", out JsonElement code) ? $"{(error.TryGetProperty("field", out JsonElement field) ? field.ToString() : "")} {code}".Trim()
        : "";

    private static string Quoted(string text)
    {
        string plain = InertText.Plain(text).Replace('"', '\'');
        return ShortText.Of(plain, MostQuoted);
    }
}
