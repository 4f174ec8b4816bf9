using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.GraphQl;

namespace AgentWorkflow.Rig;

/// <summary>The rig as a program of its own: <c>github [--port N] [--app-id N] [--app-key FILE] [--webhook-url URL] [--webhook-secret S]</c>.</summary>
internal static class RigCommand
{
    private const string Usage = "usage: AgentWorkflow.Rig github [--port N] [--app-id N] [--app-key FILE.pem] [--webhook-url URL] [--webhook-secret SECRET]";

    private static Task<int> Main(string[] arguments) => RunAsync(arguments, Console.Out, CancellationToken.None);

    /// <summary>Starts a double, says where it is in one line of JSON, and runs until it is interrupted.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellationToken)
    {
        if (arguments is not ["github", ..] || arguments.Length % 2 == 0)
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        if (!SharedData.HasGitHub)
        {
            await output.WriteLineAsync(SharedData.Absent);
            return 1;
        }

        GitHubDoubleOptions options = new();
        for (int i = 1; i < arguments.Length; i += 2)
        {
            string value = arguments[i + 1];
            GitHubDoubleOptions? next = arguments[i] switch
            {
                "--port" => options with { Port = int.Parse(value) },
                "--app-id" => options with { AppId = long.Parse(value) },
                "--app-key" => options with { AppKeyFile = Path.GetFullPath(value) },
                "--webhook-url" => options with { WebhookUrl = value },
                "--webhook-secret" => options with { WebhookSecret = value },
                _ => null,
            };
            if (next is null)
            {
                await output.WriteLineAsync(Usage);
                return 2;
            }

            options = next;
        }

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => { s.Cancel = true; end.Cancel(); });
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => { s.Cancel = true; end.Cancel(); });
        _ = GitHubSchema.Schema;
        await using GitHubDouble github = await GitHubDouble.StartAsync(options, end.Token);
        JsonObject description = new()
        {
            ["url"] = github.Url,
            ["apiUrl"] = github.ApiUrl,
            ["graphQlUrl"] = github.GraphQlUrl,
            ["controlUrl"] = github.Url + "/_rig/",
            ["appId"] = github.AppId,
            ["privateKeyPath"] = github.PrivateKeyPath,
            ["webhookSecret"] = github.WebhookSecret,
            ["botLogin"] = github.BotLogin,
            ["processId"] = Environment.ProcessId,
        };
        await output.WriteLineAsync(description.ToJsonString());
        await output.FlushAsync(end.Token);
        await github.WaitAsync(end.Token);
        return 0;
    }
}
