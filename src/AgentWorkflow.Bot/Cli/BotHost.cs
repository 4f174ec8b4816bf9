using System.CommandLine;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web;
using AgentWorkflow.Bot.Web.Api;
using AgentWorkflow.Engine.Steps;

using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Cli;

/// <summary>Builds the program's parts for a command: settings, rooms, and for <c>serve</c> the web server.</summary>
internal sealed class BotHost(
    Func<IServiceCollection, IConfiguration, IServiceCollection> addRooms, Func<IEndpointRouteBuilder, IEndpointRouteBuilder> mapRooms)
{
    private const long MostRequestBytes = 1 << 20;
    private const int MostConnections = 1000;
    private static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(25);

    /// <summary>Shows tool output, log lines and stack traces.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show tool output and details of errors.", Recursive = true };

    /// <summary>The rooms without a web server, for a command that ends by itself.</summary>
    /// <param name="verbose">True to log to standard error.</param>
    /// <param name="overrides">Settings that the command line gives.</param>
    /// <param name="addMore">What the command itself needs.</param>
    /// <exception cref="SettingsException">A setting is unknown.</exception>
    /// <exception cref="OptionsValidationException">A setting has a wrong value.</exception>
    public ServiceProvider BuildServices(
        bool verbose, IReadOnlyDictionary<string, string?>? overrides = null, Func<IServiceCollection, IConfiguration, IServiceCollection>? addMore = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddBotSettings().AddInMemoryCollection(overrides).Build();
        SettingsTable.Check(configuration);
        ServiceCollection services = new();
        services.AddSingleton(configuration).AddLogging(logging =>
        {
            logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.None);
            logging.AddSimpleConsole(console => console.SingleLine = true);
            logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
        addMore?.Invoke(services, configuration);
        ServiceProvider provider = addRooms(services, configuration).BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });

        // A host does this when it starts; here is no host.
        provider.GetService<IStartupValidator>()?.Validate();
        return provider;
    }

    /// <summary>The registered step types, for commands that need nothing else.</summary>
    public StepRegistry StepTypes()
    {
        // Step types describe themselves without the services behind them, so these may end first.
        using ServiceProvider services = BuildServices(verbose: false);
        return services.GetRequiredService<StepRegistry>();
    }

    /// <summary>The rooms behind a web server.</summary>
    /// <param name="urls">The addresses; null for the default.</param>
    /// <param name="verbose">True to log what the libraries say too.</param>
    /// <param name="addWorkers">What works in the background.</param>
    /// <exception cref="SettingsException">A setting is unknown, or an address may not be listened on.</exception>
    public WebApplication BuildServer(string? urls, bool verbose, Func<IServiceCollection, StorageOptions, IServiceCollection> addWorkers)
    {
        // The content root is the program's folder: watching the working directory costs start-up and memory.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddBotSettings();
        SettingsTable.Check(builder.Configuration);
        builder.WebHost.UseUrls(ListenAddresses.Of(urls, builder.Configuration));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostRequestBytes;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = HeadersTime;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        addRooms(builder.Services, builder.Configuration).AddApi();
        addWorkers(builder.Services, StorageOptions.Read(builder.Configuration));
        AddLogging(builder, verbose);
        WebApplication app = builder.Build();
        app.UseTrustedProxies();
        app.UseApi();
        mapRooms(app);
        return app;
    }

    private static void AddLogging(WebApplicationBuilder builder, bool verbose)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        });
        if (verbose)
        {
            return;
        }

        // A start that fails is told in one line by the command; the libraries would print their stack traces before it.
        ServerStart start = new();
        builder.Services.AddSingleton(start);
        builder.Logging.AddFilter((category, level) =>
            category?.StartsWith("AgentWorkflow", StringComparison.Ordinal) is true ? level >= LogLevel.Information : start.IsDone && level >= LogLevel.Warning);
    }
}

/// <summary>Whether the server has started.</summary>
internal sealed class ServerStart
{
    /// <summary>True once it listens.</summary>
    public bool IsDone { get; set; }
}
