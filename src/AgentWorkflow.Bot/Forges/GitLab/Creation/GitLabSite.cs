using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Writing;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Creation;

/// <summary>A new project on GitLab.</summary>
internal sealed class GitLabSite(GitLabClient client, GitLabGate gate, GitPush push, GitLabIdentity identity, GitLabOptions options, CreateRepository effect) : IRepositorySite
{
    private const int Nobody = 0;
    private const int Maintainers = 40;

    private readonly string _project = effect.Target.ToString();

    private RepositorySettings Settings => effect.Settings;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiteCommit>> ReadHistoryAsync(CancellationToken cancellationToken)
    {
        List<CommitAnswer>? commits = await client.FindAsync(api => api.ListCommitsAsync(_project, Settings.DefaultBranch, GitLabClient.PageSize, $"look at the branch '{Settings.DefaultBranch}' of {_project}", cancellationToken));
        return [.. (commits ?? []).Select(c => new SiteCommit(c.Id, c.ParentIds is not { Count: > 0 }, c.Message ?? ""))];
    }

    /// <inheritdoc/>
    public async Task<CommitId> PushAsync(CancellationToken cancellationToken)
    {
        UserAnswer self = await identity.GetAsync(cancellationToken);
        CommitIdentity author = new(self.Name ?? self.Username, $"{self.Id}-{self.Username}@users.noreply.{options.WebAddress.Host}");
        using RequestGate.Turn turn = await gate.Requests.EnterAsync(isWrite: true, cancellationToken);
        GitSource target = new(new Uri(options.WebAddress, $"{_project}.git"), "oauth2", options.Token?.Trim() ?? "");
        return (await push.PushAsync(target, new NewCommit(Settings.DefaultBranch, null, effect.Tree, author, effect.At, effect.Message), cancellationToken)).Commit;
    }

    /// <inheritdoc/>
    public async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        if (Settings.Protect)
        {
            // GitLab protects the default branch by itself, and lets maintainers push; such a rule is replaced, since not every edition can change one.
            string what = $"protect '{Settings.DefaultBranch}' of {_project}";
            await IgnoreAsync(ForgeFault.NotFound, api => api.UnprotectAsync(_project, Settings.DefaultBranch, what, cancellationToken));
            await client.SendAsync(api => api.ProtectAsync(_project, new ProtectionRequest(Settings.DefaultBranch, Nobody, Maintainers, AllowForcePush: false), what, cancellationToken));
        }

        foreach (RepositoryLabel label in Settings.Labels)
        {
            // There from an earlier attempt, or from the group.
            LabelRequest wanted = new(label.Name, "#" + label.Color, label.Description);
            await IgnoreAsync(ForgeFault.Conflict, api => api.CreateLabelAsync(_project, wanted, $"add the label '{label.Name}' to {_project}", cancellationToken));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadIssuesAsync(CancellationToken cancellationToken)
    {
        UserAnswer self = await identity.GetAsync(cancellationToken);
        List<IssueAnswer> issues = await client.SendAsync(api => api.ListIssuesAsync(_project, self.Id, "all", "created_at", "asc", GitLabClient.PageSize, $"list the issues of {_project}", cancellationToken));
        return [.. issues.OrderBy(i => i.Iid).Select(i => i.Title)];
    }

    /// <inheritdoc/>
    public async Task<long> OpenMilestoneAsync(string title, bool mayBeThere, CancellationToken cancellationToken)
    {
        string what = $"add the milestone '{title}' to {_project}";
        List<MilestoneAnswer> there = mayBeThere ? await client.SendAsync(api => api.ListMilestonesAsync(_project, title, what, cancellationToken)) : [];
        return (there.FirstOrDefault(m => m.Title == title) ?? await client.SendAsync(api => api.CreateMilestoneAsync(_project, new MilestoneRequest(title), what, cancellationToken))).Id;
    }

    /// <inheritdoc/>
    public Task OpenIssueAsync(NewIssue issue, long? milestone, CancellationToken cancellationToken)
    {
        IssueRequest wanted = new(issue.Title, QuickActions.Inert(issue.Body), issue.Labels, milestone);
        return client.SendAsync(api => api.CreateIssueAsync(_project, wanted, $"open an issue of {_project}", cancellationToken));
    }

    /// <inheritdoc/>
    public Task FinishAsync(CancellationToken cancellationToken) =>
        client.SendAsync(api => api.UpdateProjectAsync(_project, new ProjectUpdate(Settings.Description, Settings.DefaultBranch), $"finish {_project}", cancellationToken));

    /// <inheritdoc/>
    public Task DeleteAsync(CancellationToken cancellationToken) => IgnoreAsync(ForgeFault.NotFound, api => api.DeleteProjectAsync(_project, $"take {_project} away again", cancellationToken));

    private async Task IgnoreAsync(ForgeFault fault, Func<IGitLabApi, Task> request)
    {
        try
        {
            await client.SendAsync(request);
        }
        catch (ForgeException exception) when (exception.Fault == fault)
        {
            // It is as it should be.
        }
    }
}
