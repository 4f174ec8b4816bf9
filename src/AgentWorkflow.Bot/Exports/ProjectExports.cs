using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Exports;

/// <summary>The archives of a project: those that were made for it, and those of the same files under the same name, whoever asked for them.</summary>
internal sealed class ProjectExports(IDbContextFactory<BotDb> databases, IContentStore contents)
{
    private const int Most = 1_000;

    /// <summary>All of them, newest first.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="name">Its repository's own name, which the archives' folder has.</param>
    /// <param name="files">Its files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RepositoryExportRow>> ListAsync(string projectId, string name, WorkspaceTree files, CancellationToken cancellationToken)
    {
        string tree = new GitObjects(contents, sink: null).Tree(files).Value;
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<RepositoryExportRow>().AsNoTracking().Where(e => e.ProjectId == projectId || (e.Tree == tree && e.RootFolder == name))
            .OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id).Take(Most).ToListAsync(cancellationToken);
    }

    /// <summary>The archive that a receipt tells of.</summary>
    public async Task<RepositoryExportRow> GetAsync(Receipt receipt, string name, CancellationToken cancellationToken)
    {
        (string? tree, string? format) = (receipt["tree"], receipt["format"]);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<RepositoryExportRow>().AsNoTracking().FirstAsync(e => e.Tree == tree && e.Format == format && e.RootFolder == name, cancellationToken);
    }
}
