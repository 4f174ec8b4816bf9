namespace AgentWorkflow.Bot.Forges;

/// <summary>What <c>doctor</c> finds out about a forge, by asking it. A forge that is not configured finds nothing.</summary>
internal interface IForgeDoctor
{
    /// <summary>Asks; each finding as soon as it is there.</summary>
    IAsyncEnumerable<ForgeFinding> ExamineAsync(CancellationToken cancellationToken);
}

/// <summary>One finding.</summary>
/// <param name="What">What was looked at, in one word.</param>
/// <param name="Problem">What is not well and what to do, one sentence with a code; null when it is well.</param>
/// <param name="Fine">What was found where it is well.</param>
internal sealed record ForgeFinding(string What, string? Problem, string Fine);
