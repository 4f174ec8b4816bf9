using System.Buffers;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Headers of deliveries, read strictly: exactly one value, and only of characters that names have.</summary>
internal static class WebhookHeaders
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>A name or an id; null where there is none, or none that is taken.</summary>
    public static string? NameOf(HttpRequest request, string header) =>
        request.Headers[header] is [{ Length: > 0 and <= NewDelivery.MostNameLength } value] && !value.AsSpan().ContainsAnyExcept(NameCharacters) ? value : null;

    /// <summary>A whole number; null where there is none.</summary>
    public static long? NumberOf(HttpRequest request, string header) => request.Headers[header] is [{ } value] && long.TryParse(value, out long number) ? number : null;

    /// <summary>Why nobody can decide on a body of this type; null for JSON.</summary>
    public static string? Unreadable(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && (type.Length == 16 || type[16] is ';' or ' ')
            ? null
            : "unreadable: the content type is not application/json";
}
