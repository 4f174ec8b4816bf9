using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Projects.Detection;
using AgentWorkflow.Bot.Tests.Projects.Workspaces;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Projects.Detection;

/// <summary>Surveys small trees that are written down as path and text.</summary>
internal static class Survey
{
    public static Task<RepositorySurvey> OfAsync(params (string Path, string Text)[] files) =>
        OfAsync(files.Select(f => (f.Path, Encoding.UTF8.GetBytes(f.Text))));

    public static async Task<RepositorySurvey> OfAsync(IEnumerable<(string Path, byte[] Content)> files)
    {
        MemoryContentStore store = new();
        WorkspaceTree tree = WorkspaceTree.Empty;
        foreach ((string path, byte[] content) in files)
        {
            await store.PutAsync(content, TestContext.Current.CancellationToken);
            tree = RepoPath.TryParseExisting(path, out RepoPath? parsed, out _)
                ? tree.With(parsed, new FileEntry(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, Executable: false)) : tree;
        }

        return RepositorySurvey.Of(tree, await SurveyedFiles.ReadAsync(tree, store, TestContext.Current.CancellationToken));
    }

    /// <summary>One line a project, with all that follows from it.</summary>
    public static string Told(RepositorySurvey survey) => survey.IsEmpty ? "empty" : string.Join('\n', survey.Projects.Select(p =>
        $"{p.Title} | {p.Confidence} | {Lines(p.Install)} | {Lines(p.Test)} | {string.Join(' ', p.Reports)}"));

    private static string Lines(IReadOnlyList<IReadOnlyList<string>> lists) => string.Join(" && ", lists.Select(l => string.Join(' ', l)));
}
