using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitHub.World;

using LibGit2Sharp;

using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// All words that a run leaves on GitHub, beside golden files, so that a change of words is seen. Key, clock and ids are fixed; git's ids, which
/// change with each template, and the signed record, which has tests of its own, are left out. UPDATE_GOLDEN=1 rewrites them.
/// </summary>
public sealed partial class GitHubTexts
{
    private const string Home = "octo/pets";
    private const string Idea = """
        # Pets

        As a keeper I want to register a pet so that it gets fed.

        ## Entities

        ### Pet

        | Field | Type | Rules |
        |---|---|---|
        | name | text | required, length 1..40 |
        | born | date | |
        """;

    private const string Workflow = """
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - { id: requirements, uses: agent, with: { role: requirements, input: '${{ event.issue.body }}', schema: requirements } }
          - { id: code, uses: file_generation, with: { template: python-api, values: '${{ steps.requirements.outputs }}', directory: service } }
          - { id: verify, uses: script }
          - { id: publish, uses: pull_request }
        """;

    [Fact]
    public async Task The_Pull_Request_And_The_Status_Comment_Are_These_To_The_Word()
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = world.Make(Home, Idea, isPrivate: false, (".agentworkflow/workflows/w.yml", Workflow), ("art/logo.png", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"));
        world.GitHub.Do(AddOddities);
        world.Script.On("verify", Verified);

        RunState state = await world.DriveAsync((await world.SayAsync(Home, issue, "/generate w")).RunId!);

        Assert.True(state.Status == RunStatus.Succeeded, string.Join('\n', state.Steps.Select(s => $"{s.Key} {s.Status} {s.Reason}")));
        Issue pull = world.GitHub.Do(w => w.Repository(Home).Issues.Single(i => i.Pull is not null));
        Expect("pull-request.md", $"{pull.Title}\n\n{pull.Body}");
        Expect("status-comment.md", Assert.Single(world.Said(Home, issue)));
        world.GitHub.Journal.RequireNoViolations();
    }

    private static Task<GitHubRunWorld> StartAsync() => GitHubRunWorld.StartAsync(services =>
    {
        StorageOptions storage = (StorageOptions)services.Last(s => s.ServiceType == typeof(StorageOptions)).ImplementationInstance!;
        FileStreamOptions onlyOurs = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            onlyOurs.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using ECDsa key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = [.. Enumerable.Repeat((byte)7, 32)] });
        using StreamWriter file = new(Path.Combine(storage.DataDirectory, "signing-key.pem"), onlyOurs);
        file.Write(key.ExportPkcs8PrivateKeyPem());
        services.AddSingleton<IRandomSource, CountingSource>();
    });

    // A submodule and a link beside the files, as people have them.
    private static void AddOddities(GitHubWorld world)
    {
        GitStore git = world.Repository(Home).Git;
        Commit head = git.Commit(git.Head("main")!)!;
        using MemoryStream target = new("README.md"u8.ToArray());
        TreeDefinition tree = TreeDefinition.From(head.Tree).Add("docs/readme-link", git.Objects.CreateBlob(target), Mode.SymbolicLink).Add("vendor/lib", new ObjectId(new string('1', 40)), Mode.GitLink);
        Commit odd = git.Objects.CreateCommit(head.Author, head.Committer, "Odd", git.Objects.CreateTree(tree), [head], prettifyMessage: false);
        git.SetRef("refs/heads/main", odd.Sha, hiddenReads: 0);
    }

    private static StepResult Verified(StepContext context) => new StepResult.Done(new JsonObject
    {
        ["status"] = "passed",
        ["verified"] = true,
        ["reason"] = null,
        ["exitCode"] = 0,
        ["sandbox"] = "bubblewrap",
        ["commands"] = new JsonArray(new JsonObject { ["phase"] = "run", ["run"] = new JsonArray("python3", "-m", "unittest"), ["directory"] = "service", ["exitCode"] = 0, ["seconds"] = 1.5 }),
        ["tests"] = new JsonObject { ["passed"] = 2, ["failed"] = 0, ["skipped"] = 0, ["cases"] = new JsonArray() },
        ["reportDigest"] = new string('d', 64),
        ["toolchain"] = new JsonObject { ["python3"] = "3.12.1" },
        ["tree"] = context.Workspace.Tree.Fingerprint(),
        ["log"] = "",
    });

    private static void Expect(string name, string actual)
    {
        string path = Path.Combine(IdeaFiles.Root, "tests", "AgentWorkflow.Bot.Tests", "Scenarios", "Golden", name);
        string stable = Ids().Replace(Signed().Replace(Address().Replace(actual, "http://github.example"), "${name}"), "ID");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, stable);
        }

        Assert.Equal(File.ReadAllText(path), stable);
    }

    [GeneratedRegex("(?<name>\"(?:payload|sig)\":\")[^\"]+", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Signed();

    [GeneratedRegex(@"\b(?=[0-9a-f]*\d)(?:[0-9a-f]{40}|[0-9a-f]{7})\b", RegexOptions.None, 1_000)]
    private static partial Regex Ids();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, 1_000)]
    private static partial Regex Address();

    private sealed class CountingSource : IRandomSource
    {
        private int _made;

        public string NextBase32(int length) => $"{Interlocked.Increment(ref _made)}".PadLeft(length, '0');
    }
}
