using System.Globalization;
using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Writing;

/// <summary>Comments, reactions and labels.</summary>
internal sealed class CommentEffects(Installations installations, GitHubHttp http, AppIdentity identity)
{
    /// <summary>The most characters of a comment or a description.</summary>
    public const int MostText = 65_536;

    private const int MostPages = 10;
    private const int PageSize = 100;

    /// <summary>Writes the comment, or edits the one that is there; one that a person deleted stays deleted.</summary>
    public async Task<Receipt> PutAsync(RepoRef repository, PutComment effect, Receipt? there, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        CommentRequest body = new(Marked(effect));
        string what = $"comment on #{effect.Number} of {repository}";
        if (there?["commentId"] is not { } id)
        {
            GitHubRequest create = GitHubRequest.Post($"repos/{repository}/issues/{effect.Number}/comments", body, GitHubJson.Default.CommentRequest, what);
            return Receipts.Applied(effect, Values(effect, (await http.SendAsync(access, create, cancellationToken)).Read(GitHubJson.Default.CommentAnswer)));
        }

        GitHubRequest edit = GitHubRequest.Patch($"repos/{repository}/issues/comments/{id}", body, GitHubJson.Default.CommentRequest, what) with { Accepted = [HttpStatusCode.NotFound] };
        GitHubAnswer answer = await http.SendAsync(access, edit, cancellationToken);
        return answer.Status is HttpStatusCode.NotFound
            ? throw new ForgeException(ForgeFault.Conflict, $"AW3074: The comment on #{effect.Number} of {repository} was deleted by a person and stays so.")
            : Receipts.Applied(effect, Values(effect, answer.Read(GitHubJson.Default.CommentAnswer)));
    }

    /// <summary>Ours is the oldest comment with that marker by our own account; a second one, left by a lost answer, is taken away.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, PutComment effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        long us = (await identity.GetAsync(cancellationToken)).Bot.Id;
        string since = owner.Since is { } start ? $"&since={start.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}" : "";
        List<CommentAnswer> comments = await PagesAsync(
            access, $"repos/{repository}/issues/{effect.Number}/comments?per_page={PageSize}{since}", $"read the comments on #{effect.Number} of {repository}",
            answer => answer.Read(GitHubJson.Default.ListCommentAnswer), cancellationToken);
        List<CommentAnswer> ours = [.. comments.Where(c => c.User?.Id == us && c.Body?.Contains(effect.Marker, StringComparison.Ordinal) is true).OrderBy(c => c.Id)];
        foreach (CommentAnswer extra in ours.Skip(1))
        {
            GitHubRequest delete = GitHubRequest.Delete($"repos/{repository}/issues/comments/{extra.Id}", $"take a doubled comment off #{effect.Number} of {repository}");
            await http.SendAsync(access, delete with { Accepted = [HttpStatusCode.NotFound] }, cancellationToken);
        }

        return ours is not [var first, ..] ? null
            : MarkedText.IsSame(first.Body, Marked(effect)) ? Receipts.Adopted(effect, Values(effect, first))
            : Receipts.Stale(effect, Values(effect, first));
    }

    /// <summary>Adds a reaction; GitHub answers with the one that is there already.</summary>
    public async Task<Receipt> ReactAsync(RepoRef repository, AddReaction effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        // Remarks on lines belong to the pull request, not to its conversation.
        GitHubAccess access = await installations.OpenAsync(repository, effect.Place is CommentPlace.Review ? TokenUse.Of(owner, ForgeRights.PullRequests) : TokenUse.Talk, cancellationToken);
        await http.SendAsync(access, GitHubRequest.Post(ReactionsOf(repository, effect), new ReactionRequest(effect.Content), GitHubJson.Default.ReactionRequest, What(repository)), cancellationToken);
        return Receipts.Applied(effect, ("commentId", $"{effect.CommentId}"));
    }

    /// <summary>Ours is a reaction of our account.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, AddReaction effect, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        long us = (await identity.GetAsync(cancellationToken)).Bot.Id;
        List<ReactionAnswer> reactions = await PagesAsync(
            access, $"{ReactionsOf(repository, effect)}?content={Uri.EscapeDataString(effect.Content)}&per_page={PageSize}", What(repository),
            answer => answer.Read(GitHubJson.Default.ListReactionAnswer), cancellationToken);
        return reactions.Any(r => r.User?.Id == us) ? Receipts.Adopted(effect, ("commentId", $"{effect.CommentId}")) : null;
    }

    /// <summary>Takes a label off; one that is off stays off.</summary>
    public async Task<Receipt> RemoveAsync(RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        GitHubRequest request = GitHubRequest.Delete($"repos/{repository}/issues/{effect.Number}/labels/{Uri.EscapeDataString(effect.Label)}", $"take a label off #{effect.Number} of {repository}");
        await http.SendAsync(access, request with { Accepted = [HttpStatusCode.NotFound] }, cancellationToken);
        return Receipts.Applied(effect, ("number", $"{effect.Number}"));
    }

    /// <summary>Done is a label that is off.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        GitHubRequest request = GitHubRequest.Get($"repos/{repository}/issues/{effect.Number}", $"read #{effect.Number} of {repository}");
        IssueAnswer issue = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.IssueAnswer);
        return issue.Labels?.Any(l => l.Name == effect.Label) is true ? null : Receipts.Adopted(effect, ("number", $"{effect.Number}"));
    }

    private async Task<List<T>> PagesAsync<T>(GitHubAccess access, string path, string what, Func<GitHubAnswer, List<T>> read, CancellationToken cancellationToken)
    {
        List<T> all = [];
        for (int page = 1; page <= MostPages; page++)
        {
            List<T> next = read(await http.SendAsync(access, GitHubRequest.Get(page == 1 ? path : $"{path}&page={page}", what), cancellationToken));
            all.AddRange(next);
            if (next.Count < PageSize)
            {
                return all;
            }
        }

        return all;
    }

    private static string ReactionsOf(RepoRef repository, AddReaction effect) => effect.Place switch
    {
        CommentPlace.Issue => $"repos/{repository}/issues/comments/{effect.CommentId}/reactions",
        CommentPlace.Review => $"repos/{repository}/pulls/comments/{effect.CommentId}/reactions",
        _ => $"repos/{repository}/issues/{effect.CommentId}/reactions",
    };

    private static string What(RepoRef repository) => $"react in {repository}";

    private static string Marked(PutComment effect) => MarkedText.Of(effect.Body, effect.Marker, MostText);

    private static IEnumerable<(string Name, string Value)> Values(PutComment effect, CommentAnswer comment) =>
        [("commentId", $"{comment.Id}"), ("number", $"{effect.Number}"), ("url", comment.HtmlUrl)];
}
