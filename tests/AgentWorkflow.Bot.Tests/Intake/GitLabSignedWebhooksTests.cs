using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Rig.Contract;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>Deliveries that are signed after Standard Webhooks (P9): what holds for all, the published vectors, the time, and no way back to the plain token.</summary>
public sealed class GitLabSignedWebhooksTests : WebhooksContract
{
    private const string Id = "msg_1";
    private const long At = 1_614_265_330;
    private static readonly byte[] s_key = Encoding.UTF8.GetBytes("a key of thirty-two bytes, or so");

    private protected override WebhookDialect Dialect => WebhookDialect.GitLabSigned;

    [Fact]
    public void The_Published_Vectors_Hold()
    {
        string file = Path.Combine(SharedData.Folder ?? "", "signatures", "vectors.json");
        Assert.SkipUnless(File.Exists(file), "The vectors (shared/data/signatures) are not beside this checkout.");
        JsonArray vectors = JsonNode.Parse(File.ReadAllText(file))!["standard_webhooks"]!.AsArray();
        Assert.NotEmpty(vectors);
        foreach (JsonNode? vector in vectors)
        {
            string Of(string member) => vector![member]!.ToString();
            byte[] key = StandardSignature.KeyOf(Of("secret"))!;
            byte[] body = Encoding.UTF8.GetBytes(Of("payload"));
            StandardSignature signature = Read(Of("webhook-id"), Of("webhook-timestamp"), Of("webhook-signature"))!;

            Assert.Equal(Of("webhook-signature"), StandardSignature.Of(Of("webhook-id"), long.Parse(Of("webhook-timestamp"), CultureInfo.InvariantCulture), body, key));
            Assert.True(signature.IsOf(body, [key]));
            Assert.True(signature.IsOf(body, [s_key, key]));
            Assert.False(signature.IsOf(body, [s_key]));
            Assert.False(signature.IsOf(body, []));
            Assert.False(signature.IsOf([.. body, (byte)' '], [key]));
        }
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(-299, true)]
    [InlineData(0, true)]
    [InlineData(299, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void It_Holds_For_Five_Minutes_Round_Its_Time(int seconds, bool isTimely) =>
        Assert.Equal(isTimely, Read(Id, $"{At}", Signed("{}"))!.IsTimely(DateTimeOffset.FromUnixTimeSeconds(At + seconds)));

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= {0}", true)]
    [InlineData("{0} v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", true)]
    [InlineData("v1a,AAAA v2,BBBB {0}", true)]
    [InlineData("v1,broken {0}", true)]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", false)]
    [InlineData("v1,", false)]
    [InlineData("", false)]
    [InlineData("v1a,{1}", false)]
    [InlineData("V1,{1}", false)]
    [InlineData("{1}", false)]
    [InlineData("v1={1}", false)]
    public void Of_Several_Signatures_One_Must_Be_Right(string header, bool isRight)
    {
        string signed = Signed("{}");

        StandardSignature? signature = Read(Id, $"{At}", string.Format(CultureInfo.InvariantCulture, header, signed, signed["v1,".Length..]));

        Assert.Equal(isRight, signature?.IsOf("{}"u8, [s_key]) is true);
    }

    [Theory]
    [InlineData("1614265330 ")]
    [InlineData("+1614265330")]
    [InlineData("01614265330")]
    [InlineData("1614265330.0")]
    [InlineData("1,614,265,330")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("253402300800")]
    [InlineData("２")]
    [InlineData("")]
    public void A_Time_Is_Written_In_One_Way(string time) => Assert.Null(Read(Id, time, Signed("{}")));

    [Theory]
    [InlineData("whsec_AAAA", true)]
    [InlineData("AAAA", false)]
    [InlineData("whsec_", false)]
    [InlineData("whsec_!!!!", false)]
    [InlineData(null, false)]
    public void A_Signing_Token_Has_One_Form(string? token, bool isOne) => Assert.Equal(isOne, StandardSignature.KeyOf(token) is not null);

    [Fact]
    public async Task Once_There_Is_A_Signing_Token_The_Plain_One_Proves_Nothing()
    {
        await using WebhookServer server = await StartAsync();
        server.Set("GitLab:WebhookSecret", WebhookServer.Secret);
        HttpRequestMessage plain = server.Request(Body);
        foreach (string header in (string[])[StandardSignature.IdHeader, StandardSignature.TimeHeader, StandardSignature.Header])
        {
            plain.Headers.Remove(header);
        }

        (HttpStatusCode status, string text) = await server.SendAsync(plain);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("\"AW2569\"", text, StringComparison.Ordinal);
        Assert.Equal(0, server.Rows());
        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));
    }

    [Fact]
    public async Task A_Signing_Token_That_Cannot_Be_Read_Opens_No_Door()
    {
        await using WebhookServer server = await StartAsync();
        server.Set("GitLab:WebhookSecret", WebhookServer.Secret);
        server.Set("GitLab:SigningToken", "no signing token");

        Assert.Equal(HttpStatusCode.Unauthorized, await server.PostAsync(Body));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.PostAsync(Body, secret: ""));
        Assert.Equal(0, server.Rows());
    }

    [Fact]
    public async Task Before_There_Is_One_A_Hook_That_Signs_Already_Is_Taken_By_Its_Plain_Token()
    {
        // So a hook can be given its signing token before the bot is told of it, and nothing is lost.
        await using WebhookServer server = await StartAsync();
        server.Set("GitLab:WebhookSecret", WebhookServer.Secret);
        server.Set("GitLab:SigningToken", null);

        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body));
    }

    [Fact]
    public async Task What_Is_Signed_Names_The_Delivery_Whatever_Else_Is_Said()
    {
        // Somebody who has kept a delivery cannot make another one of it by another key.
        await using WebhookServer server = await StartAsync();
        HttpRequestMessage again = server.Request(Body, id: "k-1");
        again.Headers.Remove(GitLabWebhooks.KeyHeader);
        again.Headers.Add(GitLabWebhooks.KeyHeader, "k-2");

        Assert.Equal(HttpStatusCode.Accepted, await server.PostAsync(Body, id: "k-1"));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(again)).Status);
        Assert.Equal(1, server.Rows());
    }

    private static string Signed(string body) => StandardSignature.Of(Id, At, Encoding.UTF8.GetBytes(body), s_key);

    private static StandardSignature? Read(string id, string time, string signature) => StandardSignature.Read(new HeaderDictionary
    {
        [StandardSignature.IdHeader] = id,
        [StandardSignature.TimeHeader] = time,
        [StandardSignature.Header] = signature,
    });
}
