namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>A project's webhook.</summary>
public sealed class Hook
{
    /// <summary>How many failures in a row are let pass.</summary>
    public const int Grace = 3;

    /// <summary>The failure in a row after which nothing is sent any more.</summary>
    public const int Last = 40;

    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The id that its deliveries carry.</summary>
    public required string Uuid { get; init; }

    /// <summary>Where it sends to.</summary>
    public required string Url { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; set; }

    /// <summary>What it is for.</summary>
    public string? Description { get; set; }

    /// <summary>The plain secret, or null.</summary>
    public string? Token { get; set; }

    /// <summary>The signing token (<c>whsec_...</c>), or null.</summary>
    public string? SigningToken { get; set; }

    /// <summary>The events it is for, as the API names them: <c>note_events</c>, ...</summary>
    public HashSet<string> Events { get; } = new(StringComparer.Ordinal);

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>Until when nothing is sent, or null.</summary>
    public DateTimeOffset? DisabledUntil { get; set; }

    /// <summary>What became of what was sent, oldest first.</summary>
    public List<HookEvent> History { get; } = [];

    /// <summary><c>executable</c>, <c>temporarily_disabled</c> or <c>disabled</c>.</summary>
    public string Status(DateTimeOffset now) => Failures >= Last ? "disabled" : DisabledUntil >= now && Failures > Grace ? "temporarily_disabled" : "executable";

    /// <summary>Counts an answer: one that is fine forgives all, the fourth failure in a row closes for a minute and each further one for twice as long.</summary>
    public void Answered(int status, DateTimeOffset now)
    {
        if (status is >= 200 and < 400)
        {
            Failures = 0;
            DisabledUntil = null;
            return;
        }

        if (Status(now) != "executable")
        {
            return;
        }

        double minutes = Math.Min(Math.Pow(2, Failures - Grace), 24 * 60);
        Failures = Math.Min(Failures + 1, Last);
        DisabledUntil = Failures > Grace ? now + TimeSpan.FromMinutes(Math.Max(1, minutes)) : DisabledUntil;
    }
}

/// <summary>One delivery of a webhook: what was sent and what came back.</summary>
public sealed record HookEvent
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The hook.</summary>
    public required Hook Hook { get; init; }

    /// <summary>The project.</summary>
    public required Project Project { get; init; }

    /// <summary>How GitLab names the event inside: <c>note_hooks</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>The value of <c>X-Gitlab-Event</c>: <c>Note Hook</c>.</summary>
    public required string Event { get; init; }

    /// <summary>The body.</summary>
    public required string Body { get; init; }

    /// <summary>The headers that were sent.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether it is sent whatever the hook's state: tests and repeats.</summary>
    public bool Forced { get; init; }

    /// <summary>What was answered; 0 where nothing was.</summary>
    public int StatusCode { get; set; }

    /// <summary>The answer's body.</summary>
    public string Answer { get; set; } = "";

    /// <summary>How long the answer took, in seconds.</summary>
    public double Seconds { get; set; }
}
