using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.GitHub.Webhooks;

/// <summary>One webhook: what was sent and what came back.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The delivery's number; a redelivery has its own.</summary>
    public required long Id { get; init; }

    /// <summary>The id that stays over redeliveries (<c>X-GitHub-Delivery</c>).</summary>
    public required string Guid { get; init; }

    /// <summary>The event.</summary>
    public required string Event { get; init; }

    /// <summary>The action, or null.</summary>
    public required string? Action { get; init; }

    /// <summary>The installation's number, or null.</summary>
    public required long? InstallationId { get; init; }

    /// <summary>The repository's number, or null.</summary>
    public required long? RepositoryId { get; init; }

    /// <summary>The body as it was signed.</summary>
    public required string Body { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it repeats an earlier one.</summary>
    public bool Redelivery { get; init; }

    /// <summary>What was answered; 0 where nothing was.</summary>
    public int StatusCode { get; set; }

    /// <summary>How long the answer took, in seconds.</summary>
    public double Seconds { get; set; }

    /// <summary>The headers that were sent.</summary>
    public JsonObject Headers { get; init; } = [];

    /// <summary>The answer's body.</summary>
    public string Answer { get; set; } = "";
}
