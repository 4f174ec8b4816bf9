using System.Globalization;
using System.Net;
using System.Text;

using AgentWorkflow.Bot.Intake;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>Forged requests do nothing (P6): five thousand of those that GitLab's ways of proving a delivery make possible.</summary>
public sealed class ForgedGitLabRequestTests
{
    private const int Each = 2500;
    private const string Body = """{"object_kind":"note","object_attributes":{"id":1,"note":"/generate ü"},"project":{"id":7,"path_with_namespace":"octo/zoo/pets"}}""";

    [Theory]
    [InlineData(nameof(WebhookDialect.GitLabToken), "AW2568")]
    [InlineData(nameof(WebhookDialect.GitLabSigned), "AW2569")]
    public async Task Mutations_Of_A_Valid_Request_Are_Refused_And_Leave_No_Row(string dialect, string code)
    {
        await using WebhookServer server = await WebhookServer.StartAsync(dialect: WebhookDialect.Named(dialect));
        server.Set("GitLab:WebhookSecret", WebhookServer.Secret);
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));

        await ForgedRequestTests.RefusesAllAsync(server, code == "AW2568" ? s_ofTokens : s_ofSignatures, Each, code);

        Assert.Equal(1, server.Rows());
    }

    private static readonly Func<WebhookServer, Random, HttpRequestMessage>[] s_ofTokens =
    [
        (server, chance) => server.Request(Body, secret: $"guess {chance.Next()}"),
        (server, chance) => server.Request(Body, secret: WebhookServer.Secret[..chance.Next(WebhookServer.Secret.Length)]),
        (server, chance) => server.Request(Body, secret: WebhookServer.Secret + (char)chance.Next('a', 'z')),
        (server, chance) => server.Request(Body, secret: Flipped(WebhookServer.Secret, chance)),
        (server, _) => server.Request(Body, secret: WebhookServer.Secret.ToUpperInvariant()),
        (server, _) => server.Request(Body, secret: $"\"{WebhookServer.Secret}\""),
        (server, _) => server.Request(Body, secret: Convert.ToBase64String(Encoding.UTF8.GetBytes(WebhookServer.Secret))),
        (server, _) => With(server.Request(Body), GitLabWebhooks.TokenHeader),
        (server, _) => With(server.Request(Body), GitLabWebhooks.TokenHeader, ""),
        (server, _) => With(server.Request(Body), GitLabWebhooks.TokenHeader, WebhookServer.Secret, WebhookServer.Secret),
        (server, chance) => With(server.Request(Body), GitLabWebhooks.TokenHeader, WebhookServer.Secret, $"{chance.Next()}"),
        (server, _) => With(server.Request(Body), GitLabWebhooks.TokenHeader, $"{WebhookServer.Secret}, {WebhookServer.Secret}"),
        (server, _) => Moved(server.Request(Body), GitLabWebhooks.TokenHeader, "Authorization"),
        (server, _) => Moved(server.Request(Body), GitLabWebhooks.TokenHeader, "PRIVATE-TOKEN"),
        (server, _) => Moved(server.Request(Body), GitLabWebhooks.TokenHeader, "X-Hub-Signature-256"),
    ];

    private static readonly Func<WebhookServer, Random, HttpRequestMessage>[] s_ofSignatures =
    [
        (server, chance) => Changed(server, Encoding.UTF8.GetBytes(Flipped(Body, chance))),
        (server, chance) => Changed(server, [.. Encoding.UTF8.GetBytes(Body), (byte)chance.Next(256)]),
        (server, chance) => Changed(server, Encoding.UTF8.GetBytes(Body)[..chance.Next(Body.Length)]),
        (server, _) => Changed(server, Encoding.Latin1.GetBytes(Body)),
        (server, chance) => server.Request(Body, secret: $"guess {chance.Next()}"),
        (server, _) => server.Request(Body, secret: ""),
        (server, chance) => Again(server, StandardSignature.IdHeader, id => Flipped(id, chance)),
        (server, chance) => Again(server, StandardSignature.TimeHeader, t => Moment(t, chance.Next(1, 300))),
        (server, chance) => Again(server, StandardSignature.TimeHeader, t => Moment(t, -chance.Next(1, 300))),
        (server, chance) => Again(server, StandardSignature.Header, s => Flipped(s[..^1], chance) + "="),
        (server, chance) => Again(server, StandardSignature.Header, s => s[..chance.Next(s.Length)]),
        (server, _) => Again(server, StandardSignature.Header, s => s.Replace("v1,", "v1a,", StringComparison.Ordinal)),
        (server, _) => Again(server, StandardSignature.Header, s => s.Replace("v1,", "V1,", StringComparison.Ordinal)),
        (server, _) => Again(server, StandardSignature.Header, s => s["v1,".Length..]),
        (server, _) => Again(server, StandardSignature.Header, s => s.ToLowerInvariant()),
        (server, _) => Again(server, StandardSignature.Header, s => "v1," + Convert.ToHexStringLower(Convert.FromBase64String(s["v1,".Length..]))),
        (server, _) => Doubled(server, StandardSignature.Header),
        (server, _) => Doubled(server, StandardSignature.IdHeader),
        (server, _) => Doubled(server, StandardSignature.TimeHeader),
        (server, _) => Again(server, StandardSignature.IdHeader, static _ => null),
        (server, _) => Again(server, StandardSignature.TimeHeader, static _ => null),
        (server, _) => Again(server, StandardSignature.Header, static _ => null),
        (server, _) => Old(server, -301),
        (server, _) => Old(server, 330),
    ];

    private static HttpRequestMessage With(HttpRequestMessage request, string header, params string[] values)
    {
        request.Headers.Remove(header);
        foreach (string value in values)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return request;
    }

    private static HttpRequestMessage Moved(HttpRequestMessage request, string from, string to)
    {
        string value = request.Headers.GetValues(from).Single();
        return With(With(request, from), to, value);
    }

    private static HttpRequestMessage Again(WebhookServer server, string header, Func<string, string?> change)
    {
        HttpRequestMessage request = server.Request(Body);
        return With(request, header, change(request.Headers.GetValues(header).Single()) is { } changed ? [changed] : []);
    }

    private static HttpRequestMessage Doubled(WebhookServer server, string header)
    {
        HttpRequestMessage request = server.Request(Body);
        string value = request.Headers.GetValues(header).Single();
        return With(request, header, value, value);
    }

    // Rightly signed, but kept for too long, or from a clock that is ahead.
    private static HttpRequestMessage Old(WebhookServer server, int seconds)
    {
        long at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;
        byte[] key = StandardSignature.KeyOf(server.Dialect.SecretOf(WebhookServer.Secret))!;
        HttpRequestMessage request = With(server.Request(Body, id: "k"), StandardSignature.TimeHeader, at.ToString(CultureInfo.InvariantCulture));
        return With(request, StandardSignature.Header, StandardSignature.Of("k", at, Encoding.UTF8.GetBytes(Body), key));
    }

    private static HttpRequestMessage Changed(WebhookServer server, byte[] body)
    {
        HttpRequestMessage request = server.Request(Body);
        request.Content = new ByteArrayContent(body);
        return request;
    }

    private static string Moment(string time, int later) => (long.Parse(time, CultureInfo.InvariantCulture) + later).ToString(CultureInfo.InvariantCulture);

    private static string Flipped(string text, Random chance)
    {
        char[] changed = text.ToCharArray();
        int at = chance.Next(changed.Length);
        changed[at] = changed[at] == 'a' ? 'b' : 'a';
        return new string(changed);
    }
}
