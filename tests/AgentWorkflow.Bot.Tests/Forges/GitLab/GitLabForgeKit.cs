using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitLab;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Forges.GitHub;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab;

/// <summary>The forge as the program registers it, in front of a double; writes are not spaced unless a test asks for it.</summary>
internal sealed class GitLabForgeKit : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private GitLabForgeKit(GitLabDouble gitlab, ServiceProvider services, GitHubForgeKit.CapturedLogs logs)
    {
        Double = gitlab;
        _services = services;
        Logs = logs;
    }

    public GitLabDouble Double { get; }

    public GitHubForgeKit.CapturedLogs Logs { get; }

    public IForge Forge => Get<IForge>();

    public static async Task<GitLabForgeKit> StartAsync(IContentStore contents, TimeProvider? time = null, WritePace? pace = null)
    {
        Assert.SkipUnless(SharedData.HasGitLab, SharedData.Absent);
        GitLabDouble gitlab = await GitLabDouble.StartAsync(new GitLabDoubleOptions { Time = time ?? TimeProvider.System }, TestContext.Current.CancellationToken);
        IConfigurationRoot settings = new ConfigurationBuilder()
            .AddInMemoryCollection(gitlab.Settings().Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build();
        GitHubForgeKit.CapturedLogs logs = new();
        ServiceProvider services = new ServiceCollection()
            .AddSingleton<IConfiguration>(settings)
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(contents)
            .AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace))
            .AddForges()
            .AddGitLab()
            .AddGitLabForge(settings)
            .AddSingleton(pace ?? new WritePace(TimeSpan.Zero))
            .BuildServiceProvider();
        return new GitLabForgeKit(gitlab, services, logs);
    }

    /// <summary>A group in which ada is a developer, and the bot has a role.</summary>
    public void MakesProjectsIn(string group, int botLevel = 30) => Double.Do(w =>
    {
        w.Group(group);
        w.Grant(group.Split('/')[0], "ada", 30);
        w.Grant(group.Split('/')[0], w.Bot.Username, botLevel);
    });

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Double.DisposeAsync();
    }
}
