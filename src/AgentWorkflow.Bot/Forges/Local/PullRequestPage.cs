using System.Text;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Writes the text of a pull request into a file of the data directory, for people who have no page to look at.</summary>
internal sealed class PullRequestPage(LocalRepositories repositories, IRandomSource random)
{
    /// <summary>Writes or rewrites the file.</summary>
    public async Task WriteAsync(RepoRef repository, LocalIssueRow row, CancellationToken cancellationToken)
    {
        string path = repositories.PageOf(repository, row.Number);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? path);
        string unfinished = $"{path}.{random.NextBase32(8)}.tmp";
        await File.WriteAllTextAsync(unfinished, Text(repository, row), cancellationToken);
        File.Move(unfinished, path, overwrite: true);
    }

    private static string Text(RepoRef repository, LocalIssueRow row)
    {
        StringBuilder text = new();
        text.Append("# ").Append(row.Title).Append("\n\n");
        text.Append("Pull request #").Append(row.Number).Append(" of ").Append(repository)
            .Append(": `").Append(row.Branch).Append("` into `").Append(row.BaseBranch).Append("`, ")
            .Append(row.State).Append(row.Draft && row.State == "open" ? " as a draft" : "");
        if (row.Labels.Count > 0)
        {
            text.Append(", labels ").AppendJoin(", ", row.Labels.Select(l => $"`{l}`"));
        }

        return text.Append("\n\n").Append(row.Body.TrimEnd()).Append('\n').ToString();
    }
}
