using System.Globalization;

using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Brings a default into the one form that every language of the templates reads.</summary>
internal static class DefaultValue
{
    /// <summary>The default in its normal form; null where it does not fit the field's type or rules.</summary>
    public static string? Fit(string value, Field field) => field.Type.Kind switch
    {
        FieldKind.Text or FieldKind.LongText => Text(value, field),
        FieldKind.Integer => Number(value, field, decimals: 0),
        FieldKind.Decimal => Number(value, field, decimals: 9),
        FieldKind.Money => Number(value, field, decimals: 2),
        FieldKind.Boolean => value.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "1" or "y" => "true",
            "false" or "no" or "off" or "0" or "n" => "false",
            _ => null,
        },
        FieldKind.Enum => field.Type.Values.FirstOrDefault(v => v == value) ?? field.Type.Values.FirstOrDefault(v => English.Key(v) == English.Key(value)),
        FieldKind.Date => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? value : null,
        FieldKind.Time => TimeOnly.TryParseExact(value, (string[])["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? value : null,
        FieldKind.DateTime => DateTimeOffset.TryParseExact(value, (string[])["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null,
        FieldKind.Url => Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" ? value : null,
        _ => null,
    };

    // A field that is unique cannot have a default: the second row would be refused.
    private static string? Text(string value, Field field) =>
        field.Unique || value.Length > (field.MaxLength ?? 1000) || value.Length < (field.MinLength ?? 0) || field.Pattern is { } pattern && !PlainPattern.IsMatch(pattern, value) ? null : value;

    private static string? Number(string value, Field field, int decimals)
    {
        bool read = decimal.TryParse(value.TrimEnd('%', ' '), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number);
        return !read || field.Unique || number < field.Min || number > field.Max || decimal.Round(number, decimals) != number || Math.Abs(number) > long.MaxValue
            ? null : number.ToString("0.#########", CultureInfo.InvariantCulture);
    }
}
