using System.Diagnostics;

namespace AgentWorkflow.Bench.Measuring;

/// <summary>The middle of some tries: what a shared machine disturbs least.</summary>
internal static class Median
{
    /// <summary>The median of what the tries return.</summary>
    public static async Task<double> OfAsync(int tries, Func<Task<double>> measure)
    {
        List<double> all = [];
        for (int i = 0; i < tries; i++)
        {
            all.Add(await measure());
        }

        return Of(all);
    }

    /// <summary>The median.</summary>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Milliseconds that something takes.</summary>
    public static async Task<double> TimeAsync(Func<Task> work)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds;
    }
}
