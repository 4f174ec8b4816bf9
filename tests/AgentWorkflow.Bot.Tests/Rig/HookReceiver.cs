using System.Collections.Concurrent;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>A server that takes webhooks and keeps them.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _host;

    private HookReceiver(WebApplication host) => _host = host;

    public ConcurrentQueue<Hook> Got { get; } = new();

    /// <summary>What it answers from now on.</summary>
    public int Answers { get; set; } = 202;

    public string Url => Address + "/hook";

    /// <summary>The address without a path; any path is taken.</summary>
    public string Address => _host.Urls.First();

    public static async Task<HookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0));
        WebApplication host = builder.Build();
        HookReceiver receiver = new(host);
        host.MapPost("/{**path}", async (HttpContext context) =>
        {
            using StreamReader reader = new(context.Request.Body);
            string body = await reader.ReadToEndAsync(context.RequestAborted);
            receiver.Got.Enqueue(new Hook(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
            return Results.StatusCode(receiver.Answers);
        });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>One webhook.</summary>
    internal sealed record Hook(IReadOnlyDictionary<string, string> Headers, string Body)
    {
        public string this[string header] => Headers.GetValueOrDefault(header, "");
    }
}
