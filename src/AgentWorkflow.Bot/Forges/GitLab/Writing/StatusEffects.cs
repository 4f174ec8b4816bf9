using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Writing;

/// <summary>Commit statuses: a name, a state and one line. GitLab has no place for a check's annotations; they stand in the merge request.</summary>
internal sealed class StatusEffects(GitLabClient client)
{
    private const int MostDescription = 255;
    private const int Enough = 20;

    /// <summary>Sets it; a later one of the same name takes the place of the one before.</summary>
    public async Task<Receipt> SetAsync(RepoRef repository, SetCheck effect, CancellationToken cancellationToken)
    {
        await client.SendAsync(api => api.SetStatusAsync(repository.ToString(), effect.Commit.Value, Wanted(effect), $"set the status '{effect.Name}' on {effect.Commit.Short} of {repository}", cancellationToken));
        return Receipts.Applied(effect, ("commit", effect.Commit.Value));
    }

    /// <summary>Ours is a status of that name that says the same; any other is replaced.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, SetCheck effect, CancellationToken cancellationToken)
    {
        StatusRequest wanted = Wanted(effect);
        List<StatusAnswer> there = await client.SendAsync(api =>
            api.ListStatusesAsync(repository.ToString(), effect.Commit.Value, wanted.Name, Enough, $"read the statuses of {effect.Commit.Short} in {repository}", cancellationToken));
        return there.Where(s => s.Name == wanted.Name).MaxBy(s => s.Id) is { } last && last.Status == wanted.State && last.Description == wanted.Description
            ? Receipts.Adopted(effect, ("commit", effect.Commit.Value))
            : null;
    }

    // "canceled" is the one state that says neither yes nor no and that every version takes.
    private static StatusRequest Wanted(SetCheck effect) => new(
        effect.Conclusion switch { CheckConclusion.Success => "success", CheckConclusion.Failure => "failed", _ => "canceled" },
        effect.Name.StartsWith("agentworkflow", StringComparison.Ordinal) ? effect.Name : $"agentworkflow/{effect.Name}",
        effect.Title.Length <= MostDescription ? effect.Title : effect.Title[..(MostDescription - 2)] + "…");
}
