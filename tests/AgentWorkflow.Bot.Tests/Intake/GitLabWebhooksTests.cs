using System.Net;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Rig.Contract;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>
/// The deliveries of GitLab with the plain token: what holds for all; a valid one is success whatever it tells (P15), and one
/// delivery is one by its key, else by all that tells it from others (P4).
/// </summary>
public sealed class GitLabWebhooksTests : WebhooksContract
{
    private protected override WebhookDialect Dialect => WebhookDialect.GitLabToken;

    [Theory]
    [InlineData("Pipeline Hook", "{\"object_kind\":\"pipeline\"}")]
    [InlineData("Job Hook", "{\"object_kind\":\"build\"}")]
    [InlineData("System Hook", "{\"event_name\":\"push\"}")]
    [InlineData("Resource Access Token Hook", "{}")]
    [InlineData("Hook of 2031", "no json at all")]
    public async Task What_Nobody_Needs_Is_Success_And_Not_Stored(string name, string body)
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, "nobody needs this event\n"), await server.SendAsync(server.Request(body, name)));
        Assert.Equal(0, server.Rows());
    }

    [Theory]
    [InlineData("Issue Hook")]
    [InlineData("Confidential Issue Hook")]
    [InlineData("Work Item Hook")]
    [InlineData("Confidential Work Item Hook")]
    [InlineData("Note Hook")]
    [InlineData("Confidential Note Hook")]
    [InlineData("Push Hook")]
    [InlineData("Merge Request Hook")]
    public async Task What_May_Mean_Something_Is_Stored(string name)
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync("{}", name));
        Assert.Equal(1, server.Rows());
    }

    [Fact]
    public async Task Without_A_Key_A_Delivery_Is_One_By_Its_Hook_Its_Event_And_Its_Body()
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(server, Body));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(server, Body));

        // Hooks that call each other share the event's id; group hooks and project hooks do too.
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(server, Body, "X-Gitlab-Webhook-UUID"));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(server, Body, "X-Gitlab-Event-UUID"));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(server, Body, "X-Gitlab-Instance"));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(server, Body + " "));
        Assert.Equal(5, server.Rows());
    }

    [Fact]
    public async Task A_Key_That_Is_No_Name_Refuses_Nothing()
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body, id: new string('k', 200)));
        Assert.Equal(HttpStatusCode.OK, await server.PostAsync(Body, id: "a key with blanks"));
        Assert.Equal(1, server.Rows());
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("It's a Secret to Everybod")]
    [InlineData("It's a Secret to Everybody!")]
    [InlineData("it's a secret to everybody")]
    [InlineData("It's a Secret to Everybody, It's a Secret to Everybody")]
    [InlineData("It's a Secret to Everybody", "It's a Secret to Everybody")]
    [InlineData("It's a Secret to Everybody", "")]
    [InlineData("another", "It's a Secret to Everybody")]
    public async Task A_Wrong_Missing_Or_Doubled_Token_Is_Refused_And_Leaves_No_Row(params string[] tokens)
    {
        await using WebhookServer server = await StartAsync();
        HttpRequestMessage request = server.Request(Body);
        request.Headers.Remove(GitLabWebhooks.TokenHeader);
        foreach (string token in tokens)
        {
            request.Headers.TryAddWithoutValidation(GitLabWebhooks.TokenHeader, token);
        }

        (HttpStatusCode status, string text) = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("\"AW2568\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(WebhookServer.Secret, text, StringComparison.Ordinal);
        Assert.Equal(0, server.Rows());
    }

    [Theory]
    [InlineData("X-Gitlab-Event", null)]
    [InlineData("X-Gitlab-Event", "An event whose name is so long that no release of GitLab has ever had one like it")]
    public async Task A_Request_That_Says_No_Event_Is_No_Delivery(string header, string? value)
    {
        await using WebhookServer server = await StartAsync();
        HttpRequestMessage request = server.Request(Body);
        request.Headers.Remove(header);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        (HttpStatusCode status, string text) = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("\"AW2565\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_Payload_That_Is_Known_To_Be_Sent_Is_Success()
    {
        Assert.SkipUnless(SharedData.HasGitLab, SharedData.Absent);
        await using WebhookServer server = await StartAsync();
        List<string> wrong = [];
        foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Folder!, "gitlab", "webhooks"), "*.json"))
        {
            // As each kind of hook: which it was is not said in the file.
            foreach (string name in (string[])["Note Hook", "Issue Hook", "Push Hook", "Merge Request Hook", "System Hook"])
            {
                (HttpStatusCode status, string text) = await server.SendAsync(server.Request(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), name));
                if (status is not (HttpStatusCode.Accepted or HttpStatusCode.OK))
                {
                    wrong.Add($"{file} as {name}: {(int)status} {text}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(server.Rows(), 200, 1000);
    }

    private static async Task<HttpStatusCode> SendAsync(WebhookServer server, string body, string? changed = null)
    {
        HttpRequestMessage request = server.Request(body);
        request.Headers.Remove(GitLabWebhooks.KeyHeader);
        if (changed is not null)
        {
            request.Headers.Remove(changed);
            request.Headers.Add(changed, "https://another.example");
        }

        return (await server.SendAsync(request)).Status;
    }
}
