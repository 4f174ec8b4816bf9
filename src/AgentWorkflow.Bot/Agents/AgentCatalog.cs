using System.Collections.Frozen;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Agents;

/// <summary>The agents there are, by name.</summary>
internal sealed class AgentCatalog
{
    private readonly FrozenDictionary<string, IAgent> _agents;
    private readonly string _default;

    /// <summary>Builds the catalog.</summary>
    /// <exception cref="ArgumentException">Two agents share a name.</exception>
    public AgentCatalog(IEnumerable<IAgent> agents, IOptions<AgentsOptions> options)
    {
        _agents = agents.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
        _default = options.Value.Default;
    }

    /// <summary>The names, sorted.</summary>
    public IEnumerable<string> Names => _agents.Keys.Order(StringComparer.Ordinal);

    /// <summary>The agent of that name, or the default one.</summary>
    /// <param name="name">The name in the step; null for the default.</param>
    /// <exception cref="AgentException">AW1010: there is no such agent.</exception>
    public IAgent Find(string? name)
    {
        string wanted = string.IsNullOrWhiteSpace(name) ? _default : name;
        return _agents.GetValueOrDefault(wanted) ?? throw new AgentException(
            "AW1010", $"There is no agent '{wanted}' here ({(string.IsNullOrWhiteSpace(name) ? "setting Agents__Default" : "input 'agent' of the step")}); there is {string.Join(", ", Names)}.");
    }
}
