namespace AgentWorkflow.Rig.Faults;

/// <summary>The faults that are still to happen.</summary>
/// <param name="effects">The operations of each effect's name.</param>
public sealed class FaultBook(IReadOnlyDictionary<string, string[]> effects)
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    /// <summary>What has not happened yet.</summary>
    public IReadOnlyList<Fault> Waiting
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>Adds a fault.</summary>
    public void Add(Fault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>The faults of one request; one that replaces the work comes alone.</summary>
    internal IReadOnlyList<Fault> Take(IReadOnlyList<string> names)
    {
        lock (_gate)
        {
            List<Fault> taken = [];
            for (int i = 0; i < _faults.Count; i++)
            {
                Fault fault = _faults[i];
                if (!names.Any(n => Matches(fault.Operation, n)))
                {
                    continue;
                }

                if (fault.Skip > 0)
                {
                    _faults[i] = fault with { Skip = fault.Skip - 1 };
                    continue;
                }

                taken.Add(fault);
            }

            if (taken.Find(Replaces) is { } only)
            {
                taken = [only];
            }

            foreach (Fault fault in taken)
            {
                int place = _faults.IndexOf(fault);
                _faults[place] = fault with { Times = fault.Times - 1 };
            }

            _faults.RemoveAll(f => f.Times <= 0);
            return taken;
        }
    }

    private static bool Replaces(Fault fault) => fault.Kind is FaultKind.Answer or FaultKind.DropRequest or FaultKind.PrimaryLimit or FaultKind.SecondaryLimit;

    private bool Matches(string pattern, string name) =>
        effects.TryGetValue(pattern, out string[]? operations)
            ? operations.Contains(name)
            : pattern == name
                || (pattern.EndsWith('*') && name.StartsWith(pattern[..^1], StringComparison.Ordinal))
                || (pattern.StartsWith('*') && name.EndsWith(pattern[1..], StringComparison.Ordinal));
}
