using System.Collections.Concurrent;
using System.Globalization;

using AgentWorkflow.Bot.Sandbox;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Sandbox;

/// <summary>A private place and the registered providers, for one test.</summary>
internal sealed class Box : IDisposable
{
    private readonly PrivateFolder _root = PrivateFolder.Create(Path.GetTempPath());
    private readonly ServiceProvider _services;

    public Box(params (string Key, string Value)[] settings)
    {
        Work = _root.Add("step/work");
        Cache = _root.Add("step/cache");
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Append(("DataDirectory", _root.Path)).Select(s => KeyValuePair.Create<string, string?>(s.Item1, s.Item2)))
            .Build();
        _services = new ServiceCollection().AddLogging().AddSingleton(configuration).AddSandbox(configuration).BuildServiceProvider();
    }

    public string Root => _root.Path;

    public string Work { get; }

    public string Cache { get; }

    public ConcurrentQueue<string> Said { get; } = [];

    public string Text => string.Join('\n', Said);

    public SandboxSelector Selector => _services.GetRequiredService<SandboxSelector>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>The provider that the settings name; bubblewrap when they name none.</summary>
    public ISandbox Sandbox => Provider(_services.GetRequiredService<IConfiguration>()["Sandbox:Provider"] ?? "bubblewrap");

    /// <summary>Why the provider cannot be here; null when it has to work.</summary>
    public string? Absent { get; init; } = HostTool.Find("bwrap") is null ? "bubblewrap is not installed" : null;

    public ISandbox Provider(string name) => _services.GetServices<ISandbox>().Single(s => s.Name == name);

    public static SandboxLimits Small { get; } = SandboxLimits.Default with { Time = TimeSpan.FromSeconds(30) };

    public SandboxCommand Command(bool network, SandboxLimits limits, params string[] arguments) => new()
    {
        Arguments = arguments,
        WorkFolder = Work,
        CacheFolder = Cache,
        Network = network,
        Limits = limits,
        Output = Said.Enqueue,
    };

    public Task<SandboxResult> Run(params string[] arguments) => RunWith(Small, arguments);

    public Task<SandboxResult> RunWith(SandboxLimits limits, params string[] arguments) => RunIn(false, limits, arguments);

    public async Task<SandboxResult> RunIn(bool network, SandboxLimits limits, params string[] arguments)
    {
        SkipWithoutProvider();
        return await Sandbox.RunAsync(Command(network, limits, arguments), TestContext.Current.CancellationToken);
    }

    public static void SkipWithoutBubblewrap() => Assert.SkipUnless(HostTool.Find("bwrap") is not null, "bubblewrap is not installed");

    public void SkipWithoutProvider() => Assert.SkipUnless(Absent is null, Absent ?? "");

    /// <summary>Every process of the box has the work folder in its mounts.</summary>
    public IEnumerable<string> Alive() => Directory.EnumerateDirectories("/proc")
        .Where(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Where(f => Mounts(f).Contains(Work, StringComparison.Ordinal));

    public void Dispose()
    {
        _services.Dispose();
        _root.Dispose();
    }

    private static string Mounts(string process)
    {
        try
        {
            return File.ReadAllText(process + "/mountinfo");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
