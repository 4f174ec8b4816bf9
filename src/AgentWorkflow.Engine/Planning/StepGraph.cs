using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Planning;

/// <summary>The steps of a workflow and who waits for whom. Names of unknown steps count as no need.</summary>
public sealed class StepGraph
{
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _needs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlySet<string>> _ancestors = new(StringComparer.Ordinal);

    /// <summary>Builds the graph from ids, in file order, and their needs. Of a repeated id the first counts.</summary>
    public StepGraph(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> needs)
    {
        foreach ((string id, IReadOnlyList<string> list) in needs)
        {
            if (_needs.TryAdd(id, list))
            {
                _ids.Add(id);
            }
        }

        foreach (string id in _ids)
        {
            _needs[id] = [.. _needs[id].Where(_needs.ContainsKey).Distinct(StringComparer.Ordinal)];
        }

        Order = Sort();
    }

    /// <summary>The ids in file order.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>The ids so that each stands after its needs, file order where there is a choice. Steps in or behind a cycle are left out.</summary>
    public IReadOnlyList<string> Order { get; }

    /// <summary>True when no step waits for itself.</summary>
    public bool IsAcyclic => Order.Count == _ids.Count;

    /// <summary>The graph of a valid workflow.</summary>
    public static StepGraph Of(Workflow workflow) => new(workflow.Steps.Select(s => KeyValuePair.Create(s.Id, s.Needs)));

    /// <summary>The direct needs of a step.</summary>
    public IReadOnlyList<string> NeedsOf(string id) => _needs.GetValueOrDefault(id) ?? [];

    /// <summary>The steps that directly need a step, in file order.</summary>
    public IReadOnlyList<string> DependentsOf(string id) => [.. _ids.Where(other => _needs[other].Contains(id))];

    /// <summary>All steps that a step waits for, directly or through others; in a cycle also itself.</summary>
    public IReadOnlySet<string> AncestorsOf(string id)
    {
        if (_ancestors.TryGetValue(id, out IReadOnlySet<string>? known))
        {
            return known;
        }

        HashSet<string> found = new(StringComparer.Ordinal);
        Stack<string> open = new(NeedsOf(id));
        while (open.TryPop(out string? need))
        {
            if (!found.Add(need))
            {
                continue;
            }

            if (_ancestors.TryGetValue(need, out IReadOnlySet<string>? rest))
            {
                found.UnionWith(rest);
            }
            else
            {
                Array.ForEach([.. NeedsOf(need)], open.Push);
            }
        }

        _ancestors[id] = found;
        return found;
    }

    /// <summary>True when neither waits for the other, so that they may run side by side.</summary>
    public bool MayRunTogether(string a, string b) => a != b && !AncestorsOf(a).Contains(b) && !AncestorsOf(b).Contains(a);

    /// <summary>What may start: steps that have not started and whose needs are all finished (however they ended), in file order.</summary>
    /// <param name="finished">Steps that ended: succeeded, failed, skipped or cancelled.</param>
    /// <param name="started">Steps that started, finished ones or not.</param>
    public IReadOnlyList<string> Ready(IReadOnlySet<string> finished, IReadOnlySet<string> started) =>
        [.. _ids.Where(id => !started.Contains(id) && !finished.Contains(id) && _needs[id].All(finished.Contains))];

    /// <summary>One cycle, from a step round to itself, or empty when there is none.</summary>
    public IReadOnlyList<string> FindCycle()
    {
        HashSet<string> placed = new(Order, StringComparer.Ordinal);
        if (_ids.Find(id => !placed.Contains(id)) is not { } current)
        {
            return [];
        }

        // Every step that could not be placed needs another such step: following them must come round.
        List<string> path = [];
        while (!path.Contains(current))
        {
            path.Add(current);
            current = _needs[current].First(need => !placed.Contains(need));
        }

        return [.. path[path.IndexOf(current)..], current];
    }

    private List<string> Sort()
    {
        Dictionary<string, int> waiting = _ids.ToDictionary(id => id, id => _needs[id].Count, StringComparer.Ordinal);
        ILookup<string, string> dependents = _ids.SelectMany(id => _needs[id].Select(need => (need, id))).ToLookup(e => e.need, e => e.id, StringComparer.Ordinal);
        Dictionary<string, int> place = _ids.Select((id, i) => (id, i)).ToDictionary(e => e.id, e => e.i, StringComparer.Ordinal);
        PriorityQueue<string, int> ready = new(_ids.Where(id => waiting[id] == 0).Select(id => (id, place[id])));
        List<string> order = [];
        while (ready.TryDequeue(out string? id, out _))
        {
            order.Add(id);
            foreach (string dependent in dependents[id].Where(d => --waiting[d] == 0))
            {
                ready.Enqueue(dependent, place[dependent]);
            }
        }

        return order;
    }
}
