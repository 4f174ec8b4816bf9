using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>A started double with one repository, and a plain client of it: no code of the bot decides what is right here.</summary>
internal sealed class DoubleFixture : IAsyncDisposable
{
    public const string Repo = "/repos/octo/pets";
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private readonly TimeProvider _time;

    private DoubleFixture(GitHubDouble github, TimeProvider time)
    {
        GitHub = github;
        _time = time;
    }

    public GitHubDouble GitHub { get; }

    public string Token { get; set; } = "";

    public static async Task<DoubleFixture> StartAsync(GitHubDoubleOptions? options = null)
    {
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        DoubleFixture fixture = new(await GitHubDouble.StartAsync(options, TestContext.Current.CancellationToken), options?.Time ?? TimeProvider.System);
        fixture.GitHub.Do(w =>
        {
            w.CreateRepository("octo/pets", new Dictionary<string, string> { ["README.md"] = "# Pets\n", ["src/a.txt"] = "a\n" }, isPrivate: true);
            w.Grant("octo/pets", "alice", "write");
            w.OpenIssue("octo/pets", "alice", "A pet shop", "With cats.");
        });
        fixture.Token = await fixture.MakeTokenAsync();
        return fixture;
    }

    public string Jwt(int seconds = 540, RSA? other = null, string? issuer = null)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(GitHub.PrivateKeyPath));
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        string body = $"{Part("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")}.{Part($"{{\"iss\":\"{issuer ?? GitHub.AppId.ToString()}\",\"iat\":{now - 60},\"exp\":{now + seconds}}}")}";
        return $"{body}.{Url((other ?? key).SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public async Task<string> MakeTokenAsync(JsonObject? body = null)
    {
        (int status, JsonNode? answer) = await SendAsync("POST", "/app/installations/1/access_tokens", body, Jwt());
        Assert.Equal(201, status);
        return answer!["token"]!.GetValue<string>();
    }

    public async Task<(int Status, JsonNode? Body)> SendAsync(string method, string path, JsonNode? body = null, string? token = null)
    {
        using HttpResponseMessage response = await RawAsync(method, path, body, token);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<HttpResponseMessage> RawAsync(string method, string path, JsonNode? body = null, string? token = null, string? tag = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path.StartsWith("http", StringComparison.Ordinal) ? path : GitHub.ApiUrl + path);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("rig-tests", "1"));
        request.Headers.Authorization = token is { Length: 0 } ? null : new AuthenticationHeaderValue("Bearer", token ?? Token);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        request.Content = body is null ? null : JsonContent.Create(body);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonNode> AskAsync(string query, JsonObject? variables = null)
    {
        (int status, JsonNode? body) = await SendAsync("POST", GitHub.GraphQlUrl, new JsonObject { ["query"] = query, ["variables"] = variables ?? [] });
        Assert.True(status == 200, $"{status}: {body}");
        return body!;
    }

    public string Head(string branch = "main") => GitHub.Do(w => w.Repository("octo/pets").Git.Head(branch)!);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await GitHub.DisposeAsync();
    }

    private static string Part(string json) => Url(Encoding.UTF8.GetBytes(json));

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
