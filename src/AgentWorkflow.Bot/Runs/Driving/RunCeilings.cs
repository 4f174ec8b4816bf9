using System.Globalization;

using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>The operator's ceilings: they can lower what a workflow asks for, never raise it.</summary>
internal sealed record RunCeilings
{
    /// <summary>The most time a run may be at work; <c>Limits__Minutes</c>.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    /// <summary>The most files a run may write; <c>Limits__Files</c>.</summary>
    public int Files { get; init; } = int.MaxValue;

    /// <summary>Reads the settings; what is not set is no ceiling.</summary>
    /// <exception cref="StorageException">A value is no whole number above 0 (AW2507).</exception>
    public static RunCeilings Read(IConfiguration configuration) => new()
    {
        Time = Number(configuration, "Minutes") is { } minutes ? TimeSpan.FromMinutes(minutes) : TimeSpan.MaxValue,
        Files = Number(configuration, "Files") ?? int.MaxValue,
    };

    private static int? Number(IConfiguration configuration, string name) => configuration[$"Limits:{name}"] switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 => number,
        var text => throw new StorageException("AW2507", $"The setting Limits__{name} must be a whole number above 0, not '{text}'."),
    };
}
