using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>Reads the workflow files of a commit and says what is wrong with them, on their very lines. Nothing of them is run.</summary>
internal sealed class WorkflowFileCheck(WorkflowParser parser)
{
    /// <summary>What stands on the check as its maker: no run has this key.</summary>
    public const string Owner = "workflow-files";

    private const string Name = "agentworkflow / workflow files";
    private const int MostAnnotations = 50;

    /// <summary>The check, or null where the commit has none of the files.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="files">All workflow files at the commit.</param>
    /// <param name="touched">The paths that were touched; null for all.</param>
    public SetCheck? Of(CommitId commit, IReadOnlyList<RepositoryFile> files, IReadOnlyList<string>? touched)
    {
        List<RepositoryFile> wanted = [.. files.Where(f => touched is null || touched.Contains(f.Path.Value))];
        if (wanted.Count == 0)
        {
            return null;
        }

        // Names and commands are taken by files that were not touched too.
        List<WorkflowParse> all = [.. files.Select(f => parser.Parse(f.Path.Value, f.Content))];
        List<Diagnostic> wrong = [.. all.SelectMany(p => p.Diagnostics).Concat(WorkflowSet.Check(all.Select(p => p.Workflow).OfType<Workflow>()))
            .Where(d => wanted.Exists(f => f.Path.Value == d.File)).OrderBy(d => d.Severity).ThenBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line)];
        int errors = wrong.Count(d => d.Severity == Severity.Error);
        string count = wanted.Count == 1 ? "1 workflow file" : $"{wanted.Count} workflow files";
        string title = errors == 0 ? $"{count}: valid" : $"{count}: {(errors == 1 ? "1 error" : $"{errors} errors")}";
        return new SetCheck(
            new EffectKey($"check/{commit}/{Owner}"), commit, Name, errors == 0 ? CheckConclusion.Success : CheckConclusion.Failure, title, Summary(wanted, wrong),
            [.. wrong.Take(MostAnnotations).Select(d => Annotate(d, wanted))]);
    }

    private static string Summary(List<RepositoryFile> wanted, List<Diagnostic> wrong)
    {
        IEnumerable<string> lines = wanted.Select(f => wrong.Count(d => d.File == f.Path.Value && d.Severity == Severity.Error) is var n and > 0
            ? $"- {InertText.Of(f.Path.Value, 300)}: {(n == 1 ? "1 error" : $"{n} errors")}"
            : $"- {InertText.Of(f.Path.Value, 300)}: valid");
        string more = wrong.Count > MostAnnotations ? $"\n\n{wrong.Count - MostAnnotations} more remarks are not shown." : "";
        return $"{string.Join('\n', lines)}{more}\n\nFiles are run from the default branch alone.";
    }

    private static CheckAnnotation Annotate(Diagnostic wrong, List<RepositoryFile> files) => new(
        files.First(f => f.Path.Value == wrong.File).Path,
        wrong.Line,
        wrong.Line,
        wrong.Severity == Severity.Error ? "failure" : "warning",
        wrong.Code,
        $"{wrong.Message}{(wrong.Suggestion is null ? "" : $" Did you mean '{wrong.Suggestion}'?")}");
}
