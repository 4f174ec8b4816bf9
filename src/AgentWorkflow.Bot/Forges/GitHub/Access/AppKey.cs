using System.Globalization;
using System.Security.Cryptography;

using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>An App's private key: signs the short tokens by which the App proves who it is. The key never leaves this class.</summary>
internal sealed class AppKey(AppCredentials app, TimeProvider time) : IDisposable
{
    // GitHub takes ten minutes at most and refuses what is signed in its future, so both ends are drawn in.
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(9);

    private readonly Lazy<RSA> _key = new(() => Read(app.Section, app.PrivateKeyPath));

    /// <summary>A token for the App itself.</summary>
    /// <exception cref="ForgeException">The key's file is missing, is no key, or others may read it.</exception>
    public string Sign()
    {
        DateTimeOffset now = time.GetUtcNow();
        SecurityTokenDescriptor descriptor = new()
        {
            Issuer = app.AppId?.ToString(CultureInfo.InvariantCulture),
            IssuedAt = (now - s_skew).UtcDateTime,
            Expires = (now + s_life).UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_key.Value), SecurityAlgorithms.RsaSha256)
            {
                CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            },
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }

    private static RSA Read(string section, string? path)
    {
        if (string.IsNullOrWhiteSpace(path) || !File.Exists(path))
        {
            throw new ForgeException(ForgeFault.Denied, $"AW3001: {section}__PrivateKeyPath names '{path}', which is not there; it must be the PEM file that GitHub gave for the App.");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new ForgeException(ForgeFault.Denied, $"AW3002: '{path}' can be read by others; run: chmod 600 '{path}'.");
        }

        RSA key = RSA.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or IOException or UnauthorizedAccessException)
        {
            // Without the inner exception: nothing of the file may get into a log.
            key.Dispose();
            throw new ForgeException(ForgeFault.Denied, $"AW3003: '{path}' holds no private RSA key in PEM form; {section}__PrivateKeyPath must name the App's key.");
        }
    }
}
