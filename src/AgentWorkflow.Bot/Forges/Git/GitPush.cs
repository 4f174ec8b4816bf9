using System.Net;
using System.Net.Http.Headers;
using System.Text;

using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>
/// Pushes one commit by git over HTTPS: one request with one pack, whatever the number of files. There is no clone, no work tree and no
/// git program, so no hook, filter or setting of this machine has anything to do, and the token is in the request's header alone.
/// </summary>
internal sealed class GitPush(IHttpClientFactory clients, IContentStore contents)
{
    /// <summary>The client for pushes, which may take their time.</summary>
    public const string Client = "git-push";

    private const string Service = "git-receive-pack";
    private const int MostQuoted = 300;
    private const long AskedBefore = 1024 * 1024;

    private static readonly string s_nothing = new('0', 40);
    private static readonly string[] s_moved = ["already exists", "fetch first", "non-fast-forward", "failed to update ref", "incorrect old value", "cannot lock ref", "stale info"];

    /// <summary>The ids that the commit and its tree will have, without writing anything: the same commit has the same on every attempt.</summary>
    public PushedCommit Plan(NewCommit commit) => Write(commit, sink: null);

    /// <summary>The id that the tree of these files has.</summary>
    public CommitId TreeOf(WorkspaceTree files) => new GitObjects(contents, sink: null).Tree(files);

    /// <summary>Makes the commit on its branch, if that is still at the commit's parent: with no parent, if there is no such branch.</summary>
    /// <exception cref="ForgeException">Conflict where the branch is elsewhere; Denied where the forge does not take it; Ambiguous where it may have happened.</exception>
    public async Task<PushedCommit> PushAsync(GitSource target, NewCommit commit, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("agentworkflow-push-");
        try
        {
            await using FileStream file = new(Path.Combine(folder.FullName, "pack"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 128 * 1024);
            PackFile pack = new(file, new HashSet<string>());
            PushedCommit made = Write(commit, pack);
            pack.Finish();
            file.Position = 0;
            byte[] command = [.. PacketLines.Line($"{commit.Parent?.Value ?? s_nothing} {made.Commit} refs/heads/{commit.Branch}\0 report-status side-band-64k agent=agentworkflow"), .. "0000"u8];
            await SendAsync(target, commit, new PackContent(command, file), cancellationToken);
            return made;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private PushedCommit Write(NewCommit commit, IGitObjectSink? sink)
    {
        GitObjects objects = new(contents, sink);
        CommitId tree = objects.Tree(commit.Files);
        return new PushedCommit(objects.Commit(tree, commit.Parent, commit.Author, commit.At, commit.Message), tree);
    }

    private async Task SendAsync(GitSource target, NewCommit commit, PackContent body, CancellationToken cancellationToken)
    {
        string what = $"push '{commit.Branch}' to {target.Name}";
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"{target.Address.AbsoluteUri}/{Service}")) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{target.User}:{target.Token}")));
        request.Headers.Accept.ParseAdd($"application/x-{Service}-result");

        // A large push asks first: who refuses it shall say why, and not break the connection in the middle of it.
        request.Headers.ExpectContinue = body.Length > AskedBefore;
        body.Headers.ContentType = new MediaTypeHeaderValue($"application/x-{Service}-request");
        using HttpClient client = clients.CreateClient(Client);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                throw Refused(answer, target, what);
            }

            Judge(PushReport.Read(await answer.Content.ReadAsByteArrayAsync(cancellationToken)), what);
        }
        catch (Exception exception) when (BrokenConnection.Is(exception, cancellationToken))
        {
            throw BrokenConnection.CameBeforeSending(exception)
                ? new ForgeException(ForgeFault.Unavailable, $"AW3090: {target.Address.Host} does not answer (to {what}).", exception)
                : new ForgeException(ForgeFault.Ambiguous, $"AW3091: The connection to {target.Address.Host} broke before it answered (to {what}).", exception);
        }
    }

    private static ForgeException Refused(HttpResponseMessage answer, GitSource target, string what)
    {
        string host = target.Address.Host;
        int status = (int)answer.StatusCode;
        return answer.StatusCode switch
        {
            HttpStatusCode.RequestEntityTooLarge => new ForgeException(ForgeFault.Denied, $"AW3092: {host} takes no push as large as this one (to {what}); leave large files out, or let its operator raise the limit."),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new ForgeException(ForgeFault.NotFound, $"AW3093: {host} does not have the repository, or does not show it to us (to {what})."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new ForgeException(ForgeFault.Denied, $"AW3094: {host} does not let us {what} ({status}); the token needs the right to write contents there."),
            HttpStatusCode.TooManyRequests => new ForgeException(ForgeFault.RateLimited, $"AW3095: {host} wants us to come back later (to {what})."),
            >= HttpStatusCode.InternalServerError => new ForgeException(ForgeFault.Ambiguous, $"AW3091: {host} broke off with an error of its own ({status}, to {what})."),
            _ => new ForgeException(ForgeFault.Denied, $"AW3094: {host} does not take it ({status}, to {what})."),
        };
    }

    private static void Judge(PushReport report, string what)
    {
        if (report is { Unpacked: "ok", IsMoved: true })
        {
            return;
        }

        if (report is { Unpacked: null, Why: null })
        {
            throw new ForgeException(ForgeFault.Ambiguous, $"AW3091: The answer does not tell what became of it (to {what}).");
        }

        string why = report.Why ?? report.Unpacked ?? "";
        string said = ShortText.Of(InertText.Plain($"{why} {report.Messages}".Trim()).Replace('"', '\''), MostQuoted);
        throw Array.Exists(s_moved, w => why.Contains(w, StringComparison.OrdinalIgnoreCase))
            ? new ForgeException(ForgeFault.Conflict, $"AW3096: The branch is not where it was expected (to {what}: \"{said}\").")
            : new ForgeException(ForgeFault.Denied, $"AW3097: The push is refused (to {what}: \"{said}\").");
    }

    /// <summary>The command and the pack behind it, of a known length, streamed from the file.</summary>
    private sealed class PackContent(byte[] command, FileStream pack) : HttpContent
    {
        public long Length => command.Length + pack.Length;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) => await SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(command, cancellationToken);
            await pack.CopyToAsync(stream, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return true;
        }
    }
}

/// <summary>A commit that is to be made.</summary>
/// <param name="Branch">The branch that it becomes the head of.</param>
/// <param name="Parent">The branch's head before; null for the first commit of a new branch.</param>
/// <param name="Files">All files.</param>
/// <param name="Author">Who stands in it.</param>
/// <param name="At">Its time.</param>
/// <param name="Message">Its message.</param>
internal sealed record NewCommit(string Branch, CommitId? Parent, WorkspaceTree Files, CommitIdentity Author, DateTimeOffset At, string Message);

/// <summary>A commit and its tree.</summary>
internal sealed record PushedCommit(CommitId Commit, CommitId Tree);
