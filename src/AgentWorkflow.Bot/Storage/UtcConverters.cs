using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Times as ticks of UTC: SQLite has no type for them, and numbers compare and sort.</summary>
internal sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

/// <summary>Times in UTC, as PostgreSQL's driver demands; the server keeps microseconds.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);
