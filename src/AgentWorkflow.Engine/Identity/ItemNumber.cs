using System.Globalization;

namespace AgentWorkflow.Engine.Identity;

/// <summary>
/// The number of an issue or pull request as the bot keeps it: one of a kind in its repository. A forge that counts merge
/// requests apart from issues has two things with the number 5; there those of merge requests begin behind a thousand million.
/// </summary>
public static class ItemNumber
{
    private const long MergeRequests = 1_000_000_000;

    /// <summary>The number of a merge request that is counted apart from issues.</summary>
    /// <param name="iid">What the forge counts it as, from 1.</param>
    public static long OfMergeRequest(long iid) => MergeRequests + iid;

    /// <summary>True for a merge request that is counted apart from issues.</summary>
    public static bool IsMergeRequest(long number) => number > MergeRequests;

    /// <summary>What the forge counts it as.</summary>
    public static long Counted(long number) => IsMergeRequest(number) ? number - MergeRequests : number;

    /// <summary>As people write it on the forge: <c>#5</c>, or <c>!5</c> for a merge request that is counted apart.</summary>
    public static string Text(long number) => string.Create(CultureInfo.InvariantCulture, $"{(IsMergeRequest(number) ? '!' : '#')}{Counted(number)}");
}
