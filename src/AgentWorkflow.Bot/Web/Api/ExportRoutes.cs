using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Engine.Effects;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Archives of a project.</summary>
internal static class ExportRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapExports(this IEndpointRouteBuilder routes)
    {
        routes.Map(ApiTable.ListExports, ListAsync);
        routes.Map(ApiTable.CreateExport, CreateAsync);
        routes.Map(ApiTable.GetExport, GetAsync);
        routes.Map(ApiTable.GetExportContent, GetContentAsync).Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream").Produces<byte[]>(StatusCodes.Status206PartialContent, "application/octet-stream");
    }

    private static async Task<Results<Ok<Page<ExportDetails>>, ProblemHttpResult>> ListAsync(
        string id, ProjectStore projects, ProjectExports exports, CancellationToken cancellationToken) =>
        await projects.FindAsync(id, cancellationToken) is { } project
            ? TypedResults.Ok(new Page<ExportDetails>([.. (await RowsAsync(project, exports, cancellationToken)).Select(ExportDetails.Of)], Next: null))
            : Problems.NotFound("project");

    private static async Task<Results<Created<ExportDetails>, ProblemHttpResult>> CreateAsync(
        string id, NewExport wanted, ProjectStore projects, ProjectExports exports, ArchivePublisher publisher, CancellationToken cancellationToken)
    {
        if (ArchiveFormat.Find(wanted.Format) is not { } format)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "AW2636", $"There is no format '{wanted.Format}' in this version; there are {string.Join(", ", ArchiveFormat.All)}.", "$.format");
        }

        if (await projects.FindAsync(id, cancellationToken) is not { } project)
        {
            return Problems.NotFound("project");
        }

        string name = project.Repository.Name;
        Receipt receipt = await publisher.PublishAsync(new PublishArchive(new EffectKey($"export/{format}"), project.Files, format.Name, name, $"{name}.{format}"), id, cancellationToken);
        if (receipt.Outcome is EffectOutcome.Refused)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, "AW3504", $"The archive was not written: {receipt.Reason}.");
        }

        ExportDetails made = ExportDetails.Of(await exports.GetAsync(receipt, name, cancellationToken));
        return TypedResults.Created($"/api/v1/projects/{id}/exports/{made.Id}", made);
    }

    private static async Task<Results<Ok<ExportDetails>, ProblemHttpResult>> GetAsync(
        string id, string exportId, ProjectStore projects, ProjectExports exports, CancellationToken cancellationToken) =>
        await FindAsync(id, exportId, projects, exports, cancellationToken) is { } row ? TypedResults.Ok(ExportDetails.Of(row)) : Problems.NotFound("export of this project");

    private static async Task<IResult> GetContentAsync(
        string id, string exportId, ProjectStore projects, ProjectExports exports, IObjectStore objects, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, exportId, projects, exports, cancellationToken) is not { } row)
        {
            return Problems.NotFound("export of this project");
        }

        string name = ArchivePublisher.ObjectOf(row.FileName);
        return row.Status is not ExportStatus.Succeeded ? Problems.Of(StatusCodes.Status409Conflict, "AW2637", $"The archive is not there: it is {Word.Of(row.Status)}.")
            : await objects.FindAsync(name, cancellationToken) is not { Size: var size } ? Problems.Of(StatusCodes.Status410Gone, "AW2638", "The archive is not kept any more; make it again.")
            : TypedResults.Stream(
                new ObjectStream(objects, name, size), "application/octet-stream", row.FileName, row.FinishedAt, new EntityTagHeaderValue($"\"{row.Sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<RepositoryExportRow?> FindAsync(string id, string exportId, ProjectStore projects, ProjectExports exports, CancellationToken cancellationToken) =>
        await projects.FindAsync(id, cancellationToken) is { } project
            ? (await RowsAsync(project, exports, cancellationToken)).FirstOrDefault(e => e.Id == exportId)
            : null;

    private static Task<IReadOnlyList<RepositoryExportRow>> RowsAsync(GeneratedProject project, ProjectExports exports, CancellationToken cancellationToken) =>
        exports.ListAsync(project.Id, project.Repository.Name, project.Files, cancellationToken);
}

/// <summary>An archive that is wanted.</summary>
/// <param name="Format">zip, tar or tar.gz.</param>
internal sealed record NewExport(string Format);

/// <summary>An archive.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Format">zip, tar or tar.gz.</param>
/// <param name="Status">queued, running, succeeded or failed.</param>
/// <param name="Progress">Percent that is written.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Size">Bytes; null until it is there.</param>
/// <param name="Sha256">Its digest; null until it is there.</param>
/// <param name="FileName">What to call it.</param>
/// <param name="Tree">The git tree that it holds.</param>
/// <param name="CreatedAt">When it was asked for.</param>
/// <param name="FinishedAt">When it was there.</param>
internal sealed record ExportDetails(
    string Id, string Format, string Status, int Progress, string? Reason, long? Size, string? Sha256, string FileName, string Tree, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Reads it.</summary>
    public static ExportDetails Of(RepositoryExportRow row)
    {
        bool isThere = row.Status is ExportStatus.Succeeded;
        return new ExportDetails(
            row.Id, row.Format, Word.Of(row.Status), row.Progress, row.Reason, isThere ? row.Size : null, isThere ? row.Sha256 : null, row.FileName, row.Tree, row.CreatedAt, row.FinishedAt);
    }
}
