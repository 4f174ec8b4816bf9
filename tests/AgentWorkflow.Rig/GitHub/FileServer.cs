using System.IO.Compression;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>Archives and git itself: what is no JSON.</summary>
internal sealed class FileServer(GitHubWorld world, Lock gate, ForgeJournal journal, FaultBook faults, Gatekeeper gatekeeper)
{
    /// <summary>Serves an archive under the ticket that the API's redirect carries.</summary>
    public async Task ArchiveAsync(HttpContext context, string target, string[] parts)
    {
        await RecordedAsync(context, target, "archive", async () =>
        {
            ForgeRepository? repository;
            lock (gate)
            {
                repository = world.ArchiveTickets.Contains(context.Request.Query["token"].ToString()) ? world.Find($"{parts[2]}/{parts[3]}") : null;
            }

            if (repository is null || repository.Git.Commit(parts[5]) is null)
            {
                context.Response.StatusCode = 404;
                return Caller.Anonymous;
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

            return Caller.Anonymous;
        });
    }

    /// <summary>Serves git's smart HTTP.</summary>
    public async Task GitAsync(HttpContext context, string target, string fullName, string rest)
    {
        bool pushes = rest.Contains("receive-pack", StringComparison.Ordinal) || context.Request.Query["service"] == "git-receive-pack";
        await RecordedAsync(context, target, pushes ? "git:receive-pack" : "git:upload-pack", async () =>
        {
            Caller caller;
            ForgeRepository? repository;
            Answer? refusal;
            lock (gate)
            {
                (caller, refusal) = gatekeeper.Identify(context.Request.Headers.Authorization.ToString());
                repository = world.Find(fullName);
                refusal ??= repository is null ? Answer.NotFound : Gatekeeper.Refuse(caller, pushes ? "contents:write" : "contents:read", repository, pushes);
            }

            if (refusal is not null)
            {
                // git asks first without credentials and sends them only when it is asked for them.
                context.Response.StatusCode = caller.Token is null ? 401 : refusal.Status;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"GitHub\"";
                return caller;
            }

            IReadOnlyDictionary<string, string> before = repository!.Git.Refs();
            await GitHttp.ServeAsync(context, repository.Git.Path, rest, "x-access-token");
            if (pushes && context.Request.Method == "POST")
            {
                Moved(repository, before);
            }

            return caller;
        });
    }

    private void Moved(ForgeRepository repository, IReadOnlyDictionary<string, string> before)
    {
        lock (gate)
        {
            IReadOnlyDictionary<string, string> after = repository.Git.Refs();
            foreach (string name in before.Keys.Union(after.Keys).Where(n => before.GetValueOrDefault(n) != after.GetValueOrDefault(n)).ToList())
            {
                world.Pushed(repository, name, before.GetValueOrDefault(name), after.GetValueOrDefault(name), world.Bot);
            }
        }
    }

    private async Task RecordedAsync(HttpContext context, string target, string operation, Func<Task<Caller>> serve)
    {
        int sequence = journal.Begin();
        Caller caller = Caller.Anonymous;
        IReadOnlyList<Fault> now = faults.Take([operation]);
        int status = 0;
        try
        {
            if (now.FirstOrDefault(f => f.Kind == FaultKind.Answer) is { } answer)
            {
                context.Response.StatusCode = answer.Status;
            }
            else if (now.Any(f => f.Kind is FaultKind.DropRequest or FaultKind.DropReply))
            {
                context.Abort();
                return;
            }
            else
            {
                caller = await serve();
            }

            status = context.Response.StatusCode;
        }
        finally
        {
            string shown = target.Split("token=", 2)[0];
            journal.End(sequence, r => r with { Method = context.Request.Method, Path = shown, Operation = operation, Caller = caller.Name, Status = status, Fault = now.Count == 0 ? null : string.Join(", ", now.Select(f => f.Kind)) });
        }
    }
}
