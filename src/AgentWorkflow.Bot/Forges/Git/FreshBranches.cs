using System.Collections.Concurrent;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>Branches that this process has just made: none can have a pull request yet, so nobody need ask.</summary>
internal sealed class FreshBranches
{
    private const int Most = 1_000;

    private readonly ConcurrentDictionary<(string, string), bool> _branches = new();

    /// <summary>Remembers a branch.</summary>
    public void Add(RepoRef repository, BranchName branch)
    {
        if (_branches.Count >= Most)
        {
            _branches.Clear();
        }

        _branches[(repository.ToString(), branch.Value)] = true;
    }

    /// <summary>True once for a branch that was remembered.</summary>
    public bool Take(RepoRef repository, BranchName branch) => _branches.TryRemove((repository.ToString(), branch.Value), out _);
}
