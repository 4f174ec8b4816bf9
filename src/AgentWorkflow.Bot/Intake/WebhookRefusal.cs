namespace AgentWorkflow.Bot.Intake;

/// <summary>Why a request is not taken.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Code">The stable code.</param>
/// <param name="Sentence">What is wrong and what to do.</param>
/// <param name="EndsConnection">True where what is still to come of the body is not waited for.</param>
internal sealed record WebhookRefusal(int Status, string Code, string Sentence, bool EndsConnection = false)
{
    public static WebhookRefusal TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "AW2562", "The body is larger than 25 MB, which is the most that a forge sends.", true);

    public static WebhookRefusal Encoded { get; } = new(StatusCodes.Status415UnsupportedMediaType, "AW2563", "The body is compressed; send it as it was signed.", true);

    public static WebhookRefusal TooSlow { get; } = new(StatusCodes.Status408RequestTimeout, "AW2566", "The body did not come in time.", true);

    public static WebhookRefusal NoRoom { get; } = new(StatusCodes.Status503ServiceUnavailable, "AW2560", "Too many bodies are being read; send it again a little later.", true);

    public static WebhookRefusal NotCommitted { get; } = new(StatusCodes.Status503ServiceUnavailable, "AW2526", "The database did not answer in time; look at its load and its disk.");
}
