using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>One request, in words that an error can use.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the API's address; empty for GraphQL.</param>
/// <param name="What">What it is to do: "create the branch 'x' of a/b".</param>
internal sealed record GitHubRequest(HttpMethod Method, string Path, string What)
{
    /// <summary>The body in JSON; null for none.</summary>
    public byte[]? Body { get; private init; }

    /// <summary>True where nothing changes, so that a repeat does no harm.</summary>
    public bool IsSafe { get; init; }

    /// <summary>True where it counts as a write that must be spaced.</summary>
    public bool IsContent { get; init; } = true;

    /// <summary>True for the GraphQL address.</summary>
    public bool IsGraphQl { get; init; }

    /// <summary>The tag of an answer that is known already: where it still holds, 304 comes back, which counts against no limit.</summary>
    public string? KnownTag { get; init; }

    /// <summary>Answers besides 2xx that the caller reads itself.</summary>
    public IReadOnlyList<HttpStatusCode> Accepted { get; init; } = [];

    /// <summary>The question again, for who keeps the answer.</summary>
    public GitHubRequest After(string? tag) => this with { KnownTag = tag, Accepted = [.. Accepted, HttpStatusCode.NotModified] };

    /// <summary>A question.</summary>
    public static GitHubRequest Get(string path, string what) => new(HttpMethod.Get, path, what) { IsSafe = true, IsContent = false };

    /// <summary>Makes something.</summary>
    public static GitHubRequest Post<T>(string path, T body, JsonTypeInfo<T> type, string what) => new(HttpMethod.Post, path, what) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>Changes something.</summary>
    public static GitHubRequest Patch<T>(string path, T body, JsonTypeInfo<T> type, string what) => new(HttpMethod.Patch, path, what) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>Puts something in the place of what is there.</summary>
    public static GitHubRequest Put<T>(string path, T body, JsonTypeInfo<T> type, string what) => new(HttpMethod.Put, path, what) { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>Takes something away.</summary>
    public static GitHubRequest Delete(string path, string what) => new(HttpMethod.Delete, path, what);

    /// <summary>A question or a change in GraphQL.</summary>
    public static GitHubRequest GraphQl<T>(T body, JsonTypeInfo<T> type, bool isChange, string what) => new(HttpMethod.Post, "", what)
    {
        Body = JsonSerializer.SerializeToUtf8Bytes(body, type),
        IsGraphQl = true,
        IsSafe = !isChange,
        IsContent = isChange,
    };

    /// <summary>The message to send.</summary>
    public HttpRequestMessage ToMessage(Uri rest, Uri graphQl, string bearer)
    {
        HttpRequestMessage message = new(Method, IsGraphQl ? graphQl : new Uri(rest, Path));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        message.Headers.Accept.ParseAdd("application/vnd.github+json");
        message.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        if (KnownTag is not null)
        {
            message.Headers.IfNoneMatch.ParseAdd(KnownTag);
        }

        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
        }

        return message;
    }
}

/// <summary>An answer that was taken.</summary>
internal sealed record GitHubAnswer(HttpStatusCode Status, byte[] Body, Uri? Location, GitHubRequest Request)
{
    /// <summary>The cursor of the next page; null on the last.</summary>
    public string? NextCursor { get; init; }

    /// <summary>By what the answer is known again; null where GitHub gives it none.</summary>
    public string? Tag { get; init; }

    /// <summary>GitHub's clock.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Reads the body.</summary>
    /// <exception cref="ForgeException">It is not what GitHub documents: nothing is concluded from it.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw Unreadable(null);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception);
        }
    }

    private ForgeException Unreadable(JsonException? exception) =>
        new(Request.IsSafe ? ForgeFault.Unavailable : ForgeFault.Ambiguous, $"AW3030: GitHub's answer cannot be read (to {Request.What}).", exception);
}
