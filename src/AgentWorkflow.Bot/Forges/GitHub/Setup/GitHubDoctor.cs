using System.Globalization;
using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Setup;

/// <summary>Asks GitHub what it knows of the App, and compares it with what the App needs.</summary>
internal sealed class GitHubDoctor(
    GitHubHttp http, Installations installations, OtherBots bots, AppKey key, IConfiguration configuration, IOptions<GitHubOptions> options, TimeProvider time) : IForgeDoctor
{
    private const int MostSkewSeconds = 30;
    private const int Deliveries = 20;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ForgeFinding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (CheckKey() is { } noKey)
        {
            yield return new ForgeFinding("app key", noKey, "");
            yield break;
        }

        DateTimeOffset asked = time.GetUtcNow();
        (GitHubAnswer? answer, string? refusal) = await AskAsync("app", "read the App", cancellationToken);
        if (answer is null)
        {
            yield return new ForgeFinding("github", refusal, "");
            yield break;
        }

        AppAnswer app = answer.Read(GitHubJson.Default.AppAnswer);
        yield return new ForgeFinding("github", null, $"the App '{app.Slug}' ({app.Id}) of {app.Owner?.Login} at {options.Value.WebAddress.Host}");
        yield return Clock(answer.Date, asked);
        AppManifest manifest = AppManifest.Read();
        yield return AppFindings.Rights("rights", app, manifest, ["workflows", "merge_queues"], options.Value.WebAddress);
        yield return Events(app, manifest);
        yield return await HookAsync(app, cancellationToken);
        yield return await DeliveriesAsync(cancellationToken);
        yield return await InstallationsAsync(cancellationToken);
        yield return await BotsAsync(cancellationToken);
        yield return new ForgeFinding("suites", null, "GitHub makes an empty check suite for each push because the App may write checks; to switch that off in a repository: PATCH /repos/OWNER/NAME/check-suites/preferences as its admin");
    }

    private static ForgeFinding Clock(DateTimeOffset? theirs, DateTimeOffset asked)
    {
        double seconds = theirs is { } there ? Math.Abs((there - asked).TotalSeconds) : 0;
        return new ForgeFinding(
            "clock",
            seconds > MostSkewSeconds ? string.Create(CultureInfo.InvariantCulture, $"AW3080 this machine's clock differs from GitHub's by {seconds:0} s; let it be set by NTP, since GitHub refuses what is signed in its future.") : null,
            string.Create(CultureInfo.InvariantCulture, $"within {Math.Ceiling(seconds):0} s of GitHub's"));
    }

    private ForgeFinding Events(AppAnswer app, AppManifest manifest)
    {
        string[] missing = [.. manifest.DefaultEvents.Except(app.Events ?? [], StringComparer.Ordinal)];
        return new ForgeFinding(
            "events",
            missing.Length > 0 ? $"AW3063 the App is not told of {string.Join(", ", missing)}; subscribe to it at {AppFindings.SettingsOf(app, options.Value.WebAddress)}/permissions." : null,
            $"{app.Events?.Count ?? 0} subscribed");
    }

    private async Task<ForgeFinding> HookAsync(AppAnswer app, CancellationToken cancellationToken)
    {
        bool polls = options.Value.PollSeconds is not null;
        if (string.IsNullOrEmpty(configuration["GitHub:WebhookSecret"]) && !polls)
        {
            return new ForgeFinding("webhook", "AW3064 GitHub__WebhookSecret is not set, so every webhook is refused; set it to the App's webhook secret.", "");
        }

        (GitHubAnswer? answer, string? refusal) = await AskAsync("app/hook/config", "read the App's webhook", cancellationToken);
        if (answer is null)
        {
            return new ForgeFinding("webhook", polls ? null : refusal, "none; deliveries are fetched");
        }

        HookAnswer hook = answer.Read(GitHubJson.Default.HookAnswer);
        string? problem = string.IsNullOrEmpty(hook.Secret) ? $"AW3065 the App's webhook has no secret; set one at {AppFindings.SettingsOf(app, options.Value.WebAddress)} and the same as GitHub__WebhookSecret."
            : hook.ContentType is not "json" ? $"AW3066 the App's webhook sends '{hook.ContentType}'; choose application/json at {AppFindings.SettingsOf(app, options.Value.WebAddress)}."
            : hook.InsecureSsl is "1" ? $"AW3067 the App's webhook does not check certificates; switch that on at {AppFindings.SettingsOf(app, options.Value.WebAddress)}."
            : !polls && hook.Url?.EndsWith("/api/github/webhooks", StringComparison.Ordinal) is not true ? $"AW3068 the App's webhook goes to '{hook.Url}'; its path must be /api/github/webhooks ({AppFindings.SettingsOf(app, options.Value.WebAddress)})."
            : null;
        return new ForgeFinding("webhook", problem, $"{hook.Url}, with a secret");
    }

    private async Task<ForgeFinding> DeliveriesAsync(CancellationToken cancellationToken)
    {
        (GitHubAnswer? answer, string? refusal) = await AskAsync($"app/hook/deliveries?per_page={Deliveries}", "list the App's deliveries", cancellationToken);
        if (answer is null)
        {
            return new ForgeFinding("delivered", options.Value.PollSeconds is null ? null : refusal, "no list of deliveries");
        }

        List<DeliveryItem> items = answer.Read(GitHubJson.Default.ListDeliveryItem);
        DeliveryItem[] failed = [.. items.Where(i => i.StatusCode is < 200 or >= 300)];
        bool isWrong = options.Value.PollSeconds is null && failed.Length > 0 && failed[0] == items[0];
        return new ForgeFinding(
            "delivered",
            isWrong ? $"AW3069 the last delivery failed ({failed[0].StatusCode} {failed[0].Status}), and {failed.Length} of the last {items.Count}: is 'serve' running and its address reachable from GitHub? What was missed is fetched." : null,
            items.Count == 0 ? "nothing yet" : $"{items.Count - failed.Length} of the last {items.Count} arrived");
    }

    private async Task<ForgeFinding> InstallationsAsync(CancellationToken cancellationToken)
    {
        (GitHubAnswer? answer, string? refusal) = await AskAsync("app/installations?per_page=100", "list the App's installations", cancellationToken);
        if (answer is null)
        {
            return new ForgeFinding("installed", refusal, "");
        }

        List<InstallationItem> items = answer.Read(GitHubJson.Default.ListInstallationItem);
        InstallationItem[] suspended = [.. items.Where(i => i.SuspendedAt is not null)];
        return new ForgeFinding(
            "installed",
            items.Count == 0 ? $"AW3081 the App is installed nowhere; install it at {options.Value.WebAddress}settings/installations."
            : suspended.Length == items.Count ? $"AW3082 the App is suspended everywhere ({string.Join(", ", suspended.Select(i => i.Account?.Login))}); its owners can let it work again."
            : null,
            string.Join(", ", items.Select(i => $"{i.Account?.Login}{(i.SuspendedAt is null ? "" : " (suspended)")} ({i.RepositorySelection})")));
    }

    private async Task<ForgeFinding> BotsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await bots.FindAsync(cancellationToken);
        }
        catch (ForgeException exception)
        {
            return new ForgeFinding("bots", exception.Message, "");
        }
    }

    private async Task<(GitHubAnswer? Answer, string? Refusal)> AskAsync(string path, string what, CancellationToken cancellationToken)
    {
        try
        {
            return (await http.SendAsync(installations.App, GitHubRequest.Get(path, what), cancellationToken), null);
        }
        catch (ForgeException exception)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Why nothing can be signed with the App's key; null where it can.</summary>
    private string? CheckKey()
    {
        try
        {
            _ = key.Sign();
            return null;
        }
        catch (ForgeException exception)
        {
            return exception.Message;
        }
    }
}
