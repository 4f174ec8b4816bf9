using System.Net.Http.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>A started GitLab double with one project in a subgroup, and a plain client of it: no code of the bot decides what is right here.</summary>
internal sealed class GitLabDoubleFixture : IAsyncDisposable
{
    public const string Path = "octo/zoo/pets";
    public const string Project = "/projects/octo%2Fzoo%2Fpets";
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private GitLabDoubleFixture(GitLabDouble gitlab) => GitLab = gitlab;

    public GitLabDouble GitLab { get; }

    public static async Task<GitLabDoubleFixture> StartAsync(GitLabDoubleOptions? options = null)
    {
        Assert.SkipUnless(SharedData.HasGitLab, SharedData.Absent);
        GitLabDoubleFixture fixture = new(await GitLabDouble.StartAsync(options, TestContext.Current.CancellationToken));
        fixture.GitLab.Do(w =>
        {
            w.CreateProject(Path, new Dictionary<string, string> { ["README.md"] = "# Pets\n", ["src/a.txt"] = "a\n", ["run.sh"] = "#!/bin/sh\n" });
            w.Grant("octo", "alice", 30);
            w.OpenIssue(Path, "alice", "A pet shop", "With cats.");
        });
        return fixture;
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(string method, string path, JsonNode? body = null, string? token = null)
    {
        using HttpResponseMessage response = await RawAsync(method, path, body, token);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 || text[0] is not ('{' or '[') ? null : JsonNode.Parse(text));
    }

    public async Task<HttpResponseMessage> RawAsync(string method, string path, JsonNode? body = null, string? token = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path.StartsWith("http", StringComparison.Ordinal) ? path : GitLab.ApiUrl + path);
        if (token is not { Length: 0 })
        {
            request.Headers.Add("PRIVATE-TOKEN", token ?? GitLab.Token);
        }

        request.Content = body is null ? null : JsonContent.Create(body);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public string Head(string branch = "main") => GitLab.Do(w => w.Project(Path).Git.Head(branch)!);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await GitLab.DisposeAsync();
    }
}
