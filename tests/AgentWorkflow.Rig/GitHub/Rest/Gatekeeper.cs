using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Says who asks, and whether they may.</summary>
internal sealed class Gatekeeper(GitHubWorld world, Func<ForgeApp, RSA> keyOf)
{
    /// <summary>Who asks, by the Authorization header.</summary>
    public (Caller Caller, Answer? Refusal) Identify(string authorization)
    {
        string[] parts = authorization.Split(' ', 2);
        if (parts.Length < 2)
        {
            return (Caller.Anonymous, null);
        }

        string secret = parts[1].Trim();
        if (parts[0].Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            secret = Encoding.UTF8.GetString(Convert.FromBase64String(secret)).Split(':', 2)[^1];
        }

        if (secret.Split('.').Length == 3)
        {
            return WhyNot(secret, out ForgeApp? app) is { } wrong ? (Caller.Anonymous, Refusal.Error(401, wrong)) : (new Caller(app, null), null);
        }

        if (!world.Tokens.TryGetValue(secret, out AccessToken? token) || token.Revoked || token.Installation.Deleted || token.ExpiresAt <= world.Time.GetUtcNow())
        {
            return (Caller.Anonymous, Refusal.Error(401, "Bad credentials"));
        }

        Caller caller = new(token.Installation.App, token);
        return token.Installation.SuspendedAt is null ? (caller, null) : (caller, Refusal.Error(403, "This installation has been suspended"));
    }

    /// <summary>Why a caller may not do what needs a permission; null where it may.</summary>
    public static Answer? Refuse(Caller caller, string needs, ForgeRepository? repository, bool writes)
    {
        switch (needs)
        {
            case "anyone":
                return null;
            case "app":
                return caller.IsApp ? null : Refusal.Error(401, "A JSON web token could not be decoded");
            case "installation":
                return caller.Token is null ? Refusal.Error(caller.IsApp ? 403 : 401, "Requires authentication") : null;
        }

        if (caller.IsApp)
        {
            return Refusal.Error(401, "Requires authentication");
        }

        bool covered = repository is not null && caller.Token?.Covers(repository) == true;
        if (repository is { Private: true } && !covered)
        {
            return Refusal.NotFound;
        }

        if (caller.Token is null)
        {
            return writes ? Refusal.Error(401, "Requires authentication") : null;
        }

        if (covered ? !caller.Has(needs) && (writes || repository!.Private) : writes)
        {
            return Refusal.Error(403, "Resource not accessible by integration") with { Headers = new(StringComparer.OrdinalIgnoreCase) { ["X-Accepted-GitHub-Permissions"] = needs.Replace(':', '=').Replace("|", "; ", StringComparison.Ordinal) } };
        }

        return writes && repository!.Archived ? Refusal.Error(403, "Repository was archived so is read-only.") : null;
    }

    private static byte[] Bytes(string part) => Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '='));

    private string? WhyNot(string jwt, out ForgeApp? app)
    {
        app = null;
        try
        {
            string[] parts = jwt.Split('.');
            JsonNode? header = JsonNode.Parse(Bytes(parts[0]));
            JsonNode? claims = JsonNode.Parse(Bytes(parts[1]));
            string? issuer = claims?["iss"]?.ToString();
            app = new[] { world.App, world.Creator }.FirstOrDefault(a => a.Id.ToString(CultureInfo.InvariantCulture) == issuer);
            if (header?["alg"]?.ToString() != "RS256" || !keyOf(app ?? world.App).VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            {
                return "A JSON web token could not be decoded";
            }

            long now = world.Time.GetUtcNow().ToUnixTimeSeconds();
            long expires = claims?["exp"]?.GetValue<long>() ?? 0;
            long issued = claims?["iat"]?.GetValue<long>() ?? long.MaxValue;
            return app is null ? "Issuer claim ('iss') must be the app's id"
                : expires <= now ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
                : expires > now + 600 ? "'Expiration time' claim ('exp') is too far in the future"
                : issued > now ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued" : null;
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or InvalidOperationException)
        {
            return "A JSON web token could not be decoded";
        }
    }
}
