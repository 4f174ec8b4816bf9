using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Intake.Schedules;

/// <summary>
/// Makes a delivery of each time that has come. Its id is the time's, so that replicas and restarts make one; what was missed while
/// nothing ran is made up for once, by the latest time of the last day.
/// </summary>
internal sealed class ScheduleClock(ScheduleBook book, DeliveryStore deliveries, TimeProvider time)
{
    /// <summary>The event's name.</summary>
    public const string Event = "schedule";

    /// <summary>How old a missed time may be.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Stores what is due.</summary>
    /// <returns>How many deliveries are new.</returns>
    public async Task<int> TickAsync(CancellationToken cancellationToken)
    {
        int stored = 0;
        foreach (ScheduleRow row in await book.FindDueAsync(cancellationToken))
        {
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset from = row.DueAt > now - Longest ? row.DueAt : now - Longest;
            if (CronTimes.Last(row.Cron, from, now) is { } at && await deliveries.AddAsync(Delivery(row, at, now)))
            {
                stored++;
            }

            // After the delivery, never before: to die in between stores it once more, which does nothing.
            await book.MoveAsync(row, CronTimes.Next(row.Cron, now), cancellationToken);
        }

        return stored;
    }

    private static NewDelivery Delivery(ScheduleRow row, DateTimeOffset at, DateTimeOffset now)
    {
        JsonObject payload = new()
        {
            ["repository"] = new JsonObject { ["id"] = row.RepositoryId, ["full_name"] = row.Repository },

            // Whoever changed the file last: asked for when it is decided on.
            ["sender"] = new JsonObject { ["id"] = 0, ["login"] = Event, ["type"] = "User" },
            [Event] = new JsonObject { ["path"] = row.Path, ["cron"] = row.Cron, ["at"] = at.ToString("O", CultureInfo.InvariantCulture) },
        };
        string which = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{row.Path}\n{row.Cron}")))[..16];
        return new NewDelivery
        {
            Forge = row.Forge,
            DeliveryId = string.Create(CultureInfo.InvariantCulture, $"{Event}-{row.RepositoryId}-{which}-{at.ToUnixTimeSeconds()}"),
            Event = Event,
            Source = DeliverySource.Own,
            Body = PackedBody.Pack(Encoding.UTF8.GetBytes(payload.ToJsonString())),
            ReceivedAt = now,
        };
    }
}
