using System.Security.Cryptography;

using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Tests.Guards.Signing;

public sealed class InstanceKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aw-key-");

    private string KeyPath => Path.Combine(_folder.FullName, "signing-key.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Eight_At_Once_Make_One_Key_That_Only_We_Can_Read()
    {
        string[] ids = new string[8];
        using Barrier start = new(ids.Length);
        Thread[] threads = [.. Enumerable.Range(0, ids.Length).Select(i => new Thread(() =>
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            using InstanceKey key = Load();
            ids[i] = key.KeyId;
        }))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.Single(ids.Distinct());
        Assert.Equal([KeyPath], Directory.GetFiles(_folder.FullName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        }
    }

    [Fact]
    public void A_Key_That_Others_Can_Read_Is_Refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes of files are Unix's.");
            return;
        }

        Load().Dispose();
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Equal("AW2532", Assert.Throws<StorageException>(() => Load()).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void What_Is_No_Key_Is_Refused(string text)
    {
        Write(text);

        Assert.Equal("AW2533", Assert.Throws<StorageException>(() => Load()).Code);
    }

    [Fact]
    public void Only_A_Private_Key_On_P256_Will_Do()
    {
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using ECDsa p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using RSA rsa = RSA.Create(2048);
        string[] others = [p384.ExportPkcs8PrivateKeyPem(), p256.ExportSubjectPublicKeyInfoPem(), rsa.ExportPkcs8PrivateKeyPem()];
        Assert.All(others, pem =>
        {
            Write(pem);
            Assert.Equal("AW2533", Assert.Throws<StorageException>(() => Load()).Code);
        });
        Write(p256.ExportECPrivateKeyPem());

        using InstanceKey key = Load();

        Assert.Equal(p256.ExportSubjectPublicKeyInfo(), key.PublicKey);
    }

    [Fact]
    public void Replicas_Must_Be_Given_Their_Key()
    {
        StorageOptions storage = new() { DataDirectory = _folder.FullName, ConnectionString = "", Provider = DatabaseProvider.PostgreSql };

        Assert.Equal("AW2530", Assert.Throws<StorageException>(() => InstanceKey.Load(storage, null)).Code);
        Assert.Equal("AW2530", Assert.Throws<StorageException>(() => InstanceKey.Load(storage, "")).Code);
        Assert.Equal("AW2531", Assert.Throws<StorageException>(() => InstanceKey.Load(storage, KeyPath)).Code);
    }

    private InstanceKey Load() => InstanceKey.Load(new StorageOptions { DataDirectory = _folder.FullName, ConnectionString = "" }, null);

    private void Write(string text)
    {
        File.WriteAllText(KeyPath, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
