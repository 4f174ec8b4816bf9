using System.Collections.Concurrent;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <summary>The forge as the program registers it, in front of a double; writes are not spaced unless a test asks for it.</summary>
internal sealed class GitHubForgeKit : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private GitHubForgeKit(GitHubDouble github, ServiceProvider services, CapturedLogs logs)
    {
        Double = github;
        _services = services;
        Logs = logs;
    }

    public GitHubDouble Double { get; }

    public CapturedLogs Logs { get; }

    public IForge Forge => Get<IForge>();

    public static async Task<GitHubForgeKit> StartAsync(IContentStore contents, TimeProvider? time = null, WritePace? pace = null)
    {
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        GitHubDouble github = await GitHubDouble.StartAsync(new GitHubDoubleOptions { Time = time ?? TimeProvider.System }, TestContext.Current.CancellationToken);
        IConfigurationRoot settings = new ConfigurationBuilder()
            .AddInMemoryCollection(github.Settings().Concat(github.CreatorSettings()).Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build();
        CapturedLogs logs = new();
        ServiceProvider services = new ServiceCollection()
            .AddSingleton<IConfiguration>(settings)
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(contents)
            .AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace))
            .AddForges()
            .AddGitHub()
            .AddGitHubForge(settings)
            .AddSingleton(pace ?? new WritePace(TimeSpan.Zero))
            .BuildServiceProvider();
        return new GitHubForgeKit(github, services, logs);
    }

    /// <summary>Both Apps are in an organisation that ada is a member of.</summary>
    public void MakesRepositoriesIn(string organisation) => Double.Do(w =>
    {
        w.Install(organisation);
        w.InstallCreator(organisation);
        w.Join(organisation, "ada", "member");
    });

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Double.DisposeAsync();
    }

    /// <summary>All that any logger is told, at every level.</summary>
    internal sealed class CapturedLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
