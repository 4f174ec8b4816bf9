using System.Globalization;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>Who made a commit and when, as the forge tells it.</summary>
internal sealed record CommitSigner(string Name, string Email, DateTimeOffset At)
{
    /// <summary>As git writes it: <c>Ada &lt;ada@example.org&gt; 1764000000 +0100</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name} <{Email}> {At.ToUnixTimeSeconds()} {(At.Offset < TimeSpan.Zero ? '-' : '+')}{At.Offset:hhmm}");
}
