using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AgentWorkflow.Rig.GitHub.Webhooks;

/// <summary>Signs webhooks, sends them in the background and remembers what became of them.</summary>
public sealed class Outbox : IAsyncDisposable
{
    private readonly GitHubDoubleOptions _options;
    private readonly Lock _gate = new();
    private readonly List<WebhookDelivery> _deliveries = [];
    private readonly List<WebhookDelivery> _held = [];
    private readonly Channel<WebhookDelivery> _queue = Channel.CreateUnbounded<WebhookDelivery>();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _end = new();
    private readonly Task _sending;
    private TaskCompletionSource _settled = Done();
    private int _open;
    private int _made;

    internal Outbox(GitHubDoubleOptions options)
    {
        _options = options;
        _sending = SendAllAsync();
    }

    /// <summary>How good the way to the bot is from now on.</summary>
    public Network Network { get; set; }

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

    /// <summary>Waits until everything that is on its way got an answer.</summary>
    public Task SettleAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _settled.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        }
    }

    /// <summary>Sends what <see cref="Network.Reordering"/> kept, last first.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _held.Reverse();
            _held.ForEach(Enqueue);
            _held.Clear();
        }

        await SettleAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _end.CancelAsync();
        try
        {
            await _sending;
        }
        catch (OperationCanceledException)
        {
            // Whatever was still on its way is lost, as when a network ends.
        }

        _client.Dispose();
        _end.Dispose();
    }

    /// <summary>The value of <c>X-Hub-Signature-256</c>.</summary>
    public static string Sign(string secret, byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static TaskCompletionSource Done()
    {
        TaskCompletionSource done = new();
        done.SetResult();
        return done;
    }

    private static string NewGuid() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();

    private WebhookDelivery Add(string name, string? action, string body, long? installation, long? repository, string guid, bool redelivery)
    {
        lock (_gate)
        {
            WebhookDelivery delivery = new()
            {
                Id = 9_000_000 + ++_made,
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
            bool lost = _options.WebhookUrl is null || Network == Network.Silent || (Network == Network.Lossy && _made % 2 == 0);
            if (Network == Network.Reordering)
            {
                _held.Add(delivery);
            }
            else if (!lost)
            {
                Enqueue(delivery);
            }

            return delivery;
        }
    }

    private void Enqueue(WebhookDelivery delivery)
    {
        if (_open++ == 0)
        {
            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _queue.Writer.TryWrite(delivery);
    }

    private async Task SendAllAsync()
    {
        await foreach (WebhookDelivery delivery in _queue.Reader.ReadAllAsync(_end.Token))
        {
            await Task.WhenAll(Enumerable.Range(0, Network == Network.Doubling ? 2 : 1).Select(_ => SendAsync(delivery)));
            lock (_gate)
            {
                if (--_open == 0)
                {
                    _settled.SetResult();
                }
            }
        }
    }

    private async Task SendAsync(WebhookDelivery delivery)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, _options.WebhookUrl) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(delivery.Body)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach ((string name, JsonNode? value) in delivery.Headers.Where(h => h.Key != "Content-Type"))
            {
                request.Headers.TryAddWithoutValidation(name, value?.GetValue<string>());
            }

            using HttpResponseMessage response = await _client.SendAsync(request, _end.Token);
            delivery.StatusCode = (int)response.StatusCode;
            delivery.Answer = await response.Content.ReadAsStringAsync(_end.Token);
        }
        catch (HttpRequestException)
        {
            delivery.StatusCode = 502;
        }
        catch (TaskCanceledException) when (!_end.IsCancellationRequested)
        {
            delivery.StatusCode = 504;
        }

        delivery.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
