namespace AgentWorkflow.Bot.Intake;

/// <summary>What is a forge's own about taking its deliveries: how they prove themselves, and how they say what they are.</summary>
internal interface IWebhookSender
{
    /// <summary>The forge's name in rows.</summary>
    string Forge { get; }

    /// <summary>The route.</summary>
    string Path { get; }

    /// <summary>Looks at the headers alone.</summary>
    /// <param name="request">The request, whose body is not read yet.</param>
    /// <param name="check">What the body must pass, where nothing is wrong so far.</param>
    /// <returns>Why it is not taken; null where nothing is wrong so far.</returns>
    WebhookRefusal? Examine(HttpRequest request, out BodyCheck check);

    /// <summary>Reads a request that has proved itself.</summary>
    /// <returns>The delivery; null where nobody needs the event.</returns>
    (NewDelivery? Delivery, WebhookRefusal? Refusal) Read(HttpRequest request, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>Gives a request the headers by which the forge would have proved and named it.</summary>
    /// <returns>Why it cannot be done; null where it is.</returns>
    string? Prove(HttpRequestMessage request, string name, string id, ReadOnlySpan<byte> body);
}

/// <summary>Why a body is not the one that was announced; null where it is.</summary>
internal delegate WebhookRefusal? BodyCheck(ReadOnlySpan<byte> body);
