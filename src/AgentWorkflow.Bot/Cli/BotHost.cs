using System.CommandLine;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Cli;

/// <summary>Builds the program's parts for a command: settings, rooms, and for <c>serve</c> the web server.</summary>
internal sealed class BotHost(
    Func<IServiceCollection, IConfiguration, IServiceCollection> addRooms, Func<IEndpointRouteBuilder, IEndpointRouteBuilder> mapRooms)
{
    /// <summary>Shows tool output, log lines and stack traces.</summary>
    public static Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show tool output and details of errors.", Recursive = true };

    /// <summary>The rooms without a web server, for a command that ends by itself.</summary>
    /// <param name="verbose">True to log to standard error.</param>
    /// <param name="overrides">Settings that the command line gives.</param>
    /// <param name="addMore">What the command itself needs.</param>
    public ServiceProvider BuildServices(bool verbose, IReadOnlyDictionary<string, string?>? overrides = null, Func<IServiceCollection, IServiceCollection>? addMore = null)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddBotSettings().AddInMemoryCollection(overrides).Build();
        SettingsTable.Check(configuration);
        ServiceCollection services = new();
        services.AddSingleton(configuration).AddLogging(logging =>
        {
            logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.None);
            logging.AddSimpleConsole(console => console.SingleLine = true);
            logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        });
        addMore?.Invoke(services);
        return addRooms(services, configuration).BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
    }

    /// <summary>The registered step types, for commands that need nothing else.</summary>
    public StepRegistry StepTypes() => BuildServices(verbose: false).GetRequiredService<StepRegistry>();

    /// <summary>The rooms behind a web server.</summary>
    /// <param name="urls">The addresses; null for the default.</param>
    /// <param name="addWorkers">What works in the background.</param>
    public WebApplication BuildServer(string? urls, Func<IServiceCollection, StorageOptions, IServiceCollection> addWorkers)
    {
        // The content root is the program's folder: watching the working directory costs start-up and memory.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddBotSettings();
        SettingsTable.Check(builder.Configuration);

        // Every SQL command and every scheduler detail would bury what the operator wants to see.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning);
        builder.WebHost.UseUrls(urls ?? "http://127.0.0.1:5080");
        addRooms(builder.Services, builder.Configuration);
        addWorkers(builder.Services, StorageOptions.Read(builder.Configuration));
        WebApplication app = builder.Build();
        mapRooms(app);
        return app;
    }
}
