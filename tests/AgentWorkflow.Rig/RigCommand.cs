using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.GraphQl;
using AgentWorkflow.Rig.GitLab;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig;

/// <summary>The rig as a program of its own: a double that says where it is and runs until it is interrupted.</summary>
internal static class RigCommand
{
    private const string Usage = """
        usage: AgentWorkflow.Rig github [--port N] [--app-id N] [--app-key FILE.pem] [--webhook-url URL] [--webhook-secret SECRET]
               AgentWorkflow.Rig gitlab [--port N] [--token TOKEN] [--webhook-url URL] [--webhook-secret SECRET] [--signing-token whsec_...]
        """;

    private static Task<int> Main(string[] arguments) => RunAsync(arguments, Console.Out, CancellationToken.None);

    /// <summary>Starts a double, says where it is in one line of JSON, and runs until it is interrupted.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, CancellationToken cancellationToken)
    {
        Dictionary<string, string>? given = arguments.Length % 2 == 1 ? arguments.Skip(1).Chunk(2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal) : null;
        GitHubDoubleOptions? github = arguments is ["github", ..] && given is not null ? GitHub(given) : null;
        GitLabDoubleOptions? gitlab = arguments is ["gitlab", ..] && given is not null ? GitLab(given) : null;
        if (given is null || given.Count > 0 || (github is null && gitlab is null))
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }

        if (github is null ? !SharedData.HasGitLab : !SharedData.HasGitHub)
        {
            await output.WriteLineAsync(SharedData.Absent);
            return 1;
        }

        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => { s.Cancel = true; end.Cancel(); });
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => { s.Cancel = true; end.Cancel(); });
        if (github is null)
        {
            await using GitLabDouble lab = await GitLabDouble.StartAsync(gitlab, end.Token);
            await ServeAsync(lab, new() { ["apiUrl"] = lab.ApiUrl, ["token"] = lab.Token, ["webhookSecret"] = gitlab!.WebhookSecret, ["signingToken"] = gitlab.SigningToken, ["botLogin"] = lab.BotUsername }, output, end.Token);
            return 0;
        }

        _ = GitHubSchema.Schema;
        await using GitHubDouble hub = await GitHubDouble.StartAsync(github, end.Token);
        await ServeAsync(hub, new() { ["apiUrl"] = hub.ApiUrl, ["graphQlUrl"] = hub.GraphQlUrl, ["appId"] = hub.AppId, ["privateKeyPath"] = hub.PrivateKeyPath, ["webhookSecret"] = hub.WebhookSecret, ["botLogin"] = hub.BotLogin }, output, end.Token);
        return 0;
    }

    private static async Task ServeAsync<TWorld>(LoopbackForge<TWorld> forge, JsonObject description, TextWriter output, CancellationToken cancellationToken)
        where TWorld : IDisposable
    {
        description["url"] = forge.Url;
        description["controlUrl"] = forge.Url + "/_rig/";
        description["processId"] = Environment.ProcessId;
        await output.WriteLineAsync(description.ToJsonString());
        await output.FlushAsync(cancellationToken);
        await forge.WaitAsync(cancellationToken);
    }

    // What is left in the dictionary afterwards is not known.
    private static GitHubDoubleOptions GitHub(Dictionary<string, string> given)
    {
        GitHubDoubleOptions options = new();
        return new GitHubDoubleOptions
        {
            Port = Take(given, "--port", options.Port, int.Parse),
            AppId = Take(given, "--app-id", options.AppId, long.Parse),
            AppKeyFile = Take(given, "--app-key", options.AppKeyFile, Path.GetFullPath),
            WebhookUrl = Take(given, "--webhook-url", options.WebhookUrl, v => v),
            WebhookSecret = Take(given, "--webhook-secret", options.WebhookSecret, v => v),
        };
    }

    private static GitLabDoubleOptions GitLab(Dictionary<string, string> given) => new()
    {
        Port = Take(given, "--port", 0, int.Parse),
        Token = Take(given, "--token", null, v => v),
        WebhookUrl = Take(given, "--webhook-url", null, v => v),
        WebhookSecret = Take(given, "--webhook-secret", null, v => v),
        SigningToken = Take(given, "--signing-token", null, v => v),
    };

    private static T Take<T>(Dictionary<string, string> given, string name, T otherwise, Func<string, T> read) => given.Remove(name, out string? value) ? read(value) : otherwise;
}
