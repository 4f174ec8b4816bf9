using AgentWorkflow.Bot.Web;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;

namespace AgentWorkflow.Bot.Tests.Web;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", "192.0.2.7")]
    [InlineData("10.1.2.3", "10.1.2.3", "192.0.2.7")]
    [InlineData("10.1.2.4", "10.1.2.3", "10.1.2.3")]
    [InlineData("", "127.0.0.1", "127.0.0.1")]
    public async Task Only_A_Named_Proxy_Is_Believed_Where_A_Request_Comes_From(string trusted, string from, string seen)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Web:TrustedProxies:0", trusted)]);
        await using WebApplication app = builder.Build();
        app.UseTrustedProxies();
        app.MapGet("/", (HttpContext context) => context.Connection.RemoteIpAddress?.ToString());
        await app.StartAsync(TestContext.Current.CancellationToken);

        HttpContext answer = await app.GetTestServer().SendAsync(
            context =>
            {
                context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(from);
                context.Request.Method = "GET";
                context.Request.Path = "/";
                context.Request.Headers["X-Forwarded-For"] = "192.0.2.7";
            },
            TestContext.Current.CancellationToken);

        using StreamReader reader = new(answer.Response.Body);
        Assert.Equal(seen, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
