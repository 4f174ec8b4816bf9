using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Cli;

/// <summary>
/// The forms that values of settings must have. A value is checked before anything is bound, so that a mistake is one sentence
/// with the setting's name. Values of secrets are not repeated.
/// </summary>
internal static partial class SettingsValues
{
    private const int MostPollSeconds = 86_400;

    /// <summary>Keys of the table with what their value must be; the check is false for a wrong value.</summary>
    public static IReadOnlyList<(string Key, string MustBe, Func<string, bool> IsFine)> Forms { get; } =
    [
        ("GitHub:AppId", "the App's numeric id", IsId),
        ("GitHub:PrivateKeyPath", "the path of the PEM file, not the key itself", IsPath),
        ("GitHub:Creator:AppId", "the second App's numeric id", IsId),
        ("GitHub:Creator:PrivateKeyPath", "the path of the second App's PEM file, not the key itself", IsPath),
        ("GitHub:WebhookSecret", "a secret without blanks at its ends", IsTrimmed),
        ("GitHub:PreviousWebhookSecret", "a secret without blanks at its ends", IsTrimmed),
        ("GitHub:Url", "an address like https://github.com, without a path", static v => IsSafeAddress(v) && new Uri(v).AbsolutePath == "/"),
        ("GitHub:ApiUrl", "an address like https://github.example.com/api/v3", IsSafeAddress),
        ("GitHub:WebUrl", "an address like https://github.example.com", IsSafeAddress),
        ("GitHub:PollSeconds", $"a whole number from 1 to {MostPollSeconds}", static v => Number(v) is >= 1 and <= MostPollSeconds),
        ("GitLab:Url", "an address like https://gitlab.com", IsSafeAddress),
        ("GitLab:Token", "a token without blanks at its ends", IsTrimmed),
        ("GitLab:WebhookSecret", "a secret without blanks at its ends", IsTrimmed),
        ("GitLab:PreviousWebhookSecret", "a secret without blanks at its ends", IsTrimmed),
        ("GitLab:SigningToken", "what GitLab shows: whsec_ and base64", static v => StandardSignature.KeyOf(v) is not null),
        ("GitLab:PreviousSigningToken", "what GitLab showed: whsec_ and base64", static v => StandardSignature.KeyOf(v) is not null),
        ("GitLab:PollSeconds", $"a whole number from 1 to {MostPollSeconds}", static v => Number(v) is >= 1 and <= MostPollSeconds),
        ("Forges:Owners:*", "an account, organization or group", static v => Owner().IsMatch(v)),
        ("Forges:Repositories:*", "a pattern like owner/name or owner/*", static v => RepositoryPattern().IsMatch(v)),
        ("Triggers:AllowedBots:*", "the numeric id of a bot", IsId),
        ("Commands:Prefix", "both, aw or another word of small letters", static v => Word().IsMatch(v)),
        .. RetentionOptions.Keys.Select(key => (key, $"a whole number of days from 1 to {RetentionOptions.Most}", (Func<string, bool>)(static v => Number(v) is >= 1 and <= RetentionOptions.Most))),
        ("Storage:S3:Endpoint", "an address like https://s3.example.com", IsAddress),
        ("Storage:S3:Bucket", "the name of a bucket", static v => Bucket().IsMatch(v)),
        ("Storage:S3:AccessKey", "a key without blanks", IsTrimmed),
        ("Storage:S3:SecretKey", "a key without blanks", IsTrimmed),
        ("Storage:S3:Region", "a region like eu-central-1", static v => Region().IsMatch(v)),
        ("Web:PublicUrl", "an address like https://bot.example.com", IsAddress),
        ("Web:TrustedProxies:*", "an IP address, or a network like 10.0.0.0/8", static v => IPAddress.TryParse(v, out _) || IPNetwork.TryParse(v, out _)),
    ];

    private static readonly string[] Unspoken =
    [
        "GitHub:PrivateKeyPath", "GitHub:Creator:PrivateKeyPath", "GitHub:WebhookSecret", "GitHub:PreviousWebhookSecret",
        "GitLab:Token", "GitLab:WebhookSecret", "GitLab:PreviousWebhookSecret", "GitLab:SigningToken", "GitLab:PreviousSigningToken",
        "Storage:S3:AccessKey", "Storage:S3:SecretKey",
    ];

    /// <summary>Refuses a value of a wrong form.</summary>
    /// <exception cref="SettingsException">The value is wrong; the message is one sentence.</exception>
    public static void Check(string key, string value)
    {
        (string known, string mustBe, Func<string, bool>? isFine) = Forms.FirstOrDefault(f => SettingsTable.Matches(f.Key, key));
        if (value.Length > 0 && isFine is not null && !isFine(value))
        {
            string shown = Unspoken.Contains(known) ? "" : $", not '{value}'";
            throw new SettingsException($"AW2508 the value of {SettingsTable.Spell(key)} must be {mustBe}{shown}");
        }
    }

    private static long? Number(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static bool IsId(string value) => Number(value) > 0;

    private static bool IsPath(string value) => !value.Contains("-----", StringComparison.Ordinal) && !value.Contains('\n', StringComparison.Ordinal);

    private static bool IsTrimmed(string value) => value.Trim() == value;

    private static bool IsAddress(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address is { UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 };

    // Tokens go there: in clear text only within this machine.
    private static bool IsSafeAddress(string value) => IsAddress(value) && new Uri(value) is { } address && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Owner();

    [GeneratedRegex(@"\A[A-Za-z0-9_.*-]+(?:/[A-Za-z0-9_.*-]+)+\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{2,254}\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Bucket();

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,63}\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Region();

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Word();
}
