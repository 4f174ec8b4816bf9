using Polly.Timeout;

namespace AgentWorkflow.Bot.Forges.Http;

/// <summary>Which exceptions mean that no whole answer came.</summary>
internal static class BrokenConnection
{
    /// <summary>True for what a broken connection or a time-out throws.</summary>
    public static bool Is(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>True where the request did not leave this machine, so that nothing can have happened.</summary>
    public static bool CameBeforeSending(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
    };
}
