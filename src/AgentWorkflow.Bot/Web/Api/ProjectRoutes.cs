using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Generated projects and their files.</summary>
internal static class ProjectRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapProjects(this IEndpointRouteBuilder routes)
    {
        routes.Map(ApiTable.ListProjects, ListAsync);
        routes.Map(ApiTable.GetProject, GetAsync);
        routes.Map(ApiTable.ListFiles, ListFilesAsync);
        routes.Map(ApiTable.GetFile, GetFileAsync).Produces<string>(StatusCodes.Status200OK, "text/plain");
    }

    private static async Task<Results<Ok<Page<ProjectLine>>, ProblemHttpResult>> ListAsync(
        ProjectPages pages, HttpContext context, string? repository, int? limit, string? after, CancellationToken cancellationToken)
    {
        if ((Paging.Read(limit, after, out int most, out PagePlace? before) ?? Paging.Read(repository, out _)) is { } problem)
        {
            return problem;
        }

        _ = Paging.Read(repository, out RepositoryScope wanted);
        IReadOnlyList<ProjectLine> rows = await pages.ListAsync(Caller.Of(context).Scope, wanted, before, most + 1, cancellationToken);
        return TypedResults.Ok(Paging.Of(rows, most, p => p, p => new PagePlace(p.CreatedAt, p.Id)));
    }

    private static async Task<Results<Ok<ProjectDetails>, ProblemHttpResult>> GetAsync(string id, ProjectStore projects, CancellationToken cancellationToken) =>
        await projects.FindAsync(id, cancellationToken) is { } project ? TypedResults.Ok(ProjectDetails.Of(project)) : Problems.NotFound("project");

    private static async Task<Results<Ok<Page<ProjectFile>>, ProblemHttpResult>> ListFilesAsync(
        string id, ProjectStore projects, int? limit, string? after, CancellationToken cancellationToken)
    {
        if (Paging.Read(limit, after: null, out int most, out _) is { } problem)
        {
            return problem;
        }

        if (await projects.FindAsync(id, cancellationToken) is not { } project)
        {
            return Problems.NotFound("project");
        }

        // Paths are their own places: the next page begins after the last one.
        List<ProjectFile> files =
        [
            .. project.Files.Files.Where(f => after is null || string.CompareOrdinal(f.Key.Value, after) > 0).OrderBy(f => f.Key.Value, StringComparer.Ordinal).Take(most + 1)
                .Select(f => new ProjectFile(f.Key.Value, f.Value.Size, f.Value.Sha256, f.Value.Executable)),
        ];
        return TypedResults.Ok(new Page<ProjectFile>([.. files.Take(most)], files.Count > most ? files[most - 1].Path : null));
    }

    private static async Task<IResult> GetFileAsync(string id, string path, ProjectStore projects, IContentStore contents, CancellationToken cancellationToken)
    {
        if (await projects.FindAsync(id, cancellationToken) is not { } project
            || !RepoPath.TryParse(path, out RepoPath? wanted, out _) || !project.Files.Files.TryGetValue(wanted, out FileEntry? file))
        {
            return Problems.NotFound("file in this project");
        }

        // Text, whatever it is: a generated page must not run as one of ours.
        return contents.Contains(file.Sha256)
            ? TypedResults.Stream(contents.OpenRead(file.Sha256), "text/plain; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{file.Sha256}\""))
            : Problems.Of(StatusCodes.Status410Gone, "AW2635", "The content of this file is not kept any more.");
    }
}

/// <summary>A generated project.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Run">The run that made it.</param>
/// <param name="Forge">Where.</param>
/// <param name="Repository">Its repository.</param>
/// <param name="Title">The idea's title.</param>
/// <param name="Tree">The git tree of its commit; null where nothing was committed.</param>
/// <param name="CreatedAt">When it was recorded.</param>
/// <param name="Files">How many files it has.</param>
/// <param name="Size">Bytes of all files.</param>
internal sealed record ProjectDetails(string Id, string Run, string Forge, string Repository, string Title, string? Tree, DateTimeOffset CreatedAt, int Files, long Size)
{
    /// <summary>Reads it.</summary>
    public static ProjectDetails Of(GeneratedProject project) => new(
        project.Id, project.RunId, project.Forge, project.Repository.ToString(), project.Title, project.Tree?.Value, project.CreatedAt, project.Files.Files.Count, project.Files.TotalSize);
}

/// <summary>A file of a project.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">The digest of its content.</param>
/// <param name="Executable">True where it may be run.</param>
internal sealed record ProjectFile(string Path, long Size, string Sha256, bool Executable);
