using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Steps.PullRequest.Records;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Steps.PullRequest;

public sealed class RecordTests : IDisposable
{
    private readonly PullScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void The_Statement_Names_Commit_And_Tree()
    {
        JsonObject statement = Statement(_scene.Passed());

        Assert.Equal("https://in-toto.io/Statement/v1", statement["_type"]!.ToString());
        Assert.Equal(new string('c', 40), statement["subject"]![0]!["digest"]!["gitCommit"]!.ToString());
        Assert.Equal(new string('7', 40), statement["subject"]![0]!["digest"]!["gitTree"]!.ToString());
        Assert.Equal("bubblewrap", statement["predicate"]!["observed"]!["sandbox"]!.ToString());
        Assert.Equal(0, statement["predicate"]!["observed"]!["commands"]![0]!["exitCode"]!.GetValue<int>());
        Assert.Equal(2, statement["predicate"]!["claimed"]!["tests"]!["passed"]!.GetValue<int>());
    }

    // The example of the protocol's text: type and payload, each with its length in bytes.
    [Fact]
    public void What_Is_Signed_Is_The_Pre_Authentication_Encoding() => Assert.Equal(
        "DSSEv1 28 application/vnd.in-toto+json 5 {\"\u00E9\"",
        Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding(Encoding.UTF8.GetBytes("{\"\u00E9\""))));

    [Fact]
    public void The_Key_Is_Named_By_Its_Digest_And_In_The_Envelope()
    {
        JsonNode envelope = JsonNode.Parse(DsseEnvelope.Sign(Statement(_scene.Passed()), _scene.Key))!;
        byte[] key = Convert.FromBase64String(envelope["publicKey"]!.ToString());

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key)), envelope["signatures"]![0]!["keyid"]!.ToString());
        Assert.Equal("application/vnd.in-toto+json", envelope["payloadType"]!.ToString());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\u00E9")]
    [InlineData("\uD83D\uDE00")]
    [InlineData("\"\\")]
    public void A_Record_Has_Eight_Kilobytes_At_Most(string unit)
    {
        JsonObject huge = _scene.Passed();
        string text = string.Concat(Enumerable.Repeat(unit, 500));
        huge["reason"] = text;
        huge["commands"] = new JsonArray([.. Enumerable.Range(0, 100).Select(_ => new JsonObject
        {
            ["phase"] = "run",
            ["run"] = new JsonArray([.. Enumerable.Repeat(text, 50).Select(t => (JsonNode)t)]),
            ["exitCode"] = 0,
            ["seconds"] = 1.25,
        })]);
        huge["toolchain"] = new JsonObject(Enumerable.Range(0, 50).Select(i => KeyValuePair.Create<string, JsonNode?>($"{i}{text}", text)));
        for (int i = 0; i < 30; i++)
        {
            _scene.Workspace.With($"{new string('x', 180)}{i}/go.sum", "x");
        }

        string envelope = DsseEnvelope.Sign(Statement(huge), _scene.Key);

        Assert.InRange(Encoding.UTF8.GetByteCount(envelope), 500, 8_192);
        Assert.True(DsseEnvelope.TryOpen(envelope, null, out JsonObject? statement, out _));
        Assert.Contains("omitted", statement["predicate"]!["observed"]!["commands"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_Flipped_Byte_Goes_Unnoticed()
    {
        string text = DsseEnvelope.Sign(Statement(_scene.Passed()), _scene.Key);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(DsseEnvelope.TryOpen(text, null, out JsonObject? original, out _));
        for (int i = 0; i < bytes.Length; i++)
        {
            byte before = bytes[i];
            bytes[i] ^= 1;
            if (DsseEnvelope.TryOpen(Encoding.UTF8.GetString(bytes), null, out JsonObject? read, out _))
            {
                // Base64 has bits that mean nothing; what was signed is the same to the byte.
                Assert.True(JsonNode.DeepEquals(original, read), $"byte {i} was changed and the record still holds");
            }

            bytes[i] = before;
        }
    }

    [Fact]
    public void Another_Key_Another_Type_And_Doubled_Names_Do_Not_Hold()
    {
        using PullScene other = new();
        string text = DsseEnvelope.Sign(Statement(_scene.Passed()), _scene.Key);

        Assert.True(DsseEnvelope.TryOpen(text, _scene.Key.PublicKey, out _, out _));
        Assert.False(DsseEnvelope.TryOpen(text, other.Key.PublicKey, out _, out string? refusal));
        Assert.Equal("it was signed by another key", refusal);
        Assert.False(DsseEnvelope.TryOpen(text.Replace("in-toto", "in-tota", StringComparison.Ordinal), null, out _, out refusal));
        Assert.StartsWith("its payload type is not", refusal, StringComparison.Ordinal);
        Assert.False(DsseEnvelope.TryOpen("{\"payload\":\"e30=\"," + text[1..], null, out _, out _));
        string[] broken = ["", "null", "[]", "{}", "1", "{\"payload\":1}", "{\"signatures\":[]}", text[..^20]];
        Assert.All(broken, b => Assert.False(DsseEnvelope.TryOpen(b, null, out _, out _)));
    }

    [Fact]
    public async Task Another_Program_Finds_The_Signature_Right()
    {
        string openssl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(p => Path.Combine(p, "openssl")).FirstOrDefault(File.Exists) ?? "";
        if (openssl.Length == 0)
        {
            Assert.Skip("openssl is not here.");
        }

        JsonNode envelope = JsonNode.Parse(DsseEnvelope.Sign(Statement(_scene.Passed()), _scene.Key))!;
        string key = Path.Combine(_scene.Folder, "key.der"), signature = Path.Combine(_scene.Folder, "sig"), signed = Path.Combine(_scene.Folder, "signed");
        await File.WriteAllBytesAsync(key, Convert.FromBase64String(envelope["publicKey"]!.ToString()), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(signature, Convert.FromBase64String(envelope["signatures"]![0]!["sig"]!.ToString()), TestContext.Current.CancellationToken);
        byte[] payload = Convert.FromBase64String(envelope["payload"]!.ToString());
        await File.WriteAllBytesAsync(signed, [.. Encoding.ASCII.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload], TestContext.Current.CancellationToken);

        using Process process = Process.Start(new ProcessStartInfo(openssl, ["dgst", "-sha256", "-verify", key, "-keyform", "DER", "-signature", signature, signed]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Verified OK", said.Trim());
    }

    private JsonObject Statement(JsonObject verification)
    {
        RunFacts run = _scene.Context().Run;
        return VerificationRecord.Compose(run, new string('c', 40), new string('7', 40), _scene.Workspace.Tree, verification);
    }
}
