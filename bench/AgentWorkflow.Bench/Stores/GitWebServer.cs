using AgentWorkflow.Bench.Webhooks;
using AgentWorkflow.Rig.Git;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentWorkflow.Bench.Stores;

/// <summary>git's own <c>http-backend</c> in front of the bare repositories of a folder, open to everybody of this machine.</summary>
internal sealed class GitWebServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GitWebServer(WebApplication app) => _app = app;

    /// <summary>Starts it.</summary>
    public static async Task<GitWebServer> StartAsync(string folder)
    {
        WebApplication app = WebhookServers.Build(static services => services);
        app.Map("/{name}/{**rest}", async (HttpContext context, string name, string rest) =>
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { } limit)
            {
                limit.MaxRequestBodySize = null;
            }

            await GitHttp.ServeAsync(context, Path.Combine(folder, name), "/" + rest, "bench", []);
        });
        await app.StartAsync();
        return new GitWebServer(app);
    }

    /// <summary>The address of a repository.</summary>
    public Uri AddressOf(string name) => new(new Uri(_app.Urls.First()), name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
