namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>Where people find a run; nowhere without a public address, and then texts hold no links to us.</summary>
internal sealed record RunLinks(Uri? PublicUrl)
{
    /// <summary>Reads <c>Web__PublicUrl</c>.</summary>
    public static RunLinks Read(IConfiguration configuration) =>
        new(Uri.TryCreate(configuration["Web:PublicUrl"], UriKind.Absolute, out Uri? url) ? url : null);

    /// <summary>The run's page, or null.</summary>
    public string? Of(string runId) => PublicUrl is null ? null : $"{PublicUrl.AbsoluteUri.TrimEnd('/')}/runs/{runId}";

    /// <summary>The run's name in a text, with a link where there is one.</summary>
    public string Name(string runId) => Of(runId) is { } url ? $"[run {runId[..8]}]({url})" : $"run {runId[..8]}";
}
