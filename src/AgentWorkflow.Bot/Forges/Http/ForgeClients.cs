using System.Net;

using Microsoft.Extensions.Http.Resilience;

using Polly;

namespace AgentWorkflow.Bot.Forges.Http;

/// <summary>The clients of every forge. No loggers: the requests' headers carry tokens and the addresses of archives a right of their own.</summary>
internal static class ForgeClients
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_archive = TimeSpan.FromMinutes(10);

    /// <summary>A client for an API: a question that broke off is asked again twice, everything else is sent once.</summary>
    /// <param name="services">Where it is registered.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="around">Put around the whole of it, repeats included; null for nothing.</param>
    public static IServiceCollection AddForgeApi(this IServiceCollection services, string name, Func<IServiceProvider, DelegatingHandler>? around = null)
    {
        IHttpClientBuilder client = services.AddHttpClient(name, static client => Introduce(client, Timeout.InfiniteTimeSpan)).ConfigurePrimaryHttpMessageHandler(Handler).RemoveAllLoggers();
        if (around is not null)
        {
            client.AddHttpMessageHandler(around);
        }

        client.AddResilienceHandler(name, static pipeline => pipeline
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldRetryAfterHeader = false,
                ShouldHandle = static args => ValueTask.FromResult(MayRepeat(args.Outcome, args.Context)),
            })
            .AddTimeout(s_attempt));
        return services;
    }

    /// <summary>A client for archives, which may take their time.</summary>
    public static IServiceCollection AddForgeArchives(this IServiceCollection services, string name)
    {
        services.AddHttpClient(name, static client => Introduce(client, s_archive)).ConfigurePrimaryHttpMessageHandler(Handler).RemoveAllLoggers();
        return services;
    }

    private static void Introduce(HttpClient client, TimeSpan timeout)
    {
        client.Timeout = timeout;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("AgentWorkflow.Bot");
    }

    // Redirects are followed by hand: our right is for one host.
    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    // Only a question, and only where no limit is in the answer: what may be repeated else is the effect's rule.
    private static bool MayRepeat(Outcome<HttpResponseMessage> outcome, ResilienceContext context) =>
        context.GetRequestMessage()?.Method == HttpMethod.Get
        && (outcome.Exception is HttpRequestException
            || outcome.Result is { StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, Headers.RetryAfter: null });
}
