using System.Globalization;
using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Hooks;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

using Refit;

namespace AgentWorkflow.Bot.Forges.GitLab.Setup;

/// <summary>Asks GitLab what it knows of the bot's account, its token, its projects and their hooks, and compares it with what the bot needs.</summary>
internal sealed class GitLabDoctor(
    GitLabClient client, GitLabProjects projects, ProjectHooks hooks, TokenHealth token, IOptions<GitLabOptions> options, TimeProvider time) : IForgeDoctor
{
    private const int OldestMajor = 16;
    private const int MostSkewSeconds = 120;
    private const int MostShown = 20;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ForgeFinding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (UserAnswer? self, string? refusal) = await AskAsync(() => client.SendAsync(api => api.GetSelfAsync("read the bot's account", cancellationToken)));
        if (self is null)
        {
            yield return new ForgeFinding("gitlab", refusal, "");
            yield break;
        }

        yield return new ForgeFinding("gitlab", null, $"the account '{self.Username}' ({self.Id}) at {options.Value.WebAddress.Host}{(self.Bot ? "" : "; a service account is better than a person's")}");
        foreach (ForgeFinding finding in await InstanceAsync(cancellationToken))
        {
            yield return finding;
        }

        (ForgeFinding? health, refusal) = await AskAsync(() => token.ExamineAsync(cancellationToken));
        yield return health ?? new ForgeFinding("token", refusal, "");
        (List<ProjectAnswer>? all, refusal) = await AskAsync(() => projects.ListAsync(cancellationToken));
        yield return Projects(all, refusal);
        foreach (ForgeFinding finding in Source())
        {
            yield return finding;
        }

        foreach (ProjectAnswer project in (all ?? []).Take(hooks.IsPolling ? 0 : MostShown))
        {
            yield return await HookAsync(project, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<ForgeFinding>> InstanceAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset asked = time.GetUtcNow();
        (ApiResponse<VersionAnswer>? answer, string? refusal) = await AskAsync(() => client.SendAsync(api => api.GetVersionAsync("read GitLab's version", cancellationToken)));
        if (answer is null)
        {
            return [new ForgeFinding("version", refusal, "")];
        }

        using (answer)
        {
            string version = answer.Content?.Version ?? "unknown";
            bool isOld = int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major < OldestMajor;
            double seconds = answer.Headers?.Date is { } theirs ? Math.Abs((theirs - asked).TotalSeconds) : 0;
            return
            [
                new ForgeFinding("version", isOld ? $"AW3088 this is GitLab {version}; the bot needs {OldestMajor}.0 or newer." : null, version),
                new ForgeFinding(
                    "clock",
                    seconds > MostSkewSeconds ? string.Create(CultureInfo.InvariantCulture, $"AW3136 this machine's clock differs from GitLab's by {seconds:0} s; let it be set by NTP, since signed deliveries hold for five minutes.") : null,
                    string.Create(CultureInfo.InvariantCulture, $"within {Math.Ceiling(seconds):0} s of GitLab's")),
            ];
        }
    }

    private static ForgeFinding Projects(List<ProjectAnswer>? all, string? refusal) => new(
        "projects",
        all is null ? refusal : all.Count == 0 ? "AW3089 the account is Developer in no project; add it to a group or a project with that role." : null,
        all is null ? "" : $"{all.Count}: {string.Join(", ", all.Take(MostShown).Select(p => $"{p.PathWithNamespace} ({RoleOf(p)})"))}{(all.Count > MostShown ? ", ..." : "")}");

    private IEnumerable<ForgeFinding> Source()
    {
        if (hooks.IsPolling)
        {
            yield return new ForgeFinding("webhooks", null, $"none are needed: what happens is looked for every {options.Value.PollSeconds} s");
        }
        else if (!hooks.HasSecret)
        {
            yield return new ForgeFinding("webhooks", "AW3135 neither GitLab__SigningToken nor GitLab__WebhookSecret is set, so every delivery is refused; set one to what the hooks have, or GitLab__PollSeconds.", "");
        }
    }

    private async Task<ForgeFinding> HookAsync(ProjectAnswer project, CancellationToken cancellationToken)
    {
        string path = project.PathWithNamespace;
        string byHand = $"{project.WebUrl}/-/hooks: URL {hooks.Address?.AbsoluteUri ?? "https://BOT" + ProjectHooks.Route}, the secret or signing token, and Push, Issues, Confidential issues, Comments, Confidential comments and Merge request events";
        if (!GitLabProjects.MayKeepHooks(project) || !RepoRef.TryParse(path, out RepoRef? name))
        {
            return new ForgeFinding("webhook", null, $"{path}: cannot be looked at with the role {RoleOf(project)}; a maintainer makes it at {byHand}");
        }

        try
        {
            return new ForgeFinding("webhook", await hooks.FindAsync(name, cancellationToken) is { } hook ? WrongWith(path, hook) : $"AW3132 {path} has no webhook to this bot; {Cure(byHand)}.", $"{path}: GitLab sends to it");
        }
        catch (ForgeException exception)
        {
            return new ForgeFinding("webhook", exception.Message, "");
        }
    }

    private string Cure(string byHand) => hooks.Address is not null && hooks.HasSecret ? "'serve' makes it within five minutes" : $"set Web__PublicUrl and a secret and 'serve' makes it, or make it at {byHand}";

    private string? WrongWith(string path, HookAnswer hook) =>
        hook.AlertStatus is not (null or ProjectHooks.Works) ? $"AW3130 GitLab has switched off the webhook of {path} ({hook.AlertStatus}) because deliveries failed: is 'serve' running and its address reachable from GitLab? It tries the hook every five minutes, and fetches what was missed."
        : !ProjectHooks.TellsAll(hook) ? $"AW3133 the webhook of {path} does not tell all that the bot needs; 'serve' widens it within five minutes."
        : hooks.LacksSigning(hook) ? $"AW3134 the webhook of {path} has no signing token, and GitLab__SigningToken is set, so its deliveries are refused; give it that token, or take the setting away."
        : null;

    private static string RoleOf(ProjectAnswer project) => project.Permissions?.Level switch { >= 50 => "Owner", >= 40 => "Maintainer", _ => "Developer" };

    private static async Task<(T? Answer, string? Refusal)> AskAsync<T>(Func<Task<T>> question)
        where T : class
    {
        try
        {
            return (await question(), null);
        }
        catch (ForgeException exception)
        {
            return (null, exception.Message);
        }
    }
}
