using System.Collections.Concurrent;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>The Local forge behind a line that a test can cut: before, after or instead of what is asked.</summary>
internal sealed class FaultyForge(LocalForge forge) : IForge, IForgeWriter
{
    /// <summary>The keys of effects that were really applied, each time.</summary>
    public ConcurrentQueue<string> Applied { get; } = [];

    /// <summary>Called before the work.</summary>
    public Func<Effect, Task>? Before { get; set; }

    /// <summary>Called after the work, before the answer.</summary>
    public Func<Effect, Task>? After { get; set; }

    /// <summary>Called before an effect is looked up.</summary>
    public Func<Effect, Task>? Finding { get; set; }

    public string Name => forge.Name;

    public string Host => forge.Host;

    public IForgeReader Reader => forge.Reader;

    public IForgeWriter Writer => this;

    public async Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        await (Before?.Invoke(effect) ?? Task.CompletedTask);
        Receipt receipt = await forge.Writer.ApplyAsync(repository, effect, owner, there, cancellationToken);
        Applied.Enqueue(effect.Key.Value);
        await (After?.Invoke(effect) ?? Task.CompletedTask);
        return receipt;
    }

    public async Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        await (Finding?.Invoke(effect) ?? Task.CompletedTask);
        return await forge.Writer.FindAsync(repository, effect, owner, cancellationToken);
    }
}
