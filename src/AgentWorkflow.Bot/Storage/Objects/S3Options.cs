using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>The settings section <c>Storage:S3</c>: any server that speaks S3.</summary>
internal sealed partial record S3Options
{
    /// <summary>The region that servers take which have none.</summary>
    public const string DefaultRegion = "us-east-1";

    /// <summary>The server's address, as in <c>https://s3.eu-central-1.amazonaws.com</c>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The bucket; it must be there.</summary>
    public required string Bucket { get; init; }

    /// <summary>The key's id.</summary>
    public required string AccessKey { get; init; }

    /// <summary>The key.</summary>
    public required string SecretKey { get; init; }

    /// <summary>The region that requests are signed for: the one that is set, the one in an Amazon address, or the word that every other server takes.</summary>
    public required string Region { get; init; }

    /// <summary>Reads the settings; null where contents and archives are kept on disk.</summary>
    /// <exception cref="StorageException">A setting is missing or wrong.</exception>
    public static S3Options? Read(IConfiguration configuration)
    {
        if (!string.Equals(configuration["Storage:Provider"], "S3", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string Need(string key) => configuration[$"Storage:S3:{key}"] is { Length: > 0 } value
            ? value
            : throw new StorageException("AW2574", $"Storage__Provider is S3, but Storage__S3__{key} is not set; give it a value, or set Storage__Provider to Disk.");
        Uri endpoint = Uri.TryCreate(Need("Endpoint"), UriKind.Absolute, out Uri? given) && given.Scheme is "https" or "http"
            ? given
            : throw new StorageException("AW2575", "Storage__S3__Endpoint is no address; write it like https://s3.example.com.");
        return new S3Options
        {
            Endpoint = endpoint,
            Bucket = Need("Bucket"),
            AccessKey = Need("AccessKey"),
            SecretKey = Need("SecretKey"),
            Region = configuration["Storage:S3:Region"] is { Length: > 0 } region ? region
                : AmazonRegion().Match(endpoint.Host) is { Success: true } found ? found.Groups["region"].Value
                : DefaultRegion,
        };
    }

    /// <summary>Where it is, without the keys: a record would print them.</summary>
    public override string ToString() => $"s3://{Bucket} at {Endpoint.Authority}";

    [GeneratedRegex(@"(^|\.)s3[.-](?<region>[a-z]{2}(-[a-z]+)+-\d)\.amazonaws\.com", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AmazonRegion();
}
