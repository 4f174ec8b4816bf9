using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AgentWorkflow.Bot.Storage;

/// <summary>A place in a list that is sorted by time and id, newest first: where the next page begins, whatever was added since.</summary>
/// <param name="At">The time of the row before it.</param>
/// <param name="Id">That row's id.</param>
internal sealed record PagePlace(DateTimeOffset At, string Id)
{
    private const int MostLength = 200;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PagePlace? place)
    {
        place = null;
        if (string.IsNullOrEmpty(text) || text.Length > MostLength || !Base64Url.IsValid(text))
        {
            return false;
        }

        string[] parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ');
        if (parts is [{ } ticks, { Length: > 0 } id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out long at) && at <= DateTimeOffset.MaxValue.UtcTicks)
        {
            place = new PagePlace(new DateTimeOffset(at, TimeSpan.Zero), id);
        }

        return place is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks} {Id}")));
}
