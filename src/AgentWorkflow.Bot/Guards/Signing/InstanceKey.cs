using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Guards.Signing;

/// <summary>
/// The instance's own key: it signs verification records and makes markers and approval hashes that nobody else can make.
/// ECDSA on P-256 in a file that only the bot may read.
/// </summary>
internal sealed class InstanceKey : IDisposable
{
    /// <summary>The object id of P-256, the only curve.</summary>
    public const string Curve = "1.2.840.10045.3.1.7";

    private const string FileName = "signing-key.pem";

    private readonly Lazy<Material> _material;

    private InstanceKey(Func<ECDsa> read) => _material = new Lazy<Material>(() => Material.Of(read()));

    /// <summary>The public key, DER of SubjectPublicKeyInfo.</summary>
    public byte[] PublicKey => _material.Value.PublicKey;

    /// <summary>The SHA-256 of <see cref="PublicKey"/> in lower-case hexadecimal.</summary>
    public string KeyId => _material.Value.KeyId;

    /// <summary>The key, read or made when it is first used: commands that sign nothing leave no key behind.</summary>
    public static InstanceKey Deferred(StorageOptions storage, string? configuredPath) => new(() => Read(storage, configuredPath));

    /// <summary>Reads the key, or makes one in the data directory where no path is set.</summary>
    /// <exception cref="StorageException">The file is missing, no such key, or others may read it; or it is not set although several replicas share a database.</exception>
    public static InstanceKey Load(StorageOptions storage, string? configuredPath)
    {
        InstanceKey key = Deferred(storage, configuredPath);
        _ = key.KeyId;
        return key;
    }

    /// <summary>Signs with SHA-256; the signature is in DER form.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) => _material.Value.Key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>An authentication code over a text that only this instance can make: 20 characters of lower-case hexadecimal.</summary>
    public string Authenticate(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_material.Value.Secret, Encoding.UTF8.GetBytes(text)))[..20];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_material.IsValueCreated)
        {
            _material.Value.Key.Dispose();
        }
    }

    private static ECDsa Read(StorageOptions storage, string? configuredPath)
    {
        configuredPath = string.IsNullOrWhiteSpace(configuredPath) ? null : configuredPath;
        if (configuredPath is null && storage.Provider is DatabaseProvider.PostgreSql)
        {
            throw new StorageException("AW2530", "Signing__KeyPath is not set; with PostgreSQL every replica needs the same key: set it to a PEM file with an EC P-256 private key, mode 0600.");
        }

        string path = configuredPath ?? Path.Combine(storage.DataDirectory, FileName);
        if (configuredPath is null && !File.Exists(path))
        {
            Create(path);
        }

        if (!File.Exists(path))
        {
            throw new StorageException("AW2531", $"Signing__KeyPath names '{path}', which is not there; make one with: openssl ecparam -name prime256v1 -genkey -noout -out '{path}'.");
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new StorageException("AW2532", $"'{path}' can be read by others; run: chmod 600 '{path}'.");
        }

        try
        {
            ECDsa key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            return key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value == Curve
                ? key
                : throw new CryptographicException("The key is on another curve.");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or UnauthorizedAccessException or IOException)
        {
            throw new StorageException("AW2533", $"'{path}' is no PEM file with an EC P-256 private key.", e);
        }
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? ".");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream file = new(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its key is the instance's.
            File.Delete(unfinished);
        }
    }

    private sealed record Material(ECDsa Key, byte[] PublicKey, string KeyId, byte[] Secret)
    {
        public static Material Of(ECDsa key)
        {
            byte[] publicKey = key.ExportSubjectPublicKeyInfo();
            byte[] secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, key.ExportPkcs8PrivateKey(), 32, info: "agentworkflow marker"u8.ToArray());
            return new Material(key, publicKey, Convert.ToHexStringLower(SHA256.HashData(publicKey)), secret);
        }
    }
}
