using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab.Hooks;

/// <summary>The hooks of projects that bring events to this bot: found, made and tried.</summary>
internal sealed class ProjectHooks(GitLabClient client, IConfiguration configuration, IOptions<GitLabOptions> options)
{
    /// <summary>The path of the address that hooks send to.</summary>
    public const string Route = "/api/gitlab/webhooks";

    /// <summary>What GitLab calls a hook that it sends to.</summary>
    public const string Works = "executable";

    // What GitLab can make an example of depends on what the project has.
    private static readonly string[] s_examples = ["push_events", "note_events", "issues_events"];

    /// <summary>Where our hooks send to; null where the bot does not know its own address.</summary>
    public Uri? Address => Uri.TryCreate(configuration["Web:PublicUrl"], UriKind.Absolute, out Uri? self) ? new Uri(self.AbsoluteUri.TrimEnd('/') + Route) : null;

    /// <summary>True where a delivery could prove itself.</summary>
    public bool HasSecret => SigningToken is not null || WebhookSecret is not null;

    /// <summary>True where events are looked for and not sent.</summary>
    public bool IsPolling => options.Value.PollSeconds is not null;

    private string? SigningToken => Setting("GitLab:SigningToken");

    private string? WebhookSecret => Setting("GitLab:WebhookSecret");

    /// <summary>Our hook in a project; null where there is none.</summary>
    public async Task<HookAnswer?> FindAsync(RepoRef project, CancellationToken cancellationToken)
    {
        List<HookAnswer> hooks = await client.SendAsync(api => api.ListHooksAsync(project.ToString(), GitLabClient.PageSize, $"list the webhooks of {project}", cancellationToken));
        string? ours = Address?.AbsoluteUri;
        return hooks.Find(h => h.Url == ours) ?? (ours is null ? hooks.Find(h => h.Url?.TrimEnd('/').EndsWith(Route, StringComparison.Ordinal) is true) : null);
    }

    /// <summary>Makes our hook.</summary>
    public Task<HookAnswer> MakeAsync(RepoRef project, Uri address, CancellationToken cancellationToken) =>
        client.SendAsync(api => api.CreateHookAsync(project.ToString(), Wanted(address.AbsoluteUri, WebhookSecret, SigningToken, checksCertificates: true), $"make a webhook of {project}", cancellationToken));

    /// <summary>Lets a hook tell all that it has to; its secrets stay.</summary>
    public Task<HookAnswer> WidenAsync(RepoRef project, HookAnswer hook, CancellationToken cancellationToken) => client.SendAsync(api => api.UpdateHookAsync(
        project.ToString(), hook.Id, Wanted(hook.Url ?? "", token: null, signingToken: null, hook.EnableSslVerification), $"change the webhook of {project}", cancellationToken));

    /// <summary>True where it tells all that it has to.</summary>
    public static bool TellsAll(HookAnswer hook) =>
        hook is { PushEvents: true, IssuesEvents: true, ConfidentialIssuesEvents: true, NoteEvents: true, ConfidentialNoteEvents: true, MergeRequestsEvents: true };

    /// <summary>True where GitLab says that it does not sign and we take nothing else; older versions do not say.</summary>
    public bool LacksSigning(HookAnswer hook) => SigningToken is not null && hook.SigningTokenPresent is false;

    /// <summary>Lets GitLab send an example, which is how it sends to a switched off hook again; false where it did not get through.</summary>
    public async Task<bool> TryAsync(RepoRef project, HookAnswer hook, CancellationToken cancellationToken)
    {
        foreach (string example in s_examples)
        {
            try
            {
                await client.SendAsync(api => api.TestHookAsync(project.ToString(), hook.Id, example, $"try the webhook of {project}", cancellationToken));
                return true;
            }
            catch (ForgeException exception) when (exception.Fault is ForgeFault.Conflict or ForgeFault.Ambiguous)
            {
                // There is no example of that kind, or nobody took it.
            }
        }

        return false;
    }

    private static HookRequest Wanted(string address, string? token, string? signingToken, bool checksCertificates) => new(
        address, token, signingToken, PushEvents: true, IssuesEvents: true, ConfidentialIssuesEvents: true, NoteEvents: true, ConfidentialNoteEvents: true, MergeRequestsEvents: true, checksCertificates);

    private string? Setting(string name) => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
