using System.Globalization;

namespace AgentWorkflow.Bench.Measuring;

/// <summary>A table in Markdown, printed row by row while it is measured.</summary>
internal sealed class Table
{
    private Table(int columns) => Columns = columns;

    private int Columns { get; }

    /// <summary>Prints the head.</summary>
    public static async Task<Table> BeginAsync(string title, params string[] columns)
    {
        await Console.Out.WriteLineAsync($"\n### {title}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select((_, i) => i == 0 ? "---|" : "---:|"))}");
        return new Table(columns.Length);
    }

    /// <summary>Prints a row.</summary>
    public Task AddAsync(params string[] cells) =>
        Console.Out.WriteLineAsync($"| {string.Join(" | ", cells.Concat(Enumerable.Repeat("", Math.Max(0, Columns - cells.Length))))} |");

    /// <summary>Three digits are more than the noise leaves.</summary>
    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>How many times faster than something else; a dash where that was not measured.</summary>
    public static string Ratio(double other, double ours) => other > 0 ? $"{Number(other / ours)} x" : "-";
}
