using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Bot.Forges.GitHub.Setup;
using AgentWorkflow.Bot.Forges.GitHub.Writing;

using Microsoft.Extensions.Http.Resilience;

using Polly;

namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>Registers the forge.</summary>
internal static class GitHubServices
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_archive = TimeSpan.FromMinutes(10);

    /// <summary>Adds the settings of the App and of whom the bot serves.</summary>
    public static IServiceCollection AddGitHub(this IServiceCollection services)
    {
        services.AddOptions<ForgesOptions>().BindConfiguration(ForgesOptions.Section);
        services.AddOptions<GitHubOptions>().BindConfiguration(GitHubOptions.Section);
        return services;
    }

    /// <summary>Adds the forge where an App and its key are set. It needs the storage room with a content store.</summary>
    public static IServiceCollection AddGitHubForge(this IServiceCollection services, IConfiguration configuration)
    {
        IConfigurationSection settings = configuration.GetSection(GitHubOptions.Section);
        if (string.IsNullOrWhiteSpace(settings[nameof(GitHubOptions.AppId)]) || string.IsNullOrWhiteSpace(settings[nameof(GitHubOptions.PrivateKeyPath)]))
        {
            return services;
        }

        AddClients(services);
        return services
            .AddSingleton(WritePace.Usual)
            .AddSingleton<AppKey>()
            .AddSingleton<InstallationGates>()
            .AddSingleton<GitHubHttp>()
            .AddSingleton<GitHubGraphQl>()
            .AddSingleton<Installations>()
            .AddSingleton<AppIdentity>()
            .AddSingleton<TarballReader>()
            .AddSingleton<ShallowFetch>()
            .AddSingleton<TreeReader>()
            .AddSingleton<FreshBranches>()
            .AddSingleton<CommitMaker>()
            .AddSingleton<GitEffects>()
            .AddSingleton<PullRequestEffects>()
            .AddSingleton<CommentEffects>()
            .AddSingleton<CheckEffects>()
            .AddSingleton<GitHubForgeReader>()
            .AddSingleton<GitHubForgeWriter>()
            .AddSingleton<IDeliveryArchive, GitHubDeliveries>()
            .AddSingleton<IForgeDoctor, GitHubDoctor>()
            .AddSingleton<IForge, GitHubForge>();
    }

    // No loggers: the requests' headers carry tokens and the addresses of archives a right of their own.
    private static void AddClients(IServiceCollection services)
    {
        services.AddHttpClient(GitHubHttp.Api, static client => Introduce(client, Timeout.InfiniteTimeSpan))
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .RemoveAllLoggers()
            .AddResilienceHandler("github", static pipeline => pipeline
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
        services.AddHttpClient(GitHubHttp.Archives, static client => Introduce(client, s_archive)).ConfigurePrimaryHttpMessageHandler(Handler).RemoveAllLoggers();
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
