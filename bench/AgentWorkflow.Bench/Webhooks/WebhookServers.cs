using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bench.Webhooks;

/// <summary>The servers that are compared: ours, one that checks the signature and keeps nothing, and one that stores as most programs do.</summary>
internal static class WebhookServers
{
    private static readonly byte[] s_key = Encoding.UTF8.GetBytes(WebhookLoad.Secret);

    /// <summary>Our route with its store.</summary>
    public static async Task<WebApplication> OursAsync(StorageOptions storage)
    {
        WebApplication app = Build(services => services.AddStorage(storage).AddIntake());
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        app.MapIntake();
        await app.StartAsync();
        return app;
    }

    /// <summary>The signature alone.</summary>
    public static async Task<WebApplication> BareAsync()
    {
        WebApplication app = Build(services => services);
        app.MapPost(GitHubWebhooks.Route, async context =>
        {
            byte[] body = new byte[(int)(context.Request.ContentLength ?? 0)];
            await context.Request.Body.ReadExactlyAsync(body);
            await AnswerAsync(context, IsSigned(context, body));
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>The signature, and a row with one save a request.</summary>
    public static async Task<WebApplication> EfAsync(StorageOptions storage)
    {
        WebApplication app = Build(services => services.AddStorage(storage));
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        app.MapPost(GitHubWebhooks.Route, async (HttpContext context, IDbContextFactory<BotDb> databases) =>
        {
            byte[] body = new byte[(int)(context.Request.ContentLength ?? 0)];
            await context.Request.Body.ReadExactlyAsync(body);
            if (IsSigned(context, body))
            {
                DateTimeOffset now = TimeProvider.System.GetUtcNow();
                await using BotDb db = await databases.CreateDbContextAsync();
                db.Add(new DeliveryRow
                {
                    Forge = "bench",
                    DeliveryId = context.Request.Headers["X-GitHub-Delivery"].ToString(),
                    Event = "issue_comment",
                    Source = DeliverySource.Webhook,
                    Body = body,
                    ReceivedAt = now,
                    DueAt = now,
                });
                await db.SaveChangesAsync();
            }

            await AnswerAsync(context, true);
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>A server with the bench's secret.</summary>
    public static WebApplication Build(Func<IServiceCollection, IServiceCollection> add)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("GitHub:WebhookSecret", WebhookLoad.Secret)]);
        add(builder.Services);
        return builder.Build();
    }

    private static bool IsSigned(HttpContext context, byte[] body)
    {
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return GitHubSignature.TryRead(context.Request.Headers[GitHubSignature.Header], claimed) && GitHubSignature.IsOf(body, claimed, [s_key]);
    }

    private static Task AnswerAsync(HttpContext context, bool isFine)
    {
        context.Response.StatusCode = isFine ? StatusCodes.Status202Accepted : StatusCodes.Status401Unauthorized;
        context.Response.ContentLength = 3;
        return context.Response.WriteAsync("ok\n");
    }
}
