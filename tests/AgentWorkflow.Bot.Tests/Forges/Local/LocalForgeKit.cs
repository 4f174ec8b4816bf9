using System.Diagnostics;

using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Forges.Local;

/// <summary>A Local forge on the fixture's database, and git as a person uses it.</summary>
internal sealed class LocalForgeKit
{
    private readonly ServiceProvider _services;
    private readonly StorageOptions _options;

    public LocalForgeKit(IDatabaseFixture database, IContentStore contents, params ILocalWebhookSink[] sinks)
    {
        _options = database.Options;
        ServiceCollection services = new();
        services.AddSingleton(_options).AddSingleton(database.Factory).AddSingleton(contents).AddSingleton<IRandomSource, SystemRandomSource>()
            .AddSingleton<TimeProvider>(new StillClock()).AddLocalForge();
        foreach (ILocalWebhookSink sink in sinks)
        {
            services.AddSingleton(sink);
        }

        _services = services.BuildServiceProvider();
    }

    public LocalPeople People => Get<LocalPeople>();

    public string DataDirectory => _options.DataDirectory;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<string> CloneAsync(RepoRef repository, string branch)
    {
        string clone = Path.Combine(DataDirectory, "clone-" + Get<IRandomSource>().NextBase32(8));
        await GitAsync(DataDirectory, "clone", "-q", "-b", branch, Get<LocalRepositories>().PathOf(repository), clone);
        return clone;
    }

    public async Task<string> GitAsync(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        using Process git = Process.Start(start)!;
        Task<string> error = git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {await error}");
        return output;
    }

    /// <summary>Dates stand still, waiting does not: writers that meet have to wait for each other.</summary>
    private sealed class StillClock : TimeProvider
    {
        private readonly FakeTimeProvider _dates = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

        public override DateTimeOffset GetUtcNow() => _dates.GetUtcNow();
    }
}
