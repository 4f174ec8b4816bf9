using System.Globalization;

namespace AgentWorkflow.Bot.Storage;

/// <summary>The settings section <c>Retention</c>: after how many days what is removed (promise P100).</summary>
internal sealed record RetentionOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Retention";

    /// <summary>The longest time, in days.</summary>
    public const int Most = 36_500;

    /// <summary>The keys of the settings.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [.. ((string[])["PayloadDays", "DeliveryDays", "ArchiveDays", "WorkspaceDays", "ProjectDays", "RunDays"]).Select(key => $"{Section}:{key}")];

    /// <summary>Bodies of deliveries, after they came.</summary>
    public TimeSpan Payloads { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Ids of deliveries, after they came: so long a second copy does nothing.</summary>
    public TimeSpan Deliveries { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Archives, after they were written.</summary>
    public TimeSpan Archives { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Files and logs of runs, after their end: so long a run can be tried again.</summary>
    public TimeSpan Workspaces { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Projects, after they were recorded: so long they can be exported.</summary>
    public TimeSpan Projects { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Runs with their steps, effects and records, after their end: what was done, for whom, and how it ended.</summary>
    public TimeSpan Runs { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Reads the settings; their form was checked.</summary>
    /// <exception cref="StorageException">A time is no number of days, or a run would go before what belongs to it.</exception>
    public static RetentionOptions Read(IConfiguration configuration)
    {
        RetentionOptions defaults = new();
        TimeSpan Days(string key, TimeSpan otherwise) => configuration[$"{Section}:{key}"] is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days is >= 1 and <= Most ? TimeSpan.FromDays(days)
            : throw new StorageException("AW2583", $"{Section}__{key} is '{text}'; it must be a whole number of days from 1 to {Most}.");
        RetentionOptions read = new()
        {
            Payloads = Days("PayloadDays", defaults.Payloads),
            Deliveries = Days("DeliveryDays", defaults.Deliveries),
            Archives = Days("ArchiveDays", defaults.Archives),
            Workspaces = Days("WorkspaceDays", defaults.Workspaces),
            Projects = Days("ProjectDays", defaults.Projects),
            Runs = Days("RunDays", defaults.Runs),
        };
        (string Key, TimeSpan Time)[] parts = [("DeliveryDays", read.Deliveries), ("WorkspaceDays", read.Workspaces), ("ProjectDays", read.Projects)];
        (string key, TimeSpan time) = parts.MaxBy(p => p.Time);
        return time <= read.Runs
            ? read
            : throw new StorageException("AW2584", $"{Section}__RunDays is {read.Runs.TotalDays:0}, and {Section}__{key} is {time.TotalDays:0}: what belongs to a run would outlive it; raise RunDays, or lower the other.");
    }
}
