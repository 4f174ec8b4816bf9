using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Setup;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Hooks;

/// <summary>
/// Warns before the token ends, and keeps the hooks of projects going where the account is Maintainer: makes what is missing, and tries what GitLab has switched off
/// after failures, four in a row for a time and forty for good (promise P14).
/// </summary>
internal sealed partial class GitLabUpkeep(GitLabProjects projects, ProjectHooks hooks, TokenHealth token, TimeProvider time, ILogger<GitLabUpkeep> logger) : IForgeUpkeep
{
    // Said once a process: doctor says it again.
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    private DateTimeOffset _tokenAsked = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    public async Task KeepAsync(Func<RepoRef, bool> serves, CancellationToken cancellationToken)
    {
        try
        {
            await LookAtTokenAsync(cancellationToken);
            if (hooks.IsPolling)
            {
                return;
            }

            foreach (ProjectAnswer project in await projects.ListAsync(cancellationToken))
            {
                if (GitLabProjects.MayKeepHooks(project) && RepoRef.TryParse(project.PathWithNamespace, out RepoRef? name) && serves(name))
                {
                    await TryKeepAsync(name, cancellationToken);
                }
            }
        }
        catch (ForgeException exception)
        {
            Log.NotNow(logger, "gitlab", exception.Message);
        }
    }

    // Once a day: a token that ends takes the bot with it.
    private async Task LookAtTokenAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now - _tokenAsked < TimeSpan.FromDays(1))
        {
            return;
        }

        if ((await token.ExamineAsync(cancellationToken)).Problem is { } problem)
        {
            Log.Token(logger, problem);
        }

        _tokenAsked = now;
    }

    private async Task TryKeepAsync(RepoRef project, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(project, cancellationToken);
        }
        catch (ForgeException exception)
        {
            // One project that cannot be looked at holds up no other.
            Log.NotNow(logger, project.ToString(), exception.Message);
        }
    }

    private async Task KeepAsync(RepoRef project, CancellationToken cancellationToken)
    {
        if (await hooks.FindAsync(project, cancellationToken) is not { } hook)
        {
            await MakeAsync(project, cancellationToken);
            return;
        }

        if (!ProjectHooks.TellsAll(hook))
        {
            hook = await hooks.WidenAsync(project, hook, cancellationToken);
            Log.Widened(logger, project);
        }

        if (hook.AlertStatus is not (null or ProjectHooks.Works))
        {
            Log.SwitchedOff(logger, project, hook.AlertStatus);
            if (await hooks.TryAsync(project, hook, cancellationToken))
            {
                Log.Tried(logger, project);
            }
            else
            {
                Log.StillOff(logger, project);
            }
        }
    }

    private async Task MakeAsync(RepoRef project, CancellationToken cancellationToken)
    {
        if (hooks.Address is not { } address || !hooks.HasSecret)
        {
            if (_told.Add(project.ToString()))
            {
                Log.NotMade(logger, project);
            }

            return;
        }

        await hooks.MakeAsync(project, address, cancellationToken);
        Log.Made(logger, project, address);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A webhook of {Project} to {Address} was made.")]
        public static partial void Made(ILogger logger, RepoRef project, Uri address);

        [LoggerMessage(Level = LogLevel.Information, Message = "The webhook of {Project} did not tell all that the bot needs; it does now.")]
        public static partial void Widened(ILogger logger, RepoRef project);

        [LoggerMessage(Level = LogLevel.Warning, Message = "AW3130: GitLab has switched off the webhook of {Project} ({State}) because deliveries failed; it is tried now, and what was missed is fetched.")]
        public static partial void SwitchedOff(ILogger logger, RepoRef project, string state);

        [LoggerMessage(Level = LogLevel.Information, Message = "GitLab has tried the webhook of {Project}; where that came through, it sends again.")]
        public static partial void Tried(ILogger logger, RepoRef project);

        [LoggerMessage(Level = LogLevel.Error, Message = "AW3131: GitLab cannot deliver to the webhook of {Project}; see under Settings, Webhooks, 'View events' why, and test it there.")]
        public static partial void StillOff(ILogger logger, RepoRef project);

        [LoggerMessage(Level = LogLevel.Warning, Message = "AW3132: {Project} has no webhook to this bot, and none can be made: set Web__PublicUrl and GitLab__SigningToken or GitLab__WebhookSecret, or make it by hand.")]
        public static partial void NotMade(ILogger logger, RepoRef project);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void Token(ILogger logger, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The webhooks of {Where} cannot be looked after now: {Reason}")]
        public static partial void NotNow(ILogger logger, string where, string reason);
    }
}
