using System.Net;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Web;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bot.Tests.Web;

public sealed class HealthRoutesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task<WebApplication> StartAsync(bool migrate)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.Services.AddStorage(new StorageOptions { DataDirectory = _folder.Path, ConnectionString = StorageOptions.SqliteFile(_folder.Path) });
        WebApplication app = builder.Build();
        app.MapHealth();
        await app.StartAsync(TestContext.Current.CancellationToken);
        if (migrate)
        {
            await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(TestContext.Current.CancellationToken);
        }

        return app;
    }

    [Fact]
    public async Task It_Is_Ready_When_A_Delivery_Could_Be_Committed()
    {
        await using WebApplication app = await StartAsync(migrate: true);

        Assert.Equal("ready\n", await app.GetTestClient().GetStringAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.Equal("alive\n", await app.GetTestClient().GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_Broken_Database_Makes_It_Unready_With_A_Sentence_And_Leaves_It_Alive()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "agentworkflow.db"), new string('x', 8192), TestContext.Current.CancellationToken);
        await using WebApplication app = await StartAsync(migrate: false);

        HttpResponseMessage answer = await app.GetTestClient().GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("AW2524", problem["code"]!.ToString());
        Assert.StartsWith("The database file in '", problem["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("alive\n", await app.GetTestClient().GetStringAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken));
    }
}
