using System.Buffers.Text;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>What anybody may read: the workflow language for editors, and the keys that records are signed with.</summary>
internal static class PublicRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapPublic(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/schemas/workflow.json", (StepRegistry steps) => TypedResults.Text(WorkflowSchema.Print(steps), "application/schema+json"))
            .AllowAnonymous().WithTags("Public").WithName("getWorkflowSchema").WithSummary("The JSON Schema of the workflow language.");
        routes.MapGet("/.well-known/agentworkflow-keys.json", (InstanceKey key) => TypedResults.Ok(KeySet.Of(key)))
            .AllowAnonymous().WithTags("Public").WithName("getKeys").WithSummary("The public keys of verification records, as a JWK set.");
    }
}

/// <summary>Public keys as RFC 7517 has them.</summary>
/// <param name="Keys">The keys.</param>
internal sealed record KeySet(IReadOnlyList<PublicJsonKey> Keys)
{
    /// <summary>The keys of this instance.</summary>
    public static KeySet Of(InstanceKey key)
    {
        using ECDsa publicKey = ECDsa.Create();
        publicKey.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        ECPoint point = publicKey.ExportParameters(includePrivateParameters: false).Q;
        return new KeySet([new PublicJsonKey("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), key.KeyId, "sig", "ES256")]);
    }
}

/// <summary>A key on the curve P-256.</summary>
/// <param name="Kty">EC.</param>
/// <param name="Crv">P-256.</param>
/// <param name="X">The point.</param>
/// <param name="Y">The point.</param>
/// <param name="Kid">The key id that stands in records.</param>
/// <param name="Use">sig.</param>
/// <param name="Alg">ES256; records have the signature in DER form.</param>
internal sealed record PublicJsonKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg);
