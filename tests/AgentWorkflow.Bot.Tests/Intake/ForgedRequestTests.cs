using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Intake;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>Forged requests do nothing (P6), and only the comparison of digests decides (P7).</summary>
public sealed class ForgedRequestTests
{
    private const int Mutations = 5000;
    private const string Body = """{"action":"created","comment":{"id":1,"body":"/generate ü"},"repository":{"id":1296269,"full_name":"octocat/Hello-World"}}""";

    [Fact]
    public void The_Vector_Of_GitHubs_Documentation_Holds()
    {
        Span<byte> digest = stackalloc byte[32];

        Assert.True(GitHubSignature.TryRead("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", digest));
        Assert.True(GitHubSignature.IsOf("Hello, World!"u8, digest, ["It's a Secret to Everybody"u8.ToArray()]));
        Assert.True(GitHubSignature.IsOf("Hello, World!"u8, digest, ["new"u8.ToArray(), "It's a Secret to Everybody"u8.ToArray()]));
        Assert.False(GitHubSignature.IsOf("Hello, World?"u8, digest, ["It's a Secret to Everybody"u8.ToArray()]));
        Assert.False(GitHubSignature.IsOf("Hello, World!"u8, digest, []));
    }

    /// <summary>Looked up in the code and not measured: how long a comparison takes says little on a busy machine.</summary>
    [Theory]
    [InlineData(typeof(GitHubSignature), nameof(GitHubSignature.IsOf))]
    [InlineData(typeof(StandardSignature), nameof(StandardSignature.IsOf))]
    [InlineData(typeof(GitLabSecrets.Known), nameof(GitLabSecrets.Known.IsToken))]
    public void Digests_Are_Compared_In_The_Same_Time_Wherever_They_Differ(Type type, string method)
    {
        MethodInfo isOf = type.GetMethod(method)!;

        string[] compares = [.. CalledBy(isOf).Select(m => m.Name).Where(n => n.Contains("Equal", StringComparison.Ordinal) || n.Contains("Compare", StringComparison.Ordinal))];

        Assert.Equal([nameof(CryptographicOperations.FixedTimeEquals)], compares);
        Assert.DoesNotContain(isOf.GetParameters(), p => p.ParameterType == typeof(string) && method != nameof(GitLabSecrets.Known.IsToken));
    }

    [Fact]
    public async Task Five_Thousand_Mutations_Of_A_Valid_Request_Are_Refused_And_Leave_No_Row()
    {
        await using WebhookServer server = await WebhookServer.StartAsync();
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));
        await RefusesAllAsync(server, s_mutations, Mutations, "AW2564");
        Assert.Equal(1, server.Rows());
    }

    [Fact]
    public async Task A_Refusal_Is_Problem_Details_With_A_Code()
    {
        await using WebhookServer server = await WebhookServer.StartAsync();
        using HttpRequestMessage request = server.Request(Body, secret: "another");
        using HttpResponseMessage answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(("AW2564", 401), (problem["code"]!.ToString(), (int)problem["status"]!));
        Assert.DoesNotContain(WebhookServer.Secret, problem.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>Sends so many, of each kind as many as of another, and sees that each is refused with that code.</summary>
    internal static async Task RefusesAllAsync(WebhookServer server, Func<WebhookServer, Random, HttpRequestMessage>[] mutations, int count, string code)
    {
        ConcurrentDictionary<string, int> wrong = new(StringComparer.Ordinal);
        int[] used = new int[mutations.Length];

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
        {
            Random chance = new(i);
            int kind = i % mutations.Length;
            Interlocked.Increment(ref used[kind]);
            (HttpStatusCode status, string text) = await server.SendAsync(mutations[kind](server, chance));
            if (status != HttpStatusCode.Unauthorized || !text.Contains($"\"{code}\"", StringComparison.Ordinal))
            {
                wrong.AddOrUpdate($"mutation {kind}: {(int)status} {text}", 1, (_, n) => n + 1);
            }
        });

        Assert.Empty(wrong);
        Assert.All(used, n => Assert.True(n > 50));
    }

    private static readonly Func<WebhookServer, Random, HttpRequestMessage>[] s_mutations =
    [
        (server, chance) => Changed(server, Flip(chance)),
        (server, chance) => Changed(server, [.. Bytes, (byte)chance.Next(256)]),
        (server, chance) => Changed(server, Bytes[..chance.Next(Bytes.Length)]),
        (server, _) => Changed(server, Encoding.UTF8.GetBytes(JsonNode.Parse(Body)!.ToJsonString(new() { WriteIndented = true }))),
        (server, _) => Changed(server, Encoding.Latin1.GetBytes(Body), "application/json; charset=iso-8859-1"),
        (server, _) => Changed(server, Encoding.Unicode.GetBytes(Body), "application/json; charset=utf-16"),
        (server, _) => Changed(server, [0xef, 0xbb, 0xbf, .. Bytes]),
        (server, chance) => Signed(server, Signature[..chance.Next(Signature.Length)]),
        (server, chance) => Signed(server, Signature + chance.Next(10).ToString(CultureInfo.InvariantCulture)),
        (server, chance) => Signed(server, FlipHex(chance)),
        (server, _) => Signed(server, "sha256=" + Signature[7..].ToUpperInvariant()),
        (server, _) => Signed(server, "SHA256=" + Signature[7..]),
        (server, _) => Signed(server, Signature[7..]),
        (server, _) => Signed(server, "sha256= " + Signature[7..]),
        (server, _) => Signed(server, "sha256=\"" + Signature[7..] + "\""),
        (server, _) => Signed(server, OldSignature),
        (server, _) => Signed(server, "sha512=" + Signature[7..]),
        (server, _) => Signed(server, ""),
        (server, _) => Signed(server),
        (server, _) => Signed(server, Signature, Signature),
        (server, _) => Signed(server, Signature, "sha256=" + new string('0', 64)),
        (server, _) => Signed(server, Signature + ", " + Signature),
        (server, _) => Signed(server, "sha256=" + new string('0', 64)),
        (server, _) => Signed(server, "sha256=" + Convert.ToHexStringLower(SHA256.HashData(Bytes))),
        (server, chance) => server.Request(Body, secret: $"guess {chance.Next()}"),
        (server, _) => server.Request(Body, secret: ""),
        (server, _) => server.Request(Body, secret: WebhookServer.Secret + "\n"),
        (server, _) => server.Request(Body, secret: WebhookServer.Secret.ToLowerInvariant()),
        (server, _) => Sha1Alone(server),
        (server, chance) => Chunked(Changed(server, Flip(chance))),
        (server, _) => Unnamed(Signed(server)),
        (server, chance) => Renamed(Changed(server, Flip(chance)), "star"),
    ];

    /// <summary>The methods behind the instructions <c>call</c> and <c>callvirt</c>.</summary>
    private static IEnumerable<MethodBase> CalledBy(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (int i = 0; i + 4 < code.Length; i++)
        {
            int token = BitConverter.ToInt32(code, i + 1);
            if (code[i] is 0x28 or 0x6F && token >>> 24 is 0x06 or 0x0A or 0x2B && (token & 0xFFFFFF) is > 0 and < 0xFFFF)
            {
                yield return method.Module.ResolveMethod(token)!;
            }
        }
    }

    private static byte[] Bytes => Encoding.UTF8.GetBytes(Body);

    private static string Signature => GitHubSignature.Of(Bytes, Encoding.UTF8.GetBytes(WebhookServer.Secret));

#pragma warning disable CA5350 // What older senders sign with, and what must not count.
    private static string OldSignature => "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(WebhookServer.Secret), Bytes));
#pragma warning restore CA5350

    private static HttpRequestMessage Signed(WebhookServer server, params string[] signatures)
    {
        HttpRequestMessage request = server.Request(Body);
        request.Headers.Remove(GitHubSignature.Header);
        foreach (string signature in signatures)
        {
            request.Headers.TryAddWithoutValidation(GitHubSignature.Header, signature);
        }

        return request;
    }

    private static HttpRequestMessage Changed(WebhookServer server, byte[] body, string type = "application/json")
    {
        HttpRequestMessage request = Signed(server, Signature);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return request;
    }

    private static HttpRequestMessage Sha1Alone(WebhookServer server)
    {
        HttpRequestMessage request = Signed(server);
        request.Headers.Add("X-Hub-Signature", OldSignature);
        return request;
    }

    private static HttpRequestMessage Chunked(HttpRequestMessage request)
    {
        request.Headers.TransferEncodingChunked = true;
        return request;
    }

    private static HttpRequestMessage Unnamed(HttpRequestMessage request)
    {
        request.Headers.Remove("X-GitHub-Event");
        request.Headers.Remove("X-GitHub-Delivery");
        return request;
    }

    private static HttpRequestMessage Renamed(HttpRequestMessage request, string name)
    {
        request.Headers.Remove("X-GitHub-Event");
        request.Headers.Add("X-GitHub-Event", name);
        return request;
    }

    private static byte[] Flip(Random chance)
    {
        byte[] changed = [.. Bytes];
        changed[chance.Next(changed.Length)] ^= (byte)(1 << chance.Next(8));
        return changed;
    }

    private static string FlipHex(Random chance)
    {
        char[] changed = Signature.ToCharArray();
        int at = chance.Next(7, changed.Length);
        changed[at] = changed[at] == 'a' ? 'b' : 'a';
        return new string(changed);
    }
}
