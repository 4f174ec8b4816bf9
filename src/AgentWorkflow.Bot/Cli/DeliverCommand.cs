using System.CommandLine;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.GitLab;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>deliver</c>: signs a payload as the forge would and sends it to a running bot.</summary>
internal static class DeliverCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Option<string> Event = new("--event") { Description = "The event's name, such as issue_comment, or on GitLab note_hook.", HelpName = "NAME", Required = true };

    private static readonly Option<FileInfo> Payload = new("--payload") { Description = "The file with the payload; it is sent as it is.", HelpName = "FILE", Required = true };

    private static readonly Option<string> Forge = new("--forge") { Description = "Whose delivery it is: github or gitlab.", HelpName = "NAME", DefaultValueFactory = static _ => GitHubWebhooks.Id };

    private static readonly Option<string> Url = new("--url") { Description = "The bot's address.", HelpName = "URL", DefaultValueFactory = static _ => ListenAddresses.Default };

    private static readonly Option<string?> Id = new("--id") { Description = "The delivery's id; a new one unless told. The same one twice is a copy.", HelpName = "ID" };

    /// <summary>The command.</summary>
    public static Command Create(BotHost host)
    {
        Command command = new("deliver", "Signs a payload with the configured secret and sends it to a running bot.") { Event, Payload, Forge, Url, Id };
        Forge.AcceptOnlyFromAmong(GitHubWebhooks.Id, GitLabForge.Id);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using ServiceProvider services = host.BuildServices(parsed.GetValue(BotHost.Verbose));
            using HttpRequestMessage request = await RequestAsync(services, parsed, cancellationToken);
            return await SendAsync(request, parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task<HttpRequestMessage> RequestAsync(ServiceProvider services, ParseResult parsed, CancellationToken cancellationToken)
    {
        IWebhookSender sender = services.GetServices<IWebhookSender>().First(s => s.Forge == parsed.GetValue(Forge));
        if (!Uri.TryCreate(parsed.GetValue(Url), UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new SettingsException($"AW2545 '{parsed.GetValue(Url)}' in --url is no address like {ListenAddresses.Default}");
        }

        byte[] body = await File.ReadAllBytesAsync(parsed.GetRequiredValue(Payload).FullName, cancellationToken);
        HttpRequestMessage request = new(HttpMethod.Post, address.AbsolutePath == "/" ? new Uri(address, sender.Path.TrimStart('/')) : address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (sender.Prove(request, parsed.GetRequiredValue(Event), parsed.GetValue(Id) ?? services.GetRequiredService<IRandomSource>().NextBase32(26), body) is { } refusal)
        {
            request.Dispose();
            throw new SettingsException(refusal);
        }

        return request;
    }

    private static async Task<int> SendAsync(HttpRequestMessage request, TextWriter output, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new() { ConnectTimeout = Patience };
        using HttpMessageInvoker http = new(handler, disposeHandler: false);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(Patience);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, end.Token);
            string text = await answer.Content.ReadAsStringAsync(end.Token);
            await output.WriteLineAsync($"{(int)answer.StatusCode}  {Meaning(answer.StatusCode, text)}");
            return answer.IsSuccessStatusCode ? 0 : BotCommands.Failed;
        }
        catch (HttpRequestException e)
        {
            throw new SettingsException($"AW2572 nobody answers at {request.RequestUri} ({e.Message.TrimEnd('.')}); start 'agentworkflow serve', or say its address with --url");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SettingsException($"AW2572 {request.RequestUri} did not answer in {Patience.TotalSeconds:0} s; look at the log of the bot");
        }
    }

    private static string Meaning(HttpStatusCode status, string text) => status switch
    {
        HttpStatusCode.Accepted => "stored; the inbox decides on it next",
        HttpStatusCode.OK => $"nothing to do: {text.Trim()}",
        _ => ProblemOf(text) ?? "this is no answer of the bot; check --url",
    };

    private static string? ProblemOf(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject problem && problem["code"] is { } code ? $"{code} {problem["detail"]}" : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
