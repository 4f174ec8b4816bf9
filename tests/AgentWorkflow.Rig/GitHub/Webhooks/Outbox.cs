using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Webhooks;

namespace AgentWorkflow.Rig.GitHub.Webhooks;

/// <summary>Signs webhooks, sends them in the background and remembers what became of them.</summary>
public sealed class Outbox : IAsyncDisposable
{
    private readonly GitHubDoubleOptions _options;
    private readonly Lock _gate = new();
    private readonly List<WebhookDelivery> _deliveries = [];
    private readonly Courier<WebhookDelivery> _courier;

    internal Outbox(GitHubDoubleOptions options)
    {
        _options = options;
        _courier = new Courier<WebhookDelivery>(
            d => options.WebhookUrl is { } url ? new Letter(url, d.Headers.ToDictionary(h => h.Key, h => h.Value?.GetValue<string>() ?? "", StringComparer.Ordinal), d.Body) : null,
            (d, reply) => (d.StatusCode, d.Answer, d.Seconds) = (reply.Status, reply.Text, reply.Seconds));
    }

    /// <summary>How good the way to the bot is from now on.</summary>
    public Network Network
    {
        get => _courier.Network;
        set => _courier.Network = value;
    }

    /// <summary>All deliveries, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Deliveries
    {
        get
        {
            lock (_gate)
            {
                return [.. _deliveries];
            }
        }
    }

    /// <summary>Signs and sends a payload as the forge would.</summary>
    public WebhookDelivery Send(string name, JsonObject payload, long? installation = null, long? repository = null) =>
        Add(name, payload["action"]?.GetValue<string>(), payload.ToJsonString(), installation, repository, NewGuid(), redelivery: false);

    /// <summary>Sends a delivery again, with the same id.</summary>
    public WebhookDelivery Redeliver(WebhookDelivery earlier) => Add(earlier.Event, earlier.Action, earlier.Body, earlier.InstallationId, earlier.RepositoryId, earlier.Guid, redelivery: true);

    /// <inheritdoc cref="Courier{T}.SettleAsync"/>
    public Task SettleAsync(CancellationToken cancellationToken) => _courier.SettleAsync(cancellationToken);

    /// <inheritdoc cref="Courier{T}.ReleaseAsync"/>
    public Task ReleaseAsync(CancellationToken cancellationToken) => _courier.ReleaseAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _courier.DisposeAsync();

    /// <summary>The value of <c>X-Hub-Signature-256</c>.</summary>
    public static string Sign(string secret, byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static string NewGuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    private WebhookDelivery Add(string name, string? action, string body, long? installation, long? repository, string guid, bool redelivery)
    {
        lock (_gate)
        {
            WebhookDelivery delivery = new()
            {
                Id = 9_000_001 + _deliveries.Count,
                Guid = guid,
                Event = name,
                Action = action,
                InstallationId = installation,
                RepositoryId = repository,
                Body = body,
                At = _options.Time.GetUtcNow(),
                Redelivery = redelivery,
                Headers = new JsonObject
                {
                    ["Accept"] = "*/*",
                    ["User-Agent"] = "GitHub-Hookshot/0000000",
                    ["X-GitHub-Event"] = name,
                    ["X-GitHub-Delivery"] = guid,
                    ["X-GitHub-Hook-ID"] = "77",
                    ["X-GitHub-Hook-Installation-Target-Type"] = "integration",
                    ["X-GitHub-Hook-Installation-Target-ID"] = _options.AppId.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ["X-Hub-Signature-256"] = Sign(_options.WebhookSecret, Encoding.UTF8.GetBytes(body)),
                    ["Content-Type"] = "application/json",
                },
            };
            _deliveries.Add(delivery);
            if (_options.WebhookUrl is not null)
            {
                _courier.Take(delivery);
            }

            return delivery;
        }
    }
}
