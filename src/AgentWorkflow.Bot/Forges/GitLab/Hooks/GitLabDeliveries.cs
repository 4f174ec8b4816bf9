using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Hooks;

/// <summary>
/// What our hooks could not deliver: GitLab keeps each attempt with its payload for a few days and shows it to maintainers. What was
/// answered with success is stored here already, since no success is answered before that.
/// </summary>
internal sealed class GitLabDeliveries(GitLabClient client, GitLabProjects projects, ProjectHooks hooks, TimeProvider time) : IDeliveryArchive
{
    private const int PageSize = 20;

    // The newest five hundred; what lies farther back is found by looking at issues and branches.
    private const int MostPages = 25;

    // Attempts are numbered upwards: of each hook the last one that was looked at.
    private readonly ConcurrentDictionary<long, long> _seen = [];

    /// <inheritdoc/>
    public string Forge => GitLabForge.Id;

    /// <inheritdoc/>
    public int? PollSeconds => null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArchivedDelivery> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (hooks.IsPolling)
        {
            yield break;
        }

        foreach (ProjectAnswer project in await projects.ListAsync(cancellationToken))
        {
            if (!GitLabProjects.MayKeepHooks(project) || !RepoRef.TryParse(project.PathWithNamespace, out RepoRef? name) || await hooks.FindAsync(name, cancellationToken) is not { } hook)
            {
                continue;
            }

            long seen = _seen.GetValueOrDefault(hook.Id);
            long newest = seen;
            await foreach (HookEventAnswer attempt in AttemptsAsync(name, hook, cancellationToken).TakeWhile(a => a.Id > seen))
            {
                newest = Math.Max(newest, attempt.Id);
                if (Missed(hook, attempt) is { } missed && missed.SentAt >= since)
                {
                    yield return missed;
                }
            }

            // Only once all of them were taken; who breaks off before looks again.
            _seen[hook.Id] = newest;
        }
    }

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(ArchivedDelivery delivery, CancellationToken cancellationToken) => Task.FromResult(delivery.Payload);

    // Newest first.
    private async IAsyncEnumerable<HookEventAnswer> AttemptsAsync(RepoRef project, HookAnswer hook, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int number = 1; number <= MostPages; number++)
        {
            int page = number;
            List<HookEventAnswer> attempts = await client.FindAsync(api =>
                api.ListHookEventsAsync(project.ToString(), hook.Id, PageSize, page, $"list what the webhook of {project} has sent", cancellationToken)) ?? [];
            foreach (HookEventAnswer attempt in attempts)
            {
                yield return attempt;
            }

            if (attempts.Count < PageSize)
            {
                yield break;
            }
        }
    }

    private ArchivedDelivery? Missed(HookAnswer hook, HookEventAnswer attempt)
    {
        bool arrived = int.TryParse(attempt.ResponseStatus, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 200 and < 300;
        if (arrived || attempt.RequestData is not { ValueKind: JsonValueKind.Object } payload)
        {
            return null;
        }

        // "Note Hook", or "note_hooks" where there are no headers.
        string name = (Header(attempt, "X-Gitlab-Event") ?? attempt.Trigger?.TrimEnd('s') ?? "").Replace(' ', '_').ToLowerInvariant();
        string id = Header(attempt, "webhook-id") ?? Header(attempt, "Idempotency-Key") ?? string.Create(CultureInfo.InvariantCulture, $"hook-{hook.Id}-{attempt.Id}");
        return new ArchivedDelivery(attempt.Id, id, name, Action: null, SentAt(attempt), Encoding.UTF8.GetBytes(payload.GetRawText()));
    }

    private DateTimeOffset SentAt(HookEventAnswer attempt) =>
        attempt.CreatedAt
        ?? (long.TryParse(Header(attempt, "webhook-timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : time.GetUtcNow());

    private static string? Header(HookEventAnswer attempt, string name) =>
        attempt.RequestHeaders?.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 and <= 100 } value ? value : null;
}
