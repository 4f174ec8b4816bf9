using System.Text;

using AgentWorkflow.Bot.Runs.Reporting;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>The log of a run: of all its steps one after the other, or of one.</summary>
internal static class RunLogRoute
{
    /// <summary>Answers.</summary>
    public static async Task<IResult> GetAsync(string id, string? step, RunReader runs, RunLogs logs, CancellationToken cancellationToken)
    {
        if (await runs.ReadAsync(id, cancellationToken) is not { } view)
        {
            return Problems.NotFound("run");
        }

        List<string> keys = [.. view.State.Steps.Select(s => s.Key).Where(k => step is null || k == step)];
        return keys.Count == 0
            ? Problems.Of(StatusCodes.Status404NotFound, "AW2634", $"The run has no step '{step}'; it has {string.Join(", ", view.State.Steps.Where(s => s.Item is null).Select(s => s.Key))}.", "step")
            : TypedResults.Stream(output => WriteAsync(output, id, keys, withHeadings: step is null, logs, cancellationToken), "text/plain; charset=utf-8");
    }

    private static async Task WriteAsync(Stream output, string id, List<string> keys, bool withHeadings, RunLogs logs, CancellationToken cancellationToken)
    {
        foreach (string key in keys)
        {
            await using FileStream? log = logs.Open(id, key);
            if (log is null)
            {
                continue;
            }

            if (withHeadings)
            {
                await output.WriteAsync(Encoding.UTF8.GetBytes($"== {key} ==\n"), cancellationToken);
            }

            await log.CopyToAsync(output, cancellationToken);
        }
    }
}
