using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>The double's repositories are real: git clones and pushes them, and archives are git's own.</summary>
public sealed class DoubleGitTests
{
    [Fact]
    public async Task An_Archive_Leaves_Out_And_Fills_In_What_Attributes_Say()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.Push("octo/pets", "alice", "main", new Dictionary<string, string?> { [".gitattributes"] = "secret.txt export-ignore\nversion.txt export-subst\n*.bat text eol=crlf\n", ["secret.txt"] = "s\n", ["version.txt"] = "$Format:%H$\n", ["run.bat"] = "echo\n" }));
        string head = f.Head();
        using HttpResponseMessage redirect = await f.RawAsync("GET", DoubleFixture.Repo + "/tarball/" + head);
        Assert.Equal(302, (int)redirect.StatusCode);
        using HttpResponseMessage archive = await f.RawAsync("GET", redirect.Headers.Location!.ToString(), token: "");
        await using GZipStream plain = new(await archive.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), CompressionMode.Decompress);
        await using TarReader tar = new(plain);
        Dictionary<string, string> files = [];
        while (await tar.GetNextEntryAsync(copyData: true, TestContext.Current.CancellationToken) is { } entry)
        {
            if (entry.DataStream is { } data && entry.EntryType is not TarEntryType.GlobalExtendedAttributes)
            {
                using StreamReader reader = new(data);
                files[entry.Name] = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            }
        }

        string folder = $"octo-pets-{head[..7]}/";
        Assert.DoesNotContain(folder + "secret.txt", files.Keys);
        Assert.Equal(head + "\n", files[folder + "version.txt"]);
        Assert.Equal("echo\r\n", files[folder + "run.bat"]);
        Assert.Equal("a\n", files[folder + "src/a.txt"]);
        Assert.Contains(f.GitHub.Journal.Requests, r => r is { Operation: "archive", Status: 200 } && !r.Path.Contains("token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Git_Fetches_One_Commit_And_Pushes_With_A_Token()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.Push("octo/pets", "alice", "main", new Dictionary<string, string?> { ["b.txt"] = "b\n" }));
        string folder = Directory.CreateTempSubdirectory("agentworkflow-rig-").FullName;
        try
        {
            string url = f.GitHub.Url.Replace("http://", $"http://x-access-token:{f.Token}@", StringComparison.Ordinal) + "/octo/pets.git";
            Assert.Equal(0, await GitAsync(folder, "clone", "-q", "--depth", "1", url, "clone"));
            string clone = Path.Combine(folder, "clone");
            Assert.True(File.Exists(Path.Combine(clone, "b.txt")));
            Assert.True(File.Exists(Path.Combine(clone, ".git", "shallow")));
            await File.WriteAllTextAsync(Path.Combine(clone, "c.txt"), "c\n", TestContext.Current.CancellationToken);
            Assert.Equal(0, await GitAsync(clone, "add", "."));
            Assert.Equal(0, await GitAsync(clone, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "C"));
            Assert.Equal(0, await GitAsync(clone, "push", "-q", "origin", "HEAD:refs/heads/topic"));
            Assert.Contains("branch octo/pets topic: tree HASH", f.GitHub.Journal.Lines(f.GitHub.BotLogin));
            Assert.Contains(f.GitHub.Webhooks.Deliveries, d => d.Event == "push" && d.Body.Contains("refs/heads/topic", StringComparison.Ordinal));
            Assert.NotEqual(0, await GitAsync(folder, "clone", "-q", url.Replace(f.Token, "ghs_wrong", StringComparison.Ordinal), "other"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Blobs_Trees_And_Commits_Make_What_The_Mutation_Cannot()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        string head = f.Head();
        JsonNode blob = await GitHubDoubleTests.Expect(f, 201, "POST", "/git/blobs", new JsonObject { ["content"] = "IyEvYmluL3NoCg==", ["encoding"] = "base64" });
        JsonNode tree = await GitHubDoubleTests.Expect(f, 201, "POST", "/git/trees", new JsonObject { ["base_tree"] = head, ["tree"] = new JsonArray(new JsonObject { ["path"] = "bin/run", ["mode"] = "100755", ["type"] = "blob", ["sha"] = blob["sha"]!.GetValue<string>() }, new JsonObject { ["path"] = "src/a.txt", ["mode"] = "100644", ["type"] = "blob", ["sha"] = null }) });
        JsonNode commit = await GitHubDoubleTests.Expect(f, 201, "POST", "/git/commits", new JsonObject { ["message"] = "Run", ["tree"] = tree["sha"]!.GetValue<string>(), ["parents"] = new JsonArray(head) });
        Assert.True(commit["verification"]!["verified"]!.GetValue<bool>());
        await GitHubDoubleTests.Expect(f, 200, "PATCH", "/git/refs/heads/main", new JsonObject { ["sha"] = commit["sha"]!.GetValue<string>() });
        JsonNode back = await GitHubDoubleTests.Expect(f, 200, "GET", $"/git/trees/{commit["sha"]}?recursive=1");
        Assert.Equal(["README.md 100644", "bin 040000", "bin/run 100755"], back["tree"]!.AsArray().Select(e => $"{e!["path"]} {e["mode"]}"));
        await GitHubDoubleTests.Expect(f, 422, "PATCH", "/git/refs/heads/main", new JsonObject { ["sha"] = head });
        f.GitHub.Do(w => w.Repository("octo/pets").TreeLimit = 2);
        Assert.True((await GitHubDoubleTests.Expect(f, 200, "GET", $"/git/trees/{commit["sha"]}?recursive=1"))["truncated"]!.GetValue<bool>());
        f.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Script_Drives_Everything_Over_Http()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        using HttpClient http = new(new SocketsHttpHandler()) { BaseAddress = new Uri(f.GitHub.Url + "/_rig/") };
        async Task<JsonNode> Post(string verb, JsonObject body)
        {
            using HttpResponseMessage response = await http.PostAsJsonAsync(verb, body, TestContext.Current.CancellationToken);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }

        await Post("repositories", new JsonObject { ["repository"] = "octo/books", ["files"] = new JsonObject { ["a.md"] = "a" }, ["private"] = true });
        await Post("permissions", new JsonObject { ["repository"] = "octo/books", ["login"] = "carol", ["permission"] = "write" });
        Assert.Equal(1, (await Post("issues", new JsonObject { ["repository"] = "octo/books", ["by"] = "carol", ["title"] = "T", ["labels"] = new JsonArray("go") }))["number"]!.GetValue<int>());
        await Post("comments", new JsonObject { ["repository"] = "octo/books", ["number"] = 1, ["by"] = "carol", ["body"] = "/generate" });
        await Post("pushes", new JsonObject { ["repository"] = "octo/books", ["by"] = "carol", ["branch"] = "topic", ["files"] = new JsonObject { ["b.md"] = "b" } });
        await Post("faults", new JsonObject { ["operation"] = "comment", ["kind"] = "before", ["then"] = new JsonArray(new JsonObject { ["verb"] = "archive", ["repository"] = "octo/books" }) });
        Assert.Equal(403, (await f.SendAsync("POST", "/repos/octo/books/issues/1/comments", new JsonObject { ["body"] = "x" })).Status);
        JsonNode journal = (await http.GetFromJsonAsync<JsonNode>("journal", TestContext.Current.CancellationToken))!;
        Assert.Contains(journal["effects"]!.AsArray(), e => e!["kind"]!.GetValue<string>() == "comment" && e["actor"]!.GetValue<string>() == "carol");
        Assert.Contains((await http.GetFromJsonAsync<JsonArray>("state", TestContext.Current.CancellationToken))!, l => l!.GetValue<string>().StartsWith("octo/books #1 issue open by carol: T [go]", StringComparison.Ordinal));
        using HttpResponseMessage unknown = await http.PostAsJsonAsync("nonsense", new JsonObject(), TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)unknown.StatusCode);
    }

    internal static async Task<int> GitAsync(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, Environment = { ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1" } };
        using Process git = Process.Start(start)!;
        string said = await git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        return git.ExitCode;
    }
}
