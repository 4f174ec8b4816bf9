using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

using Amazon.S3;
using Amazon.S3.Model;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>One upload: whole where it is small, else part by part. The object is there when the upload is complete, and not before.</summary>
internal sealed class S3Upload(AmazonS3Client client, S3Options options, string name)
{
    private readonly List<PartETag> _sent = [];
    private string? _upload;

    /// <summary>True once a part was sent.</summary>
    public bool IsMultipart => _upload is not null;

    /// <summary>Sends a small object at once.</summary>
    /// <exception cref="ObjectStoreException">The server refuses, does not answer, or has something else than was sent.</exception>
    public Task SendWholeAsync(ArraySegment<byte> content, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        PutObjectRequest request = new()
        {
            BucketName = options.Bucket,
            Key = name,
            InputStream = StreamOf(content),
            MD5Digest = Convert.ToBase64String(DigestOf(content)),
            UseChunkEncoding = false, // Some servers keep the marks between the chunks as content.
        };
        PutObjectResponse response = await client.PutObjectAsync(request, cancellationToken);
        if (!IsWhatWasSent(response.ETag, response.ServerSideEncryptionMethod, content))
        {
            // What stands there is not what was put, and must not be found.
            await client.DeleteObjectAsync(options.Bucket, name, CancellationToken.None);
            throw Damaged();
        }

        return response;
    });

    /// <summary>Sends the next part.</summary>
    /// <exception cref="ObjectStoreException">The server refuses, does not answer, or has something else than was sent.</exception>
    public Task SendPartAsync(ArraySegment<byte> part, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        _upload ??= (await client.InitiateMultipartUploadAsync(options.Bucket, name, cancellationToken)).UploadId;
        UploadPartRequest request = new()
        {
            BucketName = options.Bucket,
            Key = name,
            UploadId = _upload,
            PartNumber = _sent.Count + 1,
            PartSize = part.Count,
            InputStream = StreamOf(part),
            MD5Digest = Convert.ToBase64String(DigestOf(part)),
            UseChunkEncoding = false,
        };
        UploadPartResponse response = await client.UploadPartAsync(request, cancellationToken);
        if (!IsWhatWasSent(response.ETag, response.ServerSideEncryptionMethod, part))
        {
            throw Damaged();
        }

        _sent.Add(new PartETag(_sent.Count + 1, response.ETag));
        return response;
    });

    /// <summary>Makes the parts an object.</summary>
    /// <exception cref="ObjectStoreException">The server refuses or does not answer.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken) => AskAsync(() => client.CompleteMultipartUploadAsync(
        new CompleteMultipartUploadRequest { BucketName = options.Bucket, Key = name, UploadId = _upload, PartETags = _sent }, cancellationToken));

    /// <summary>Gives the parts up: the server would keep them, and charge for them, and they would never become an object.</summary>
    public async Task AbandonAsync()
    {
        if (_upload is not null)
        {
            try
            {
                await AskAsync(() => client.AbortMultipartUploadAsync(options.Bucket, name, _upload, CancellationToken.None));
            }
            catch (IOException)
            {
                // What ended the upload is thrown already, and is the better reason. A bucket's own rules remove what is left.
            }
        }
    }

    private Task<T> AskAsync<T>(Func<Task<T>> ask) => S3Faults.AskAsync(options, name, ask);

    private ObjectStoreException Damaged() => new("AW2580", $"{options} got something else than was sent for '{name}'; try again, and look at what stands between the bot and the server");

    // The server's digest of a part is its ETag, but where it encrypts with keys of others.
    private static bool IsWhatWasSent(string? tag, ServerSideEncryptionMethod? encryption, ArraySegment<byte> sent) =>
        (encryption is not null && encryption != ServerSideEncryptionMethod.None && encryption != ServerSideEncryptionMethod.AES256)
        || tag?.Trim('"') is not { Length: 2 * MD5.HashSizeInBytes } digest || digest.Equals(Convert.ToHexStringLower(DigestOf(sent)), StringComparison.OrdinalIgnoreCase);

    // The client closes what it is given.
    private static MemoryStream StreamOf(ArraySegment<byte> content) => new(content.Array ?? [], content.Offset, content.Count, writable: false);

    [SuppressMessage("Security", "CA5351", Justification = "The checksum of S3 against damage on the way; what must be trusted is told by SHA-256.")]
    private static byte[] DigestOf(ArraySegment<byte> content) => MD5.HashData(content);
}
