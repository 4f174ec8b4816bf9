using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards.Signing;

namespace AgentWorkflow.Bot.Steps.PullRequest.Records;

/// <summary>
/// A signed statement: DSSE (https://github.com/secure-systems-lab/dsse, protocol 1.0) with an ECDSA P-256 signature over
/// SHA-256 in DER form. The public key is in the envelope, its SHA-256 is the key id.
/// </summary>
internal static class DsseEnvelope
{
    /// <summary>The payload type of in-toto statements.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Signs a statement.</summary>
    public static string Sign(JsonObject statement, InstanceKey key)
    {
        byte[] payload = Encoding.UTF8.GetBytes(statement.ToJsonString());
        return new JsonObject
        {
            ["payloadType"] = PayloadType,
            ["payload"] = Convert.ToBase64String(payload),
            ["signatures"] = new JsonArray(new JsonObject
            {
                ["keyid"] = key.KeyId,
                ["sig"] = Convert.ToBase64String(key.Sign(PreAuthenticationEncoding(payload))),
            }),
            ["publicKey"] = Convert.ToBase64String(key.PublicKey),
        }.ToJsonString();
    }

    /// <summary>Checks an envelope against a key, or against the one it carries.</summary>
    /// <param name="text">The envelope.</param>
    /// <param name="trustedKey">DER of the key that must have signed; null to take the envelope's own.</param>
    /// <param name="statement">What was signed.</param>
    /// <param name="refusal">Why it does not hold, one sentence.</param>
    public static bool TryOpen(string text, byte[]? trustedKey, [NotNullWhen(true)] out JsonObject? statement, [NotNullWhen(false)] out string? refusal)
    {
        statement = null;
        try
        {
            JsonNode envelope = JsonNode.Parse(text, documentOptions: Strict) ?? throw new JsonException("The file is empty.");
            byte[] payload = Convert.FromBase64String(Text(envelope["payload"]));
            byte[] own = Convert.FromBase64String(Text(envelope["publicKey"]));
            byte[] publicKey = trustedKey ?? own;
            JsonNode? signature = envelope["signatures"]?[0];
            refusal = Text(envelope["payloadType"]) != PayloadType ? $"its payload type is not {PayloadType}"
                : Text(signature?["keyid"]) != Convert.ToHexStringLower(SHA256.HashData(publicKey)) ? "it was signed by another key"
                : !Verifies(publicKey, payload, Convert.FromBase64String(Text(signature?["sig"]))) ? "its signature does not fit its content"
                : null;
            statement = refusal is null ? JsonNode.Parse(payload, documentOptions: Strict)?.AsObject() : null;
            refusal ??= statement is null ? "it holds no statement" : null;
            return refusal is null;
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            refusal = "it is no signed verification record";
            return false;
        }
    }

    private static bool Verifies(byte[] publicKey, byte[] payload, byte[] signature)
    {
        using ECDsa key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == InstanceKey.Curve && key.VerifyData(PreAuthenticationEncoding(payload), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>What is signed: type and payload with their lengths in bytes, so that neither can be taken for the other.</summary>
    internal static byte[] PreAuthenticationEncoding(byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
