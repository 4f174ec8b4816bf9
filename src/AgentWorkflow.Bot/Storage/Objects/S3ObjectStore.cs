using System.Net;

using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>
/// Objects in a bucket. A large one is sent in parts as it is written, and is there when the last part is: what is cut off
/// is given up. Each part carries a checksum, and the server's own of what it got must be the same.
/// </summary>
internal sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly S3Options _options;
    private readonly TimeProvider _time;

    /// <summary>Opens the store; nothing is sent yet.</summary>
    public S3ObjectStore(S3Options options, TimeProvider time)
    {
        _options = options;
        _time = time;
        AmazonS3Config config = new()
        {
            ServiceURL = options.Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = options.Region,

            // Servers that are not Amazon's know the checksums that S3 always had, and no others.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        _client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    /// <inheritdoc/>
    public async Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await using S3PartStream parts = new(new S3Upload(_client, _options, ObjectNames.Check(name)));
        await write(parts, cancellationToken);
        await parts.FinishAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken) => AskAsync(
        name,
        async () =>
        {
            try
            {
                GetObjectMetadataResponse found = await _client.GetObjectMetadataAsync(_options.Bucket, ObjectNames.Check(name), cancellationToken);
                return new StoredObject(name, found.ContentLength, TimeOf(found.LastModified));
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound && e.ErrorCode is not "NoSuchBucket")
            {
                return (StoredObject?)null;
            }
        });

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string name, long offset, CancellationToken cancellationToken) => AskAsync(
        name,
        async () =>
        {
            GetObjectRequest request = new() { BucketName = _options.Bucket, Key = ObjectNames.Check(name) };
            if (offset > 0)
            {
                request.ByteRange = new ByteRange($"bytes={offset}-");
            }

            try
            {
                return (await _client.GetObjectAsync(request, cancellationToken)).ResponseStream;
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return Stream.Null; // From its end on an object has nothing.
            }
        });

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        AskAsync(name, () => _client.DeleteObjectAsync(_options.Bucket, ObjectNames.Check(name), cancellationToken));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ListObjectsV2Request request = new() { BucketName = _options.Bucket, Prefix = ObjectNames.Check(folder) + "/" };
        ListObjectsV2Response page;
        do
        {
            page = await AskAsync(folder, () => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (S3Object found in page.S3Objects ?? [])
            {
                yield return new StoredObject(found.Key, found.Size ?? 0, TimeOf(found.LastModified));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated is true);
    }

    /// <inheritdoc/>
    public string AddressOf(string name) => $"s3://{_options.Bucket}/{ObjectNames.Check(name)}";

    /// <inheritdoc/>
    public async Task<Uri?> LinkAsync(string name, TimeSpan lifetime) => new(await _client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
    {
        BucketName = _options.Bucket,
        Key = ObjectNames.Check(name),
        Verb = HttpVerb.GET,
        Expires = (_time.GetUtcNow() + lifetime).UtcDateTime,
        Protocol = _options.Endpoint.Scheme == Uri.UriSchemeHttps ? Protocol.HTTPS : Protocol.HTTP,
    }));

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private DateTimeOffset TimeOf(DateTime? modified) => modified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : _time.GetUtcNow();

    private Task<T> AskAsync<T>(string name, Func<Task<T>> ask) => S3Faults.AskAsync(_options, name, ask);
}
