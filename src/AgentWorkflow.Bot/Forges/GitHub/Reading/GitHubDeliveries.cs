using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>
/// The App's list of deliveries, which GitHub keeps for three days. Reading a stored payload costs one request and needs no
/// write; asking GitHub to send again would need one spaced write each.
/// </summary>
internal sealed class GitHubDeliveries(Installations installations, GitHubHttp http, IOptions<GitHubOptions> options) : IDeliveryArchive
{
    private const string FirstPage = "app/hook/deliveries?per_page=100";

    // Nothing new is the usual answer, and costs nothing where the last one is named.
    private volatile GitHubAnswer? _first;

    /// <inheritdoc/>
    public string Forge => "github";

    /// <inheritdoc/>
    public int? PollSeconds => options.Value.PollSeconds;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ArchivedDelivery> ListAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? page = FirstPage;
        while (page is not null)
        {
            GitHubAnswer answer = await AskAsync(page, cancellationToken);
            List<DeliveryItem> items = answer.Read(GitHubJson.Default.ListDeliveryItem);
            foreach (DeliveryItem item in items.TakeWhile(i => i.DeliveredAt >= since))
            {
                yield return new ArchivedDelivery(item.Id, item.Guid, item.Event, item.Action, item.DeliveredAt);
            }

            // The cursor names a delivery, not a place in the list: what comes in meanwhile shifts nothing.
            bool isPast = items.Count == 0 || items[^1].DeliveredAt < since;
            page = isPast || answer.NextCursor is not { } cursor ? null : $"{FirstPage}&cursor={Uri.EscapeDataString(cursor)}";
        }
    }

    private async Task<GitHubAnswer> AskAsync(string page, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get(page, "list the App's deliveries");
        if (page != FirstPage)
        {
            return await http.SendAsync(installations.App, request, cancellationToken);
        }

        GitHubAnswer? before = _first;
        GitHubAnswer now = await http.SendAsync(installations.App, before is null ? request : request.After(before.Tag), cancellationToken);
        return before is not null && now.Status is HttpStatusCode.NotModified ? before : _first = now;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(ArchivedDelivery delivery, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"app/hook/deliveries/{delivery.Id}", "read a delivery") with { Accepted = [HttpStatusCode.NotFound, HttpStatusCode.Gone] };
        GitHubAnswer answer = await http.SendAsync(installations.App, request, cancellationToken);
        return answer.Status is HttpStatusCode.OK
            && answer.Read(GitHubJson.Default.DeliveryAnswer).Request?.Payload is { ValueKind: JsonValueKind.Object } payload
                ? Encoding.UTF8.GetBytes(payload.GetRawText())
                : null;
    }
}
