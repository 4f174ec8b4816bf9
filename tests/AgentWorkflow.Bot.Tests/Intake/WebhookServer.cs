using System.Net;
using System.Text;

using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Web;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>The intake behind a real web server, without the rest of the bot.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    public const string Secret = "It's a Secret to Everybody";

    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;
    private readonly SocketsHttpHandler _handler = new();

    private WebhookServer(WebhookDialect dialect, string? secret, IDeliveryTable? table, string? mounted)
    {
        Dialect = dialect;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1 << 20);
        if (mounted is null)
        {
            builder.Configuration.AddInMemoryCollection([new(dialect.Setting, dialect.SecretOf(secret))]);
        }

        builder.Configuration.AddMountedSettings(mounted);
        builder.Services.AddStorage(new StorageOptions { DataDirectory = _folder.Path, ConnectionString = StorageOptions.SqliteFile(_folder.Path) }).AddIntake();
        if (table is not null)
        {
            builder.Services.AddSingleton(table);
        }

        _app = builder.Build();
        _app.MapHealth().MapIntake();
        Client = new HttpClient(_handler, disposeHandler: false);
    }

    public HttpClient Client { get; }

    public WebhookDialect Dialect { get; }

    public IWebhookSender Sender => _app.Services.GetServices<IWebhookSender>().First(s => s.Path == Dialect.Route);

    public Uri Address => new(_app.Urls.First() + Dialect.Route);

    public static async Task<WebhookServer> StartAsync(string? secret = Secret, IDeliveryTable? table = null, string? mounted = null, WebhookDialect? dialect = null)
    {
        WebhookServer server = new(dialect ?? WebhookDialect.GitHub, secret, table, mounted);
        await server._app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(TestContext.Current.CancellationToken);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>A request that is right in every way; a test changes what it is about.</summary>
    public HttpRequestMessage Request(string body, string? name = null, string? id = null, string secret = Secret) => Request(Encoding.UTF8.GetBytes(body), name, id, secret);

    public HttpRequestMessage Request(byte[] body, string? name = null, string? id = null, string secret = Secret)
    {
        HttpRequestMessage request = new(HttpMethod.Post, Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        foreach ((string header, string value) in Dialect.Headers(body, name ?? Dialect.Event, id ?? new SystemRandomSource().NextBase32(26), Dialect.SecretOf(secret) ?? ""))
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return request;
    }

    public async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage answer = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    public async Task<HttpStatusCode> PostAsync(string body, string? name = null, string? id = null, string secret = Secret) =>
        (await SendAsync(Request(body, name, id, secret))).Status;

    /// <summary>Sets secrets as a changed file does.</summary>
    public void Rotate(string? current, string? previous)
    {
        Set(Dialect.PreviousSetting, Dialect.SecretOf(previous));
        Set(Dialect.Setting, Dialect.SecretOf(current));
    }

    /// <summary>Sets one setting.</summary>
    public void Set(string setting, string? value) => _app.Services.GetRequiredService<IConfiguration>()[setting] = value;

    /// <summary>Waits until the server has read the settings that a test wrote.</summary>
    public async Task SeesAsync(Func<IConfiguration, bool> wanted)
    {
        IConfiguration configuration = _app.Services.GetRequiredService<IConfiguration>();
        while (true)
        {
            TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using IDisposable _ = configuration.GetReloadToken().RegisterChangeCallback(_ => changed.TrySetResult(), null);
            if (wanted(configuration))
            {
                return;
            }

            await changed.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Rows that are committed.</summary>
    public long Rows()
    {
        if (!File.Exists(Path.Combine(_folder.Path, "deliveries.db")))
        {
            return 0;
        }

        using SqliteConnection connection = new($"Data Source={Path.Combine(_folder.Path, "deliveries.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM Deliveries";
        return (long)command.ExecuteScalar()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _handler.Dispose();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
