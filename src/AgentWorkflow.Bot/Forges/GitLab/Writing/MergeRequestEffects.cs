using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Writing;

/// <summary>Merge requests: at most one open a branch, never made again when a person closed it. A draft is one by its title.</summary>
internal sealed class MergeRequestEffects(GitLabClient client, GitLabIdentity identity, MergeRequests merges, FreshBranches fresh)
{
    private const string Draft = "Draft: ";
    private const int MostTitle = 255;

    /// <summary>Opens one, or brings the open one of ours up to date.</summary>
    public async Task<Receipt> OpenAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, Receipt? there, CancellationToken cancellationToken)
    {
        if (there?["number"] is { } known && long.TryParse(known, out long number))
        {
            return await UpdateAsync(repository, effect, owner, ItemNumber.Counted(number), cancellationToken);
        }

        // GitLab refuses a second open one, but not one beside a closed one.
        if (!fresh.Take(repository, effect.Branch) && await merges.LatestAsync(repository, effect.Branch, cancellationToken) is { } before)
        {
            throw new ForgeException(ForgeFault.Conflict, $"AW3075: The branch '{effect.Branch}' of {repository} has merge request !{before.Iid} already ({before.State}).");
        }

        long[] people = [.. effect.Assignees.Where(a => a.Id > 0).Select(a => a.Id)];
        MergeRequestRequest body = new(effect.Branch.Value, effect.Base, TitleOf(effect), TextOf(effect, owner), LabelsOf(effect), people.Length == 0 ? null : people);
        MergeRequestAnswer made = await client.SendAsync(api => api.CreateMergeRequestAsync(repository.ToString(), body, $"open a merge request for '{effect.Branch}' of {repository}", cancellationToken));
        return Receipts.Applied(effect, Values(made));
    }

    /// <summary>Ours is an open one of our account that says what the effect says; planned when ours has to be brought up to date.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        if (await merges.LatestAsync(repository, effect.Branch, cancellationToken) is not { } found)
        {
            BranchAnswer? branch = await client.FindAsync(api => api.GetBranchAsync(repository.ToString(), effect.Branch.Value, $"look for the branch '{effect.Branch}' of {repository}", cancellationToken));
            return branch is null ? Receipts.Refused(effect, $"the branch '{effect.Branch}' is not there any more") : null;
        }

        if (found.State is not "opened")
        {
            return Receipts.Refused(effect, $"merge request !{found.Iid} was {(found.State == "merged" ? "merged" : "closed")} by a person and stays so", Values(found));
        }

        return found.Author?.Id != (await identity.GetAsync(cancellationToken)).Id
            ? Receipts.Refused(effect, $"merge request !{found.Iid} of this branch is somebody else's", Values(found))
            : Says(found, effect, owner) ? Receipts.Adopted(effect, Values(found)) : Receipts.Stale(effect, Values(found));
    }

    // People may have added labels and assignees of their own; those stay.
    private async Task<Receipt> UpdateAsync(RepoRef repository, OpenPullRequest effect, EffectOwner owner, long iid, CancellationToken cancellationToken)
    {
        string what = $"bring merge request !{iid} of {repository} up to date";
        MergeRequestUpdate body = new(TitleOf(effect), TextOf(effect, owner), effect.Base, LabelsOf(effect), AssigneeIds: null);
        MergeRequestAnswer updated = await client.SendAsync(api => api.UpdateMergeRequestAsync(repository.ToString(), iid, body, what, cancellationToken));
        long[] assigned = [.. (updated.Assignees ?? []).Select(a => a.Id)];
        long[] wanted = [.. assigned.Union(effect.Assignees.Where(a => a.Id > 0).Select(a => a.Id))];
        if (wanted.Length > assigned.Length)
        {
            updated = await client.SendAsync(api => api.UpdateMergeRequestAsync(repository.ToString(), iid, body with { AssigneeIds = wanted }, what, cancellationToken));
        }

        return Receipts.Applied(effect, Values(updated));
    }

    private static bool Says(MergeRequestAnswer merge, OpenPullRequest effect, EffectOwner owner) =>
        merge.Title == TitleOf(effect) && MarkedText.IsSame(merge.Description, TextOf(effect, owner)) && merge.TargetBranch == effect.Base;

    private static string TextOf(OpenPullRequest effect, EffectOwner owner) => MarkedTexts.Of(effect.Body, owner.Marker);

    private static string TitleOf(OpenPullRequest effect)
    {
        string title = effect.Draft ? Draft + effect.Title : effect.Title;
        return title.Length <= MostTitle ? title : title[..(MostTitle - 2)] + "…";
    }

    private static string? LabelsOf(OpenPullRequest effect) => effect.Labels.Count == 0 ? null : string.Join(',', effect.Labels);

    private static IEnumerable<(string Name, string Value)> Values(MergeRequestAnswer merge) =>
        [("number", $"{ItemNumber.OfMergeRequest(merge.Iid)}"), ("url", merge.WebUrl), ("branch", merge.SourceBranch), ("commit", merge.Sha ?? "")];
}
