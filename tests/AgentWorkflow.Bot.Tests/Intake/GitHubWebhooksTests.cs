using System.Net;

using AgentWorkflow.Rig.Contract;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>The deliveries of GitHub: what holds for all, and nothing that it may send is answered with an error (P15).</summary>
public sealed class GitHubWebhooksTests : WebhooksContract
{
    private protected override WebhookDialect Dialect => WebhookDialect.GitHub;

    [Theory]
    [InlineData("ping", "{\"zen\":\"Keep it logically awesome.\"}")]
    [InlineData("star", "{\"action\":\"created\"}")]
    [InlineData("issue_comment", "{\"action\":\"translated\"}")]
    [InlineData("issues", "{\"action\":\"levitated\",\"issue\":{}}")]
    [InlineData("an_event_of_2031", "{}")]
    [InlineData("star", "no json at all")]
    public async Task What_Nobody_Needs_Is_Success_And_Not_Stored(string name, string body)
    {
        await using WebhookServer server = await StartAsync();

        Assert.Equal((HttpStatusCode.OK, "nobody needs this event\n"), await server.SendAsync(server.Request(body, name)));
        Assert.Equal(0, server.Rows());
    }

    [Theory]
    [InlineData("X-GitHub-Event", null)]
    [InlineData("X-GitHub-Event", "issue comment")]
    [InlineData("X-GitHub-Delivery", null)]
    [InlineData("X-GitHub-Delivery", "a/b")]
    public async Task A_Signed_Request_Without_Its_Name_Or_Id_Is_No_Delivery(string header, string? value)
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
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        string folder = Path.Combine(SharedData.Folder!, "github");
        await using WebhookServer server = await StartAsync();
        List<string> wrong = [];
        string[] files = [.. Directory.GetFiles(Path.Combine(folder, "webhooks"), "*.json", SearchOption.AllDirectories), .. Directory.GetFiles(Path.Combine(folder, "webhooks-other"), "*.json")];
        foreach (string file in files)
        {
            string name = Path.GetFileName(Path.GetDirectoryName(file)!);
            foreach (string sent in name == "webhooks-other" ? ["issue_comment", "push", "pull_request", "status"] : (string[])[name])
            {
                (HttpStatusCode status, string text) = await server.SendAsync(server.Request(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), sent));
                if (status is not (HttpStatusCode.Accepted or HttpStatusCode.OK))
                {
                    wrong.Add($"{file} as {sent}: {(int)status} {text}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(files.Length > 100);
        Assert.InRange(server.Rows(), 50, 1000);
    }
}
