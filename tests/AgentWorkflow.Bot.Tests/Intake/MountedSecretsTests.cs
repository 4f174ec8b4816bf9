using System.Collections.Concurrent;
using System.Net;

using AgentWorkflow.Bot.Tests.Storage;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>Webhook secrets are changed by rewriting mounted files, under load and without a restart: none is refused, and the old one ends (promise P8).</summary>
public sealed class MountedSecretsTests : IDisposable
{
    private const string Body = "{\"action\":\"created\"}";

    private readonly TemporaryFolder _mounted = new();
    private readonly TemporaryFolder _beside = new();
    private readonly ConcurrentQueue<HttpStatusCode> _answers = [];
    private volatile string _signing = "one";

    public void Dispose()
    {
        _mounted.Dispose();
        _beside.Dispose();
    }

    public static TheoryData<string> Dialects => [nameof(WebhookDialect.GitHub), nameof(WebhookDialect.GitLabSigned)];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Files_That_Are_Rewritten_Change_The_Secret_And_Refuse_Nothing(string forge)
    {
        WebhookDialect dialect = WebhookDialect.Named(forge);
        Write(dialect.Setting, dialect.SecretOf("one"));
        await using WebhookServer server = await WebhookServer.StartAsync(mounted: _mounted.Path, dialect: dialect);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task load = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => SendAsync(server, enough.Token))));

        // As the operator's page says: the old one beside the new one, and the forge changes only then.
        Write(dialect.PreviousSetting, dialect.SecretOf("one"));
        Write(dialect.Setting, dialect.SecretOf("two"));
        await server.SeesAsync(c => c[dialect.Setting] == dialect.SecretOf("two") && c[dialect.PreviousSetting] == dialect.SecretOf("one"));
        _signing = "two";
        for (int i = 0; i < 200; i++)
        {
            _answers.Enqueue(await server.PostAsync(Body, secret: i % 2 == 0 ? "one" : "two"));
        }

        await enough.CancelAsync();
        await load;
        Assert.All(_answers, a => Assert.Equal(HttpStatusCode.Accepted, a));
        File.Delete(Path.Combine(_mounted.Path, FileOf(dialect.PreviousSetting)));
        await server.SeesAsync(c => c[dialect.PreviousSetting] is null);

        Assert.Equal(HttpStatusCode.Unauthorized, await server.PostAsync(Body, secret: "one"));
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body, secret: "two"));
    }

    private async Task SendAsync(WebhookServer server, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            _answers.Enqueue(await server.PostAsync(Body, secret: _signing));
        }
    }

    // As containers do: never a file that is half written.
    private void Write(string setting, string? value)
    {
        string there = Path.Combine(_beside.Path, FileOf(setting));
        File.WriteAllText(there, value);
        File.Move(there, Path.Combine(_mounted.Path, FileOf(setting)), overwrite: true);
    }

    private static string FileOf(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);
}
