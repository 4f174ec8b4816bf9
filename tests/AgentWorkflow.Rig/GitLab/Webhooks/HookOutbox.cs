using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Webhooks;

namespace AgentWorkflow.Rig.GitLab.Webhooks;

/// <summary>Signs webhooks, sends them in the background, remembers what became of them, and gives up hooks that fail.</summary>
public sealed class HookOutbox : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<HookEvent> _sent = [];
    private readonly Courier<HookEvent> _courier;

    internal HookOutbox(TimeProvider time)
    {
        _time = time;
        _courier = new Courier<HookEvent>(Letter, Answered);
    }

    /// <summary>The address of the instance.</summary>
    public string Instance { get; internal set; } = "";

    /// <summary>How good the way to the bot is from now on.</summary>
    public Network Network
    {
        get => _courier.Network;
        set => _courier.Network = value;
    }

    /// <summary>Everything that was sent or should have been, oldest first.</summary>
    public IReadOnlyList<HookEvent> Deliveries
    {
        get
        {
            lock (_gate)
            {
                return [.. _sent];
            }
        }
    }

    /// <summary>Sends a payload to one hook as the forge would; nothing is sent to a hook that is switched off.</summary>
    /// <param name="project">The project.</param>
    /// <param name="hook">The hook.</param>
    /// <param name="trigger">How GitLab names the event inside: <c>note_hooks</c>.</param>
    /// <param name="payload">The body.</param>
    /// <param name="force">Whether the hook's state does not matter: tests and repeats.</param>
    /// <param name="key">The idempotency key of an earlier delivery that this one repeats, or null.</param>
    /// <param name="uuid">The id that hooks of one cause share, or null for a new one.</param>
    public HookEvent? Send(Project project, Hook hook, string trigger, JsonObject payload, bool force = false, string? key = null, string? uuid = null)
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_gate)
        {
            if (!force && hook.Status(now) != "executable")
            {
                return null;
            }

            string body = payload.ToJsonString();
            HookEvent sent = new()
            {
                Id = 9_000_001 + _sent.Count,
                Hook = hook,
                Project = project,
                Trigger = trigger,
                Event = EventName(trigger),
                Body = body,
                At = now,
                Forced = force,
                Headers = Headers(hook, EventName(trigger), body, key ?? GitLabWorld.NewUuid(), uuid ?? GitLabWorld.NewUuid(), now),
            };
            _sent.Add(sent);
            hook.History.Add(sent);
            _courier.Take(sent);
            return sent;
        }
    }

    /// <inheritdoc cref="Courier{T}.SettleAsync"/>
    public Task SettleAsync(CancellationToken cancellationToken) => _courier.SettleAsync(cancellationToken);

    /// <inheritdoc cref="Courier{T}.ReleaseAsync"/>
    public Task ReleaseAsync(CancellationToken cancellationToken) => _courier.ReleaseAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _courier.DisposeAsync();

    /// <summary>The value of <c>webhook-signature</c>: Standard Webhooks over id, timestamp and body.</summary>
    public static string Sign(string signingToken, string id, string timestamp, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(signingToken["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));

    // note_hooks is sent as Note Hook.
    private static string EventName(string trigger) => string.Join(' ', trigger.Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..])).TrimEnd('s');

    private Dictionary<string, string> Headers(Hook hook, string name, string body, string key, string uuid, DateTimeOffset now)
    {
        Dictionary<string, string> headers = new(StringComparer.Ordinal)
        {
            ["Content-Type"] = "application/json",
            ["User-Agent"] = "GitLab/18.6.1-ee",
            ["Idempotency-Key"] = key,
            ["X-Gitlab-Event"] = name,
            ["X-Gitlab-Webhook-UUID"] = hook.Uuid,
            ["X-Gitlab-Instance"] = Instance,
            ["X-Gitlab-Event-UUID"] = uuid,
        };
        if (hook.Token is { } token)
        {
            headers["X-Gitlab-Token"] = token;
        }

        if (hook.SigningToken is { } signing)
        {
            string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            headers["webhook-id"] = key;
            headers["webhook-timestamp"] = timestamp;
            headers["webhook-signature"] = Sign(signing, key, timestamp, body);
        }

        return headers;
    }

    // The hook may have been switched off by what was sent before this.
    private Letter? Letter(HookEvent sent) => sent.Forced || sent.Hook.Status(_time.GetUtcNow()) == "executable" ? new Letter(sent.Hook.Url, sent.Headers, sent.Body) : null;

    private void Answered(HookEvent sent, Reply reply)
    {
        lock (_gate)
        {
            (sent.StatusCode, sent.Answer, sent.Seconds) = (reply.Status, reply.Text, reply.Seconds);
            sent.Hook.Answered(reply.Status, _time.GetUtcNow());
        }
    }
}
