using System.Globalization;
using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>
/// Looks for what no delivery tells: the lists of installations and repositories, then per repository the head and what changed in
/// its issues. All four are asked with the tag of the last answer.
/// </summary>
internal sealed class GitHubWatch(Installations installations, KnownAnswers known, GitHubGraphQl graphQl, GitHubNews news) : IForgeWatch
{
    private const int PageSize = 100;

    private const string CommitterQuery = """
        query($owner: String!, $name: String!, $id: GitObjectID!, $path: String) {
          repository(owner: $owner, name: $name, followRenames: false) {
            object(oid: $id) { ... on Commit { history(first: 1, path: $path) { nodes { author { user { databaseId login name } } committer { user { databaseId login name } } } } } }
          }
        }
        """;

    // The account by which GitHub commits what people do on its pages.
    private const string WebFlow = "web-flow";

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchedRepository> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (InstallationItem installation in PagesAsync(installations.App, "installations", "app/installations", WatchJson.Default.ListInstallationItem, static page => page, cancellationToken))
        {
            if (installation.SuspendedAt is not null)
            {
                continue;
            }

            GitHubAccess access = installations.OpenList(installation.Id);
            string place = string.Create(CultureInfo.InvariantCulture, $"repositories/{installation.Id}");
            await foreach (ListedRepository item in PagesAsync(access, place, "installation/repositories", WatchJson.Default.RepositoryPage, static page => page.Repositories, cancellationToken))
            {
                if (!item.Archived && !item.Disabled && RepoRef.TryParse(item.FullName, out RepoRef? name))
                {
                    yield return new WatchedRepository(item.Id, name, item.DefaultBranch ?? "main", item.PushedAt?.ToString("O", CultureInfo.InvariantCulture) ?? "");
                }
            }
        }
    }

    /// <inheritdoc/>
    public async Task<CommitId?> FindHeadAsync(WatchedRepository repository, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository.Repository, TokenUse.Talk, cancellationToken);
        string branch = string.Join('/', repository.DefaultBranch.Split('/').Select(Uri.EscapeDataString));
        RefAnswer? head = await known.AskAsync(
            access, $"head/{repository.Id}", $"repos/{repository.Repository}/git/ref/heads/{branch}", GitHubJson.Default.RefAnswer, $"read the head of {repository.Repository}", cancellationToken);
        return CommitId.TryParse(head?.Object.Sha, out CommitId? commit) ? commit : null;
    }

    /// <inheritdoc/>
    public Task<ActorId?> FindCommitterAsync(RepoRef repository, CommitId commit, RepoPath path, CancellationToken cancellationToken) => CommitterAsync(repository, commit, path.Value, cancellationToken);

    /// <inheritdoc/>
    public async Task<RepositoryNews> ReadNewsAsync(
        WatchedRepository repository, DateTimeOffset since, IReadOnlyList<string> labels, PushedHeads? push, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository.Repository, TokenUse.Talk, cancellationToken);
        RepositoryNews found = await news.ReadAsync(access, repository, since, labels, cancellationToken);
        if (push is null)
        {
            return found;
        }

        ActorId? pusher = await CommitterAsync(repository.Repository, push.After, path: null, cancellationToken);
        return found with { Events = [await news.ReadPushAsync(access, repository, push, pusher, cancellationToken), .. found.Events] };
    }

    private async Task<ActorId?> CommitterAsync(RepoRef repository, CommitId commit, string? path, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        GraphQlQuery query = new(CommitterQuery, new GraphQlVariables { Owner = repository.Owner, Name = repository.Name, Id = commit.Value, Path = path });
        CommitterData data = await graphQl.SendAsync(access, query, WatchJson.Default.CommitterData, isChange: false, $"ask who changed '{path}' of {repository} last", cancellationToken);
        AccountNode? who = data.Repository?.Object?.History?.Items is not [var last, ..] ? null
            : last.Committer?.User is { Login: not WebFlow } committer ? committer
            : last.Author?.User;
        return who is { DatabaseId: { } id } ? new ActorId(id, who.Login, who.Name) : null;
    }

    private async IAsyncEnumerable<TItem> PagesAsync<TPage, TItem>(
        GitHubAccess access, string place, string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<TPage> type, Func<TPage, IReadOnlyList<TItem>> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TPage : class
    {
        for (int number = 1; ; number++)
        {
            string query = string.Create(CultureInfo.InvariantCulture, $"{path}?per_page={PageSize}&page={number}");
            IReadOnlyList<TItem> page = await known.AskAsync(access, string.Create(CultureInfo.InvariantCulture, $"{place}/{number}"), query, type, $"list {place}", cancellationToken) is { } answer ? items(answer) : [];
            foreach (TItem item in page)
            {
                yield return item;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }
        }
    }
}
