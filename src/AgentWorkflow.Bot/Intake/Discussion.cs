using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// The comments before the command by people who may command: context for agents, as data. Whose right is not known after a few
/// questions is left out, and counted; so is what was changed after the command (promise P47).
/// </summary>
/// <param name="Comments">The comments that count, oldest first.</param>
/// <param name="LeftOut">How many others there were.</param>
internal sealed record Discussion(IReadOnlyList<CommentFacts> Comments, int LeftOut)
{
    private const int MostQuestions = 3;
    private const int MostText = 4_000;

    /// <summary>There is none.</summary>
    public static Discussion None { get; } = new([], 0);

    /// <summary>Reads it; the rights of at most three people besides the asker are asked for, those who wrote last first.</summary>
    public static async Task<Discussion> ReadAsync(Situation situation, TriggerPolicy policy, CancellationToken cancellationToken)
    {
        DateTimeOffset asked = situation.Facts.Comment?.CreatedAt ?? DateTimeOffset.MaxValue;
        List<CommentFacts> people = [.. situation.Facts.Discussion.Where(c => !c.IsBot && CommandLine.TryRead(c.Body, policy.Prefix) is null)];
        HashSet<long> heard = [situation.Happened.Sender.Id];
        foreach (ActorId author in people.AsEnumerable().Reverse().Select(c => c.Author).DistinctBy(a => a.Id).Where(a => !heard.Contains(a.Id)).Take(MostQuestions).ToList())
        {
            if (await MayAsync(situation, author, policy, cancellationToken))
            {
                heard.Add(author.Id);
            }
        }

        List<CommentFacts> counted = [.. people.Where(c => heard.Contains(c.Author.Id) && !(c.EditedAt >= asked))];
        return new Discussion(counted, people.Count - counted.Count);
    }

    /// <summary>As expressions see it: text without what nobody can see.</summary>
    public JsonArray ToJson() => [.. Comments.Select(c => new JsonObject
    {
        ["author"] = RunContexts.Person(c.Author),
        ["body"] = OutsideText.Clean(ShortText.Start(c.Body, MostText)).Text,
    })];

    private static async Task<bool> MayAsync(Situation situation, ActorId author, TriggerPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            return await situation.Forge.Reader.GetPermissionAsync(situation.Repository, author, cancellationToken) >= policy.Minimum;
        }
        catch (ForgeException)
        {
            // Not to know is a no.
            return false;
        }
    }
}
