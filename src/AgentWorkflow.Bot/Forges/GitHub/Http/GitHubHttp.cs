using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.Http;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>Sends requests: within the limits, once each, with every failure as a <see cref="ForgeException"/>.</summary>
internal sealed class GitHubHttp(IHttpClientFactory clients, IOptions<GitHubOptions> options)
{
    /// <summary>The client for the API.</summary>
    public const string Api = "github";

    /// <summary>The client for archives, which may take their time.</summary>
    public const string Archives = "github-archives";

    /// <summary>Sends one request and reads the whole answer.</summary>
    public async Task<GitHubAnswer> SendAsync(GitHubAccess access, GitHubRequest request, CancellationToken cancellationToken)
    {
        using RequestGate.Turn turn = await access.Gate.EnterAsync(request.IsContent, cancellationToken);
        string bearer = await access.BearerAsync(cancellationToken);
        using HttpRequestMessage message = request.ToMessage(options.Value.RestAddress, options.Value.GraphQlAddress, bearer);
        using HttpClient client = clients.CreateClient(Api);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            DateTimeOffset? until = access.Gate.Learn(answer);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return answer.IsSuccessStatusCode || (until is null && request.Accepted.Contains(answer.StatusCode))
                ? new GitHubAnswer(answer.StatusCode, body, answer.Headers.Location, request) { NextCursor = LinkHeader.NextCursor(answer), Tag = answer.Headers.ETag?.ToString(), Date = answer.Headers.Date }
                : throw Refused(access, request, answer.StatusCode, body, until);
        }
        catch (Exception exception) when (BrokenConnection.Is(exception, cancellationToken))
        {
            throw Faults.Broken(request, exception);
        }
    }

    /// <summary>Opens an archive where the API said that it is; without our right, which is not for that host.</summary>
    public async Task<HttpResponseMessage> OpenAsync(GitHubAccess access, Uri address, string what, CancellationToken cancellationToken)
    {
        if (!IsOurs(address))
        {
            throw new ForgeException(ForgeFault.Denied, $"AW3031: GitHub sent us to the host '{address.Host}' to {what}, which is not a host of {options.Value.WebAddress.Host}.");
        }

        access.Gate.ThrowIfClosed();
        GitHubRequest request = GitHubRequest.Get("", what);
        using HttpClient client = clients.CreateClient(Archives);
        try
        {
            HttpResponseMessage answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                throw Refused(access, request, answer.StatusCode, [], access.Gate.Learn(answer));
            }
        }
        catch (Exception exception) when (BrokenConnection.Is(exception, cancellationToken))
        {
            throw Faults.Broken(request, exception);
        }
    }

    private static ForgeException Refused(GitHubAccess access, GitHubRequest request, HttpStatusCode status, byte[] body, DateTimeOffset? until)
    {
        ForgeException refused = Faults.Refused(request, access, status, body, until);
        if (status is HttpStatusCode.Unauthorized)
        {
            access.Forget();
        }

        return refused;
    }

    private bool IsOurs(Uri address)
    {
        string web = options.Value.WebAddress.Host;
        return address.Scheme == options.Value.RestAddress.Scheme
            && (address.Host == web || address.Host == options.Value.RestAddress.Host || address.Host.EndsWith("." + web, StringComparison.OrdinalIgnoreCase));
    }
}
