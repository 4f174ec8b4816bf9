using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>
/// The token of the machine's own user: a file in the data directory that nobody else can read. A browser gets a cookie for it,
/// which says nothing of the token and ends by itself.
/// </summary>
internal sealed class LocalToken(StorageOptions storage, IRandomSource random, TimeProvider time)
{
    /// <summary>The name of its file in the data directory.</summary>
    public const string FileName = "local-token";

    private static readonly TimeSpan CookieLife = TimeSpan.FromHours(8);

    private readonly Lazy<string> _text = new(() => ReadOrMake(System.IO.Path.Combine(storage.DataDirectory, FileName), random));

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(storage.DataDirectory, FileName);

    /// <summary>The token; made when it is first asked for.</summary>
    /// <exception cref="StorageException">Others may read the file, or it holds no token.</exception>
    public string Text => _text.Value;

    /// <summary>True where it is this token; compared in fixed time.</summary>
    public bool Is(string token) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Text));

    /// <summary>A cookie's value, and when it ends.</summary>
    public (string Value, DateTimeOffset Until) NewCookie()
    {
        DateTimeOffset until = time.GetUtcNow() + CookieLife;
        string seconds = until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return ($"{seconds}.{Sign(seconds)}", until);
    }

    /// <summary>True where the cookie is ours and not over.</summary>
    public bool IsCookie(string value) =>
        value.Split('.') is [{ } seconds, { } signature]
        && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long until) && until > time.GetUtcNow().ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(seconds)));

    private string Sign(string seconds) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Text), Encoding.UTF8.GetBytes($"cookie {seconds}")));

    private static string ReadOrMake(string path, IRandomSource random)
    {
        if (!File.Exists(path))
        {
            Make(path, random);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
        {
            throw new StorageException("AW2600", $"'{path}' can be read by others; run: rm '{path}', and a new token is made at the next start.");
        }

        string text = File.ReadAllText(path).Trim();
        return TokenText.IsWellFormed(text) ? text : throw new StorageException("AW2601", $"'{path}' holds no token; run: rm '{path}', and a new one is made at the next start.");
    }

    private static void Make(string path, IRandomSource random)
    {
        string unfinished = $"{path}.{random.NextBase32(8)}.tmp";
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (FileStream file = new(unfinished, options))
        {
            file.Write(Encoding.ASCII.GetBytes($"{TokenText.New(random)}\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(unfinished, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first: its token is the directory's.
            File.Delete(unfinished);
        }
    }
}
