using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Reads a stored body as JSON, strictly: what two readers could understand in two ways is read in none. Nobody calls it before
/// the delivery is stored.
/// </summary>
internal static class DeliveryPayload
{
    /// <summary>How deep a payload may be; those of forges are less than ten deep.</summary>
    public const int MostDepth = 64;

    private const string HalfCharacter = "a text in it holds half a character";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads it.</summary>
    /// <param name="body">The raw bytes.</param>
    /// <param name="payload">The payload, an object; the caller disposes it.</param>
    /// <param name="unreadable">Why it cannot be read, else null.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out JsonDocument? payload, [NotNullWhen(false)] out string? unreadable)
    {
        payload = null;
        try
        {
            _ = Strict.GetCharCount(body.Span);
            payload = JsonDocument.Parse(body, Options);
            unreadable = payload.RootElement.ValueKind is not JsonValueKind.Object ? "it is no JSON object"
                : HasHalfCharacters(body.Span) ? HalfCharacter
                : null;
        }
        catch (DecoderFallbackException)
        {
            unreadable = "it is not UTF-8";
        }
        catch (InvalidOperationException)
        {
            // From the check for members that are named twice: it asks for the names.
            unreadable = HalfCharacter;
        }
        catch (JsonException)
        {
            unreadable = body.Span.StartsWith("payload="u8)
                ? "it is form data; set the webhook's content type to application/json"
                : $"it is no JSON, names a member twice or is more than {MostDepth} deep";
        }

        if (unreadable is not null)
        {
            payload?.Dispose();
            payload = null;
        }

        return unreadable is null;
    }

    // The parser lets half of a surrogate pair pass as an escape and only fails when somebody asks for the text.
    private static bool HasHalfCharacters(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\u"u8) < 0)
        {
            return false;
        }

        Utf8JsonReader reader = new(body, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            while (reader.Read())
            {
                if (reader is { ValueIsEscaped: true, TokenType: JsonTokenType.String or JsonTokenType.PropertyName })
                {
                    _ = reader.GetString();
                }
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
