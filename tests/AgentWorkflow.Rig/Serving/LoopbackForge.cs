using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.Journal;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Rig.Serving;

/// <summary>A forge on the loopback address: its server, its folder, and what every double has.</summary>
/// <typeparam name="TWorld">Everything that the double keeps.</typeparam>
public abstract class LoopbackForge<TWorld> : IAsyncDisposable
    where TWorld : IDisposable
{
    private readonly WebApplication _host;

    private protected LoopbackForge(string kind, int port, TimeProvider time, IReadOnlyDictionary<string, string[]> effects)
    {
        Folder = Directory.CreateTempSubdirectory($"agentworkflow-{kind}-").FullName;
        Journal = new ForgeJournal(time);
        Faults = new FaultBook(effects);
        Limits = new LimitBook(time);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
        });
        _host = builder.Build();
        _host.Run(ServeAsync);
    }

    /// <summary>The web address.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What was asked and accepted.</summary>
    public ForgeJournal Journal { get; }

    /// <summary>What goes wrong.</summary>
    public FaultBook Faults { get; }

    /// <summary>Points and forbidden times.</summary>
    public LimitBook Limits { get; }

    private protected string Folder { get; }

    private protected Lock Gate { get; } = new();

    private protected abstract TWorld World { get; }

    /// <summary>Does something as people or apps do, and reads what there is, while no request is at work.</summary>
    public T Do<T>(Func<TWorld, T> what)
    {
        lock (Gate)
        {
            return what(World);
        }
    }

    /// <inheritdoc cref="Do{T}"/>
    public void Do(Action<TWorld> what)
    {
        lock (Gate)
        {
            what(World);
        }
    }

    /// <summary>Waits until it is told to stop from outside.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _host.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        World.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken);
        Url = _host.Urls.First();
    }

    private protected abstract Task ServeAsync(HttpContext context);
}
