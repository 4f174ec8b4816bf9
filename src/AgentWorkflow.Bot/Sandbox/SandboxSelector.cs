using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Which sandbox runs commands here. A provider counts only after a real trial run, whose result is kept.</summary>
internal sealed class SandboxSelector(IEnumerable<ISandbox> sandboxes, SandboxPlaces places, IOptions<SandboxOptions> options) : IDisposable
{
    /// <summary>The first of bubblewrap and a container engine that works.</summary>
    public const string Auto = "auto";

    /// <summary>No sandbox: commands are refused.</summary>
    public const string None = "none";

    private readonly SemaphoreSlim _gate = new(1);
    private SandboxChoice? _choice;

    /// <summary>Chooses, the first time with trial runs.</summary>
    public async Task<SandboxChoice> ChooseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _choice ??= await TryAllAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The host itself, for the one exception that goes on without a sandbox.</summary>
    public ISandbox Host => sandboxes.First(s => s.Name == UnsafeHostSandbox.ProviderName);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<SandboxChoice> TryAllAsync(CancellationToken cancellationToken)
    {
        string provider = options.Value.Provider;
        if (provider == None)
        {
            return new SandboxChoice(null, "no sandbox: Sandbox__Provider is 'none', so commands are refused. Set it to 'auto'", IsWanted: true);
        }

        if (provider == UnsafeHostSandbox.ProviderName && !places.AllowsHost)
        {
            return new SandboxChoice(null, "no sandbox: Sandbox__Provider 'unsafe-host' is for the command line's generate alone. Set it to 'auto'");
        }

        PrivateFolder.Sweep(places.WorkFolder);
        List<string> reasons = [];
        foreach (ISandbox sandbox in sandboxes.Where(s => provider == Auto ? s.Isolates : s.Name == provider))
        {
            if (await sandbox.TryAsync(cancellationToken) is not { } reason)
            {
                return new SandboxChoice(sandbox, null);
            }

            reasons.Add(reason);
        }

        string why = reasons.Count > 0 ? string.Join(" and ", reasons) : $"there is no provider '{provider}'";
        string remedy = reasons.Exists(r => r.StartsWith("bubblewrap is installed but", StringComparison.Ordinal))
            ? "Allow it what docs/operations.md lists under Container"
            : "Install bubblewrap (apt-get install bubblewrap)";
        return new SandboxChoice(null, $"no sandbox: {why}. {remedy}");
    }
}

/// <summary>The sandbox, or why there is none.</summary>
/// <param name="Sandbox">The sandbox; null for none.</param>
/// <param name="Refusal">The sentence of AW2101 without its code and without what comes after it.</param>
/// <param name="IsWanted">True when the operator asked for none: then no exception applies either.</param>
internal sealed record SandboxChoice(ISandbox? Sandbox, string? Refusal, bool IsWanted = false);
