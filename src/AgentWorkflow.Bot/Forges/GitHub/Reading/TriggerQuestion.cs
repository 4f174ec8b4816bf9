using System.Text;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>The one question that a trigger is decided on.</summary>
internal static class TriggerQuestion
{
    // The states of issues and pull requests are two types, which one answer may not hold under one name.
    private const string Issue = """
          issue: issueOrPullRequest(number: $number) {
            __typename
            ... on Issue { number title body url state author { ...person } labels(first: 100) { nodes { name } } comments(last: 100) { nodes { ...said } } }
            ... on PullRequest {
              number title body url pullState: state author { ...person } labels(first: 100) { nodes { name } } comments(last: 100) { nodes { ...said } }
              headRefName headRefOid baseRefName isCrossRepository
            }
          }
        """;

    private const string Fragments = """
        fragment folder on Tree { entries { name mode type object { ... on Blob { oid text isBinary isTruncated byteSize } } } }
        """;

    private const string IssueFragments = """
        fragment said on IssueComment { fullDatabaseId body createdAt lastEditedAt author { ...person } }
        fragment person on Actor { __typename login ... on User { databaseId name } ... on Bot { databaseId } ... on Organization { databaseId } ... on Mannequin { databaseId } }
        """;

    /// <summary>The query and its variables.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="issue">The issue or pull request; null for none.</param>
    /// <param name="commit">Where workflow files are looked for; null for the head of the default branch.</param>
    public static GraphQlQuery Of(RepoRef repository, long? issue, CommitId? commit = null)
    {
        StringBuilder text = new();
        text.Append("query($owner: String!, $name: String!").Append(issue is null ? "" : ", $number: Int!").Append(") {\n");
        text.Append("  repository(owner: $owner, name: $name, followRenames: false) {\n");
        text.Append("    databaseId nameWithOwner url isArchived isDisabled isPrivate defaultBranchRef { name target { oid ... on Commit { tree { oid } } } }\n");
        foreach ((string alias, string folder) in Folders)
        {
            text.Append("    ").Append(alias).Append(": object(expression: \"").Append(commit?.Value ?? "HEAD").Append(':').Append(folder.TrimEnd('/')).Append("\") { ...folder }\n");
        }

        text.Append(issue is null ? "" : Issue).Append("\n  }\n}\n").Append(Fragments).Append('\n').Append(issue is null ? "" : IssueFragments);
        return new GraphQlQuery(text.ToString(), new GraphQlVariables { Owner = repository.Owner, Name = repository.Name, Number = issue });
    }

    /// <summary>The issue or pull request of an answer.</summary>
    public static IssueFacts? IssueOf(TriggerRepository answer) => answer.Issue is not { } issue ? null
        : new IssueFacts(issue.Number, issue.Title, issue.Body ?? "", issue.Url, People.Of(issue.Author), issue.Kind == "PullRequest")
        {
            Labels = [.. (issue.Labels?.Items ?? []).Select(l => l.Name)],
            IsOpen = (issue.State ?? issue.PullState) == "OPEN",
            Pull = issue is { HeadRefName: { } head, BaseRefName: { } into } && CommitId.TryParse(issue.HeadRefOid, out CommitId? at)
                ? new PullBranches(head, at, into, issue.IsCrossRepository)
                : null,
        };

    /// <summary>A comment of an answer. That an app wrote it in a person's name is told by payloads and by REST alone, and a command is screened by those before this is asked.</summary>
    public static CommentFacts CommentOf(CommentNode comment) => new(
        comment.FullDatabaseId, People.Of(comment.Author), comment.Author?.Kind == "Bot", comment.Body ?? "", comment.CreatedAt, comment.LastEditedAt);

    /// <summary>The entries of an answer, each with its folder.</summary>
    public static IEnumerable<(string Path, EntryNode Entry)> EntriesOf(TriggerRepository answer) =>
        from folder in Folders.Zip([answer.Own, answer.Github, answer.Gitlab])
        from entry in folder.Second?.Entries ?? []
        select (folder.First.Folder + entry.Name, entry);

    private static IEnumerable<(string Alias, string Folder)> Folders => new[] { "own", "github", "gitlab" }.Zip(WorkflowFolders.All);
}
