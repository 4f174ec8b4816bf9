using System.Net;

using AgentWorkflow.Bot.Forges.Creation;
using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Bot.Forges.GitHub.Writing;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Creation;

/// <summary>A new repository on GitHub, by a token for it alone.</summary>
internal sealed class GitHubSite(GitHubHttp http, GitPush push, AppIdentity identity, Uri web, CreatorAccess creator, CreateRepository effect) : IRepositorySite
{
    private const int PageSize = 100;

    private readonly GitHubAccess _access = creator.Of(effect.Target, effect.Tree.Files.Keys.Any(p => CiFiles.Holds(p.Value)));
    private readonly string _at = $"repos/{effect.Target}";

    private RepoRef Target => effect.Target;

    private RepositorySettings Settings => effect.Settings;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiteCommit>> ReadHistoryAsync(CancellationToken cancellationToken) =>
        [.. (await BranchHistory.ReadAsync(http, _access, Target, Settings.DefaultBranch, cancellationToken)).Select(c => new SiteCommit(c.Sha, c.Parents is not { Count: > 0 }, c.Commit.Message))];

    /// <inheritdoc/>
    public async Task<CommitId> PushAsync(CancellationToken cancellationToken)
    {
        ActorId bot = (await identity.GetAsync(cancellationToken)).Bot;
        CommitIdentity author = new(bot.Login, $"{bot.Id}+{bot.Login}@users.noreply.{web.Host}");
        using RequestGate.Turn turn = await creator.Gate.EnterAsync(isWrite: true, cancellationToken);
        GitSource target = new(new Uri(web, $"{Target}.git"), "x-access-token", await _access.BearerAsync(cancellationToken));
        return (await push.PushAsync(target, new NewCommit(Settings.DefaultBranch, null, effect.Tree, author, effect.At, effect.Message), cancellationToken)).Commit;
    }

    /// <inheritdoc/>
    public async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        if (Settings.Protect)
        {
            ProtectionRequest protection = new(new ProtectionReviews(Settings.Reviews));
            string what = $"protect '{Settings.DefaultBranch}' of {Target}";
            await http.SendAsync(_access, GitHubRequest.Put($"{_at}/branches/{Uri.EscapeDataString(Settings.DefaultBranch)}/protection", protection, CreationJson.Default.ProtectionRequest, what), cancellationToken);
        }

        if (Settings.Topics.Count > 0)
        {
            await http.SendAsync(_access, GitHubRequest.Put($"{_at}/topics", new TopicsRequest(Settings.Topics), CreationJson.Default.TopicsRequest, $"set the topics of {Target}"), cancellationToken);
        }

        foreach (RepositoryLabel label in Settings.Labels)
        {
            await LabelAsync(label, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadIssuesAsync(CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"{_at}/issues?state=all&sort=created&direction=asc&per_page={PageSize}", $"list the issues of {Target}");
        List<ListedIssue> issues = (await http.SendAsync(_access, request, cancellationToken)).Read(CreationJson.Default.ListListedIssue);
        return [.. issues.Where(i => People.IsBot(i.User)).OrderBy(i => i.Number).Select(i => i.Title)];
    }

    /// <inheritdoc/>
    public async Task<long> OpenMilestoneAsync(string title, bool mayBeThere, CancellationToken cancellationToken)
    {
        string what = $"add the milestone '{title}' to {Target}";
        if (mayBeThere)
        {
            GitHubRequest list = GitHubRequest.Get($"{_at}/milestones?state=all&per_page={PageSize}", what);
            if ((await http.SendAsync(_access, list, cancellationToken)).Read(CreationJson.Default.ListMilestoneAnswer).FirstOrDefault(m => m.Title == title) is { } there)
            {
                return there.Number;
            }
        }

        GitHubRequest add = GitHubRequest.Post($"{_at}/milestones", new MilestoneRequest(title), CreationJson.Default.MilestoneRequest, what);
        return (await http.SendAsync(_access, add, cancellationToken)).Read(CreationJson.Default.MilestoneAnswer).Number;
    }

    /// <inheritdoc/>
    public Task OpenIssueAsync(NewIssue issue, long? milestone, CancellationToken cancellationToken)
    {
        IssueRequest wanted = new(issue.Title, ShortText.Of(issue.Body, CommentEffects.MostText), issue.Labels, milestone);
        return http.SendAsync(_access, GitHubRequest.Post($"{_at}/issues", wanted, CreationJson.Default.IssueRequest, $"open an issue of {Target}"), cancellationToken);
    }

    /// <inheritdoc/>
    public Task FinishAsync(CancellationToken cancellationToken) => http.SendAsync(
        _access, GitHubRequest.Patch(_at, new RepositoryUpdate(Settings.Description, Settings.DefaultBranch), CreationJson.Default.RepositoryUpdate, $"finish {Target}"), cancellationToken);

    /// <inheritdoc/>
    public Task DeleteAsync(CancellationToken cancellationToken) =>
        http.SendAsync(_access, GitHubRequest.Delete(_at, $"take {Target} away again") with { Accepted = [HttpStatusCode.NotFound] }, cancellationToken);

    // A new repository has some labels already: one of that name gets this colour and description.
    private async Task LabelAsync(RepositoryLabel label, CancellationToken cancellationToken)
    {
        string what = $"add the label '{label.Name}' to {Target}";
        LabelRequest wanted = new(label.Name, label.Color, label.Description);
        GitHubRequest add = GitHubRequest.Post($"{_at}/labels", wanted, CreationJson.Default.LabelRequest, what) with { Accepted = [HttpStatusCode.UnprocessableEntity] };
        if ((await http.SendAsync(_access, add, cancellationToken)).Status is HttpStatusCode.UnprocessableEntity)
        {
            LabelUpdate change = new(label.Color, label.Description);
            await http.SendAsync(_access, GitHubRequest.Patch($"{_at}/labels/{Uri.EscapeDataString(label.Name)}", change, CreationJson.Default.LabelUpdate, what), cancellationToken);
        }
    }
}
