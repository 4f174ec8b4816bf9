using System.Net;

using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>Only this machine may come, by a program or by a page of ours (promise P57, as far as there are pages).</summary>
public sealed class LocalRequestTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Theory]
    [InlineData("Host", "evil.example", "AW2607")]
    [InlineData("Host", "localhost.evil.example", "AW2607")]
    [InlineData("Host", "127.0.0.1.nip.io", "AW2607")]
    [InlineData("Host", "10.0.0.1", "AW2607")]
    [InlineData("Host", "localhost:1", null)]
    [InlineData("Host", "LOCALHOST", null)]
    [InlineData("Host", "[::1]:5080", null)]
    [InlineData("Origin", "null", "AW2608")]
    [InlineData("Origin", "http://localhost:1", "AW2608")]
    [InlineData("Origin", "https://evil.example", "AW2608")]
    [InlineData("Forwarded", "for=127.0.0.1", "AW2606")]
    [InlineData("Via", "1.1 proxy", "AW2606")]
    [InlineData("X-Forwarded-For", "127.0.0.1", "AW2606")]
    [InlineData("X-Forwarded-Host", "localhost", "AW2606")]
    [InlineData("x-forwarded-anything", "1", "AW2606")]
    [InlineData("X-Original-For", "127.0.0.1", "AW2606")]
    [InlineData("X-Real-IP", "127.0.0.1", "AW2606")]
    public async Task What_Is_Not_Of_This_Machine_Is_Refused_Whatever_Its_Token(string header, string value, string? code)
    {
        HttpRequestMessage request = ApiServer.Request("GET", "/api/v1/runs", server.LocalToken);
        request.Headers.TryAddWithoutValidation(header, value);
        ApiAnswer answer = await server.SendAsync(request);

        Assert.Equal((code is null ? HttpStatusCode.OK : HttpStatusCode.Forbidden, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/schemas/workflow.json")]
    [InlineData("/.well-known/agentworkflow-keys.json")]
    public async Task Public_Routes_Are_For_Everybody(string path)
    {
        HttpRequestMessage request = ApiServer.Request("GET", path);
        request.Headers.Add("Host", "bot.example.com");
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task The_Token_In_An_Address_Becomes_A_Cookie_And_Leaves_The_Address()
    {
        HttpRequestMessage request = ApiServer.Request("GET", $"//docs?token={server.LocalToken}&x=1");
        request.RequestUri = new Uri(server.Address, $"/docs/?token={server.LocalToken}&x=1");
        using HttpResponseMessage answer = await server.OpenAsync(request);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/docs/?x=1", answer.Headers.Location!.OriginalString);
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(server.LocalToken, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync("GET", "/docs/", cookie.Split(';')[0], "none"));
        Assert.Equal(HttpStatusCode.OK, await WithCookieAsync("GET", "/openapi/v1.json", cookie.Split(';')[0], "same-origin"));
    }

    [Theory]
    [InlineData("GET", "", true)]
    [InlineData("GET", "none", true)]
    [InlineData("GET", "same-origin", true)]
    [InlineData("GET", "same-site", false)]
    [InlineData("GET", "cross-site", false)]
    [InlineData("POST", "same-origin", true)]
    [InlineData("POST", "", false)]
    [InlineData("POST", "none", false)]
    [InlineData("POST", "same-site", false)]
    [InlineData("POST", "cross-site", false)]
    public async Task A_Cookie_Counts_Only_For_Our_Own_Pages(string method, string site, bool counts)
    {
        string cookie = $"agentworkflow-{server.Address.Port}={server.Get<LocalToken>().NewCookie().Value}";

        HttpStatusCode status = await WithCookieAsync(method, method == "GET" ? "/api/v1/runs" : "/api/v1/workflows/validate", cookie, site);

        Assert.Equal(counts ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task A_Wrong_Token_In_An_Address_Or_On_Another_Method_Is_Nothing()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(ApiServer.Request("GET", "/docs/?token=agw_x"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync(ApiServer.Request("POST", $"/api/v1/workflows/validate?token={server.LocalToken}", body: """{"content":"x"}"""))).Status);
    }

    private async Task<HttpStatusCode> WithCookieAsync(string method, string path, string cookie, string site)
    {
        HttpRequestMessage request = ApiServer.Request(method, path, token: null, method == "POST" ? """{"content":"x"}""" : null);
        request.Headers.Add("Cookie", cookie);
        if (site.Length > 0)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        return (await server.SendAsync(request)).Status;
    }
}
