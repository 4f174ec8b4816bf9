using System.Net;

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

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Creation;

/// <summary>Everything of a new repository besides its name. Each part does no harm when it is done again; where one is refused for good, the repository is taken away again.</summary>
internal sealed class RepositorySetup(GitHubHttp http, GitPush push, AppIdentity identity, IOptions<GitHubOptions> options)
{
    private const int PageSize = 100;

    /// <summary>The commit that a branch began with, where it is this run's.</summary>
    public static ListedCommit? FirstOf(List<ListedCommit> history, EffectOwner owner) =>
        history is [.., { Parents: not { Count: > 0 } } first] && RunTrailer.In(first.Commit.Message) == owner.RunKey ? first : null;

    /// <summary>Does what is missing.</summary>
    public async Task<Receipt> FinishAsync(CreatorAccess creator, CreateRepository effect, EffectOwner owner, Receipt there, bool isFresh, CancellationToken cancellationToken)
    {
        GitHubAccess access = creator.Of(effect.Target, effect.Tree.Files.Keys.Any(p => CiFiles.Holds(p.Value)));
        try
        {
            (string commit, string tree) = await CommitAsync(creator, access, effect, owner, isFresh, cancellationToken);
            CrashPoint.Here("pushed:repository");
            await ConfigureAsync(access, effect, cancellationToken);
            await FillAsync(access, effect, isFresh, cancellationToken);
            CrashPoint.Here("filled:repository");
            RepositoryUpdate last = new(effect.Settings.Description, effect.Settings.DefaultBranch);
            await http.SendAsync(access, GitHubRequest.Patch($"repos/{effect.Target}", last, CreationJson.Default.RepositoryUpdate, $"finish {effect.Target}"), cancellationToken);
            return Receipts.Applied(effect, [.. there.Values.Select(v => (v.Key, v.Value)), ("commit", commit), ("tree", tree)]);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Denied or ForgeFault.NotFound or ForgeFault.Conflict)
        {
            return Receipts.Refused(effect, $"{exception.Message.TrimEnd('.')}; {await TakeAwayAsync(access, effect, owner, cancellationToken)}");
        }
    }

    private async Task<(string Commit, string Tree)> CommitAsync(
        CreatorAccess creator, GitHubAccess access, CreateRepository effect, EffectOwner owner, bool isFresh, CancellationToken cancellationToken)
    {
        if (!isFresh && FirstOf(await HistoryAsync(access, effect, cancellationToken), owner) is { } first)
        {
            return (first.Sha, first.Commit.Tree.Sha);
        }

        ActorId bot = (await identity.GetAsync(cancellationToken)).Bot;
        CommitIdentity author = new(bot.Login, $"{bot.Id}+{bot.Login}@users.noreply.{options.Value.WebAddress.Host}");
        using RequestGate.Turn turn = await creator.Gate.EnterAsync(isWrite: true, cancellationToken);
        GitSource target = new(new Uri(options.Value.WebAddress, $"{effect.Target}.git"), "x-access-token", await access.BearerAsync(cancellationToken));
        PushedCommit made = await push.PushAsync(target, new NewCommit(effect.Settings.DefaultBranch, null, effect.Tree, author, effect.At, effect.Message), cancellationToken);
        return (made.Commit.Value, made.Tree.Value);
    }

    private async Task ConfigureAsync(GitHubAccess access, CreateRepository effect, CancellationToken cancellationToken)
    {
        RepositorySettings settings = effect.Settings;
        string at = $"repos/{effect.Target}";
        if (settings.Protect)
        {
            ProtectionRequest protection = new(new ProtectionReviews(settings.Reviews));
            string what = $"protect '{settings.DefaultBranch}' of {effect.Target}";
            await http.SendAsync(access, GitHubRequest.Put($"{at}/branches/{Uri.EscapeDataString(settings.DefaultBranch)}/protection", protection, CreationJson.Default.ProtectionRequest, what), cancellationToken);
        }

        if (settings.Topics.Count > 0)
        {
            await http.SendAsync(access, GitHubRequest.Put($"{at}/topics", new TopicsRequest(settings.Topics), CreationJson.Default.TopicsRequest, $"set the topics of {effect.Target}"), cancellationToken);
        }

        foreach (RepositoryLabel label in settings.Labels)
        {
            // A new repository has some labels already: one of that name gets this colour and description.
            string what = $"add the label '{label.Name}' to {effect.Target}";
            LabelRequest wanted = new(label.Name, label.Color, label.Description);
            GitHubRequest add = GitHubRequest.Post($"{at}/labels", wanted, CreationJson.Default.LabelRequest, what) with { Accepted = [HttpStatusCode.UnprocessableEntity] };
            if ((await http.SendAsync(access, add, cancellationToken)).Status is HttpStatusCode.UnprocessableEntity)
            {
                LabelUpdate change = new(label.Color, label.Description);
                await http.SendAsync(access, GitHubRequest.Patch($"{at}/labels/{Uri.EscapeDataString(label.Name)}", change, CreationJson.Default.LabelUpdate, what), cancellationToken);
            }
        }
    }

    private async Task FillAsync(GitHubAccess access, CreateRepository effect, bool isFresh, CancellationToken cancellationToken)
    {
        if (effect.Issues.Count == 0)
        {
            return;
        }

        string at = $"repos/{effect.Target}";
        int there = isFresh ? 0 : await CountIssuesAsync(access, effect, cancellationToken);
        long? milestone = effect.Milestone is { } title ? await MilestoneAsync(access, effect.Target, title, isFresh, cancellationToken) : null;
        foreach ((NewIssue issue, int i) in effect.Issues.Select((issue, i) => (issue, i)).Skip(there))
        {
            IssueRequest wanted = new(issue.Title, ShortText.Of(issue.Body, CommentEffects.MostText), issue.Labels, milestone);
            await http.SendAsync(access, GitHubRequest.Post($"{at}/issues", wanted, CreationJson.Default.IssueRequest, $"open issue {i + 1} of {effect.Target}"), cancellationToken);
            CrashPoint.Here("issue:repository");
        }
    }

    // Issues are made one after the other, so the first so many of them are there.
    private async Task<int> CountIssuesAsync(GitHubAccess access, CreateRepository effect, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"repos/{effect.Target}/issues?state=all&sort=created&direction=asc&per_page={PageSize}", $"list the issues of {effect.Target}");
        List<ListedIssue> issues = (await http.SendAsync(access, request, cancellationToken)).Read(CreationJson.Default.ListListedIssue);
        int there = 0;
        foreach (ListedIssue issue in issues.Where(i => People.IsBot(i.User)).OrderBy(i => i.Number))
        {
            there += there < effect.Issues.Count && issue.Title == effect.Issues[there].Title ? 1 : 0;
        }

        return there;
    }

    private async Task<long> MilestoneAsync(GitHubAccess access, RepoRef repository, string title, bool isFresh, CancellationToken cancellationToken)
    {
        string what = $"add the milestone '{title}' to {repository}";
        if (!isFresh)
        {
            GitHubRequest list = GitHubRequest.Get($"repos/{repository}/milestones?state=all&per_page={PageSize}", what);
            if ((await http.SendAsync(access, list, cancellationToken)).Read(CreationJson.Default.ListMilestoneAnswer).FirstOrDefault(m => m.Title == title) is { } there)
            {
                return there.Number;
            }
        }

        GitHubRequest add = GitHubRequest.Post($"repos/{repository}/milestones", new MilestoneRequest(title), CreationJson.Default.MilestoneRequest, what);
        return (await http.SendAsync(access, add, cancellationToken)).Read(CreationJson.Default.MilestoneAnswer).Number;
    }

    // Only while nobody has put anything of their own into it.
    private async Task<string> TakeAwayAsync(GitHubAccess access, CreateRepository effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            List<ListedCommit> history = await HistoryAsync(access, effect, cancellationToken);
            if (history.Count > 1 || (history.Count == 1 && FirstOf(history, owner) is null))
            {
                return $"'{effect.Target}' is half made and stays, since others have committed to it";
            }

            GitHubRequest delete = GitHubRequest.Delete($"repos/{effect.Target}", $"take {effect.Target} away again") with { Accepted = [HttpStatusCode.NotFound] };
            await http.SendAsync(access, delete, cancellationToken);
            return $"nothing is left of '{effect.Target}'";
        }
        catch (ForgeException exception)
        {
            return $"'{effect.Target}' is half made and could not be taken away again, so delete it by hand ({exception.Message.TrimEnd('.')})";
        }
    }

    private Task<List<ListedCommit>> HistoryAsync(GitHubAccess access, CreateRepository effect, CancellationToken cancellationToken) =>
        BranchHistory.ReadAsync(http, access, effect.Target, effect.Settings.DefaultBranch, cancellationToken);
}
