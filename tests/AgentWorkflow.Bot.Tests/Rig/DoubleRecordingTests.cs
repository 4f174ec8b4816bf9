using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>Where recordings of the real GitHub overlap with what the double serves, the double answers in the same shape.</summary>
public sealed class DoubleRecordingTests
{
    [Fact]
    public async Task A_Repository_Has_The_Recorded_Members()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        (int status, JsonNode? ours) = await f.SendAsync("GET", DoubleFixture.Repo);
        JsonObject theirs = Recorded("get-repository", 0)["response"]!.AsObject();
        string[] later = ["custom_properties", "allow_forking", "has_discussions", "permissions", "temp_clone_token", "organization", "delete_branch_on_merge"];
        Assert.Equal(200, status);
        string[] choices = ["user_view_type", ".allow_", ".use_", "_commit_"];
        Assert.Equal("", string.Join('\n', RecordedShape.Missing(theirs, ours, depth: 2).Where(m => !later.Contains(m.TrimStart('.').Split('.')[0]) && !choices.Any(c => m.Contains(c, StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task A_Validation_Error_Is_The_Recorded_One()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        (int status, JsonNode? ours) = await f.SendAsync("POST", DoubleFixture.Repo + "/labels", new JsonObject { ["name"] = "foo", ["color"] = "invalid" });
        JsonNode theirs = Recorded("errors", 0);
        Assert.Equal(theirs["status"]!.GetValue<int>(), status);
        Assert.Equal(theirs["response"]!["message"]!.GetValue<string>(), ours!["message"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(theirs["response"]!["errors"], ours["errors"]));
    }

    [Fact]
    public async Task Pages_Are_Linked_As_Recorded()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => Enumerable.Range(0, 12).ToList().ForEach(i => w.OpenIssue("octo/pets", "alice", $"Issue {i}", "")));
        long id = f.GitHub.Do(w => w.Repository("octo/pets").Id);
        string? path = DoubleFixture.Repo + "/issues?per_page=3";
        foreach (JsonNode? recorded in Recordings("paginate-issues"))
        {
            using HttpResponseMessage page = await f.RawAsync("GET", path!);
            string link = recorded!["headers"]!["link"]!.GetValue<string>().Replace("https://api.github.com/repositories/1000/", $"{f.GitHub.ApiUrl}/repositories/{id}/", StringComparison.Ordinal);
            Assert.Equal(link, page.Headers.GetValues("Link").Single());
            JsonNode ours = JsonNode.Parse(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            Assert.Equal(recorded["response"]!.AsArray().Count, ours.AsArray().Count);
            path = link.Split(", ").FirstOrDefault(l => l.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1];
        }

        Assert.Null(path);
        f.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Moved_Repository_Answers_As_Recorded()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.Transfer("octo/pets", "octo/animals"));
        JsonNode theirs = Recorded("rename-repository", 1);
        using HttpResponseMessage moved = await f.RawAsync("GET", DoubleFixture.Repo);
        JsonNode ours = JsonNode.Parse(await moved.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(theirs["status"]!.GetValue<int>(), (int)moved.StatusCode);
        Assert.Equal(theirs["response"]!["message"]!.GetValue<string>(), ours["message"]!.GetValue<string>());
        Assert.Equal(ours["url"]!.GetValue<string>(), moved.Headers.Location!.ToString());
        Assert.Equal(200, (await f.SendAsync("GET", moved.Headers.Location.ToString())).Status);
    }

    [Fact]
    public async Task Contents_Are_Listed_And_Read_As_Recorded()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        (int status, JsonNode? ours) = await f.SendAsync("GET", DoubleFixture.Repo + "/contents/");
        Assert.Equal(200, status);
        Assert.Empty(RecordedShape.Missing(Recorded("get-content", 0)["response"], ours, depth: 2));
        f.GitHub.Journal.RequireNoViolations();
    }

    private static JsonNode Recorded(string name, int index) => Recordings(name)[index]!;

    private static JsonArray Recordings(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.Folder!, "github", "recordings", name + ".json")))!.AsArray();
}
