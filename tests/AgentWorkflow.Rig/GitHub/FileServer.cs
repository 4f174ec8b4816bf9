using System.IO.Compression;

using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>Archives and git itself: what is no JSON.</summary>
internal sealed class FileServer(GitHubWorld world, Lock gate, GitServer git, Gatekeeper gatekeeper)
{
    /// <summary>Serves an archive under the ticket that the API's redirect carries.</summary>
    public Task ArchiveAsync(HttpContext context, string target, string[] parts)
    {
        return git.RecordedAsync(context, target, "archive", async () =>
        {
            ForgeRepository? repository;
            lock (gate)
            {
                repository = world.ArchiveTickets.Contains(context.Request.Query["token"].ToString()) ? world.Find($"{parts[2]}/{parts[3]}") : null;
            }

            if (repository is null || repository.Git.Commit(parts[5]) is null)
            {
                context.Response.StatusCode = 404;
                return Caller.Anonymous.Name;
            }

            string prefix = $"{repository.Owner.Login}-{repository.Name}-{parts[5][..7]}/";
            bool zip = parts[4] == "legacy.zip";
            context.Response.ContentType = zip ? "application/zip" : "application/x-gzip";
            context.Response.Headers.ContentDisposition = $"attachment; filename={prefix.TrimEnd('/')}{(zip ? ".zip" : ".tar.gz")}";
            if (zip)
            {
                await GitProgram.RunAsync(repository.Git.Path, ["archive", "--format=zip", "--prefix=" + prefix, parts[5]], context.Response.Body, context.RequestAborted);
            }
            else
            {
                await using GZipStream packed = new(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
                await GitProgram.RunAsync(repository.Git.Path, ["archive", "--format=tar", "--prefix=" + prefix, parts[5]], packed, context.RequestAborted);
            }

            return Caller.Anonymous.Name;
        });
    }

    /// <summary>Serves git's smart HTTP.</summary>
    public Task GitAsync(HttpContext context, string target, string fullName, string rest) => git.ServeAsync(context, target, rest, "x-access-token", pushes =>
    {
        (Caller caller, Answer? refusal) = gatekeeper.Identify(context.Request.Headers.Authorization.ToString());
        ForgeRepository? repository = world.Find(fullName);
        refusal ??= repository is null ? Refusal.NotFound : Gatekeeper.Refuse(caller, pushes ? "contents:write" : "contents:read", repository, pushes);

        // git asks first without credentials and sends them only when it is asked for them.
        int? status = refusal is null ? null : caller.Token is null ? 401 : refusal.Status;
        return new GitEntry(caller.Name, repository?.Git, status, (name, before, after) => world.Pushed(repository!, name, before, after, caller.App?.Bot ?? world.Bot));
    });
}
