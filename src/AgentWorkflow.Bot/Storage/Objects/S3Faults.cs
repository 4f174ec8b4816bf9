using System.Net;

using Amazon.Runtime;
using Amazon.S3;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>Puts what an S3 server or the way to it does wrong into one sentence with a code. The server's own words hold no key.</summary>
internal static class S3Faults
{
    private static readonly string[] Denials = ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AllAccessDisabled", "AccountProblem"];

    /// <summary>Asks the server.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="ObjectStoreException">Anything else that went wrong.</exception>
    public static async Task<T> AskAsync<T>(S3Options options, string name, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchKey")
        {
            throw ObjectNames.Missing(name, e);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "NoSuchBucket")
        {
            throw new ObjectStoreException("AW2576", $"the bucket of {options} is not there; make it, or correct Storage__S3__Bucket", e);
        }
        catch (AmazonS3Exception e) when (Denials.Contains(e.ErrorCode))
        {
            throw new ObjectStoreException("AW2577", $"{options} does not let the bot at '{name}' ({e.ErrorCode}); correct Storage__S3__AccessKey and Storage__S3__SecretKey, or give that key the right to read, write, delete and list there", e);
        }
        catch (AmazonS3Exception e) when (e.StatusCode >= HttpStatusCode.MultipleChoices)
        {
            throw new ObjectStoreException("AW2578", $"{options} refused '{name}' ({(int)e.StatusCode} {e.ErrorCode}: {e.Message.TrimEnd('.')}); look at the server's log", e);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or HttpIOException || e.InnerException is TimeoutException)
        {
            throw new ObjectStoreException("AW2579", $"{options} does not answer ({Innermost(e).TrimEnd('.')}); check Storage__S3__Endpoint and that the server runs", e);
        }
    }

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
