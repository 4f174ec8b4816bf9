using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.Git;

/// <summary>What a forge says to a request of git.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Store">The repository; null with a refusal.</param>
/// <param name="Refusal">The status of a refusal, or null.</param>
/// <param name="Moved">Told of every ref that a push moved: its name, the old and the new commit.</param>
internal sealed record GitEntry(string Caller, GitStore? Store, int? Refusal, Action<string, string?, string?> Moved)
{
    /// <summary>The refs that may not be pushed to, with <c>*</c> for any rest.</summary>
    public IReadOnlyList<string> Closed { get; init; } = [];
}

/// <summary>Git itself and other things that are no JSON: recorded, and under faults, as everything is.</summary>
internal sealed class GitServer(Lock gate, ForgeJournal journal, FaultBook faults, string realm)
{
    /// <summary>Serves git's smart HTTP.</summary>
    /// <param name="context">The request.</param>
    /// <param name="target">Path and query as they were sent.</param>
    /// <param name="rest">What follows the repository in the path, with its slash.</param>
    /// <param name="user">The name that git sees.</param>
    /// <param name="enter">Who asks and whether they may; called while the world is still, with whether it is a push.</param>
    public async Task ServeAsync(HttpContext context, string target, string rest, string user, Func<bool, GitEntry> enter)
    {
        bool pushes = rest.Contains("receive-pack", StringComparison.Ordinal) || context.Request.Query["service"] == "git-receive-pack";
        await RecordedAsync(context, target, pushes ? "git:receive-pack" : "git:upload-pack", async () =>
        {
            GitEntry entry;
            lock (gate)
            {
                entry = enter(pushes);
            }

            if (entry is not { Store: { } store, Refusal: null })
            {
                context.Response.StatusCode = entry.Refusal ?? 404;
                context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{realm}\"";
                return entry.Caller;
            }

            IReadOnlyDictionary<string, string> before = store.Refs();
            await GitHttp.ServeAsync(context, store.Path, rest, user, entry.Closed);
            if (pushes && context.Request.Method == "POST")
            {
                Tell(store, before, entry.Moved);
            }

            return entry.Caller;
        });
    }

    /// <summary>Serves something under the journal and the faults; gives back who asked.</summary>
    public async Task RecordedAsync(HttpContext context, string target, string operation, Func<Task<string>> serve)
    {
        int sequence = journal.Begin();
        string caller = "anonymous";
        IReadOnlyList<Fault> now = faults.Take([operation]);
        int status = 0;
        try
        {
            if (now.FirstOrDefault(f => f.Kind == FaultKind.Answer) is { } answer)
            {
                context.Response.StatusCode = answer.Status;
            }
            else if (now.Any(f => f.Kind is FaultKind.DropRequest))
            {
                context.Abort();
                return;
            }
            else if (now.Any(f => f.Kind is FaultKind.DropReply))
            {
                context.Response.Body = Stream.Null;
                caller = await serve();
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
            journal.End(sequence, r => r with { Method = context.Request.Method, Path = shown, Operation = operation, Caller = caller, Status = status, Fault = now.Count == 0 ? null : string.Join(", ", now.Select(f => f.Kind)) });
        }
    }

    private void Tell(GitStore store, IReadOnlyDictionary<string, string> before, Action<string, string?, string?> moved)
    {
        lock (gate)
        {
            IReadOnlyDictionary<string, string> after = store.Refs();
            foreach (string name in before.Keys.Union(after.Keys).Where(n => before.GetValueOrDefault(n) != after.GetValueOrDefault(n)).ToList())
            {
                moved(name, before.GetValueOrDefault(name), after.GetValueOrDefault(name));
            }
        }
    }
}
