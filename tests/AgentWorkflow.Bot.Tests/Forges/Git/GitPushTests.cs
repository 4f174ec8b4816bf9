using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Forges.GitHub;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;
using AgentWorkflow.Rig.Faults;

using LibGit2Sharp;

namespace AgentWorkflow.Bot.Tests.Forges.Git;

/// <summary>Commits pushed as one pack to a real <c>git http-backend</c> (promise P29).</summary>
public sealed class GitPushTests
{
    private const string Name = "octo/new";

    private static readonly CommitIdentity s_author = new("bot", "bot@example.invalid");
    private static readonly DateTimeOffset s_at = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    private readonly MemoryContentStore _contents = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_First_Commit_Has_Every_File_With_Its_Mode_Whatever_Their_Number_And_Size()
    {
        await using GitHubForgeKit kit = await StartAsync();
        byte[] large = new byte[3 * 1024 * 1024];
        Array.Fill(large, (byte)'x');
        WorkspaceTree files = _contents.Tree([.. Enumerable.Range(1, 1_500).Select(n => ($"src/{n % 40}/file{n}.txt", $"file {n}\n")), ("run*", "#!/bin/sh\n"), ("empty", "")]);
        files = files.With(RepoPath.Parse("large.bin"), new FileEntry(await _contents.PutAsync(large, Cancel), large.Length, Executable: false));
        NewCommit commit = Commit(files, parent: null);

        PushedCommit made = await PushAsync(kit, commit);

        Assert.Equal(kit.Get<GitPush>().Plan(commit), made);
        (string head, Mode run, long size, int count) = kit.Double.Do(w =>
        {
            using Repository git = new(w.Repository(Name).Git.Path);
            Commit there = git.Branches["main"].Tip;
            return (there.Sha, there["run"].Mode, ((Blob)there["large.bin"].Target).Size, w.Repository(Name).Git.Files(there.Sha).Count);
        });
        Assert.Equal((made.Commit.Value, Mode.ExecutableFile, large.Length, 1_503), (head, run, size, count));
        Assert.Single(kit.Double.Journal.Requests, r => r.Operation == "git:receive-pack");
    }

    [Fact]
    public async Task A_Commit_Goes_On_Its_Parent_And_On_Nothing_Else()
    {
        await using GitHubForgeKit kit = await StartAsync();
        CommitId first = (await PushAsync(kit, Commit(_contents.Tree(("a", "1")), parent: null))).Commit;
        CommitId second = (await PushAsync(kit, Commit(_contents.Tree(("a", "2"), ("b/c", "3")), first))).Commit;

        ForgeException again = await Assert.ThrowsAsync<ForgeException>(() => PushAsync(kit, Commit(_contents.Tree(("a", "4")), parent: null)));
        ForgeException behind = await Assert.ThrowsAsync<ForgeException>(() => PushAsync(kit, Commit(_contents.Tree(("a", "4")), first)));

        Assert.Equal([ForgeFault.Conflict, ForgeFault.Conflict], [again.Fault, behind.Fault]);
        Assert.Equal(second.Value, kit.Double.Do(w => w.Repository(Name).Git.Head("main")));
    }

    [Theory]
    [InlineData(413, "Denied", "AW3092")]
    [InlineData(403, "Denied", "AW3094")]
    [InlineData(401, "Denied", "AW3094")]
    [InlineData(404, "NotFound", "AW3093")]
    [InlineData(429, "RateLimited", "AW3095")]
    [InlineData(502, "Ambiguous", "AW3091")]
    public async Task A_Refusal_Is_Told_Apart_And_Names_No_Token(int status, string fault, string code)
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.Answer("push", status, "No."));

        ForgeException refused = await Assert.ThrowsAsync<ForgeException>(() => PushAsync(kit, Commit(_contents.Tree(("a", "1")), parent: null)));

        Assert.Equal(fault, $"{refused.Fault}");
        Assert.StartsWith(code, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(kit.Double.Do(w => w.Tokens.Keys.ToList()), token => refused.ToString().Contains(token, StringComparison.Ordinal));
        Assert.Null(kit.Double.Do(w => w.Repository(Name).Git.Head("main")));
    }

    [Fact]
    public async Task A_Lost_Reply_May_Have_Happened_And_Nothing_Stays_On_Disk()
    {
        await using GitHubForgeKit kit = await StartAsync();
        kit.Double.Faults.Add(Fault.DropReply("push"));

        ForgeException lost = await Assert.ThrowsAsync<ForgeException>(() => PushAsync(kit, Commit(_contents.Tree(("a", "1")), parent: null)));

        Assert.Equal(ForgeFault.Ambiguous, lost.Fault);
        Assert.NotNull(kit.Double.Do(w => w.Repository(Name).Git.Head("main")));
    }

    [Fact]
    public void Only_A_Whole_Report_Is_Believed()
    {
        byte[] inner = [.. PacketLines.Line("unpack ok\n"), .. PacketLines.Line("ok refs/heads/main\n"), .. "0000"u8];
        byte[] whole = [.. Band(2, "remote: hello\n"u8), .. Band(1, inner), .. "0000"u8];

        Assert.Equal(("ok", true, null, "remote: hello\n"), Parts(PushReport.Read(whole)));
        foreach (int length in Enumerable.Range(0, whole.Length - 4))
        {
            Assert.False(PushReport.Read(whole.AsMemory(0, length)).IsMoved, $"cut after {length} bytes");
        }
    }

    [Fact]
    public void A_Refused_Branch_Is_Not_Moved_Whatever_Else_Is_Said()
    {
        byte[] inner = [.. PacketLines.Line("unpack ok\n"), .. PacketLines.Line("ok refs/heads/other\n"), .. PacketLines.Line("ng refs/heads/main pre-receive hook declined\n"), .. "0000"u8];

        Assert.Equal(("ok", false, "pre-receive hook declined", ""), Parts(PushReport.Read(Band(1, inner))));
    }

    private static (string?, bool, string?, string) Parts(PushReport report) => (report.Unpacked, report.IsMoved, report.Why, report.Messages);

    private static byte[] Band(byte band, ReadOnlySpan<byte> content) =>
        [.. System.Text.Encoding.ASCII.GetBytes((content.Length + 5).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)), band, .. content];

    private static NewCommit Commit(WorkspaceTree files, CommitId? parent) => new("main", parent, files, s_author, s_at, "Change\n");

    private static async Task<PushedCommit> PushAsync(GitHubForgeKit kit, NewCommit commit)
    {
        Assert.True(RepoRef.TryParse(Name, out RepoRef? repository));
        GitHubAccess access = await kit.Get<Installations>().OpenAsync(repository, new TokenUse("run", ForgeRights.Contents), Cancel);
        GitSource target = new(new Uri($"{kit.Double.Url}/{Name}.git"), "x-access-token", await access.BearerAsync(Cancel));
        return await kit.Get<GitPush>().PushAsync(target, commit, Cancel);
    }

    private async Task<GitHubForgeKit> StartAsync()
    {
        GitHubForgeKit kit = await GitHubForgeKit.StartAsync(_contents);
        kit.Double.Do(w => w.CreateRepository(Name, new Dictionary<string, string>(), isPrivate: true));
        return kit;
    }
}
