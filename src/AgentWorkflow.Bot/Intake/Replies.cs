using System.Globalization;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// What is said where no run speaks for itself: reactions, one comment, a check. Each is an effect that is looked for by its key
/// first, and the key comes from what is answered, so that a delivery which is decided twice, or told twice, is answered once.
/// </summary>
internal sealed class Replies(RunMarker markers)
{
    /// <summary>A reaction and one sentence.</summary>
    public async Task RefuseAsync(Situation situation, Decision.Refuse refuse, CancellationToken cancellationToken)
    {
        await ReactAsync(situation, "-1", cancellationToken);
        await SayAsync(situation, $"{refuse.Reason} ({refuse.Code})", cancellationToken);
    }

    /// <summary>A reaction and one comment.</summary>
    public async Task AnswerAsync(Situation situation, string text, CancellationToken cancellationToken)
    {
        await AcknowledgeAsync(situation, cancellationToken);
        await SayAsync(situation, text, cancellationToken);
    }

    /// <summary>Shows that a command was seen.</summary>
    public Task AcknowledgeAsync(Situation situation, CancellationToken cancellationToken) => ReactAsync(situation, "eyes", cancellationToken);

    /// <summary>Sets a check on a commit.</summary>
    public Task CheckAsync(Situation situation, SetCheck check, CancellationToken cancellationToken) =>
        ApplyAsync(situation, check, new EffectOwner(WorkflowFileCheck.Owner, markers.OfRefusal(About(situation))), cancellationToken);

    private async Task ReactAsync(Situation situation, string content, CancellationToken cancellationToken)
    {
        // A comment that is gone takes none.
        if (situation.Facts.Comment is { } comment)
        {
            CommentPlace place = situation.Happened.CommentPlace;
            await ApplyAsync(situation, new AddReaction(new EffectKey($"reaction/{comment.Id}/{content}"), comment.Id, content, place, situation.Happened.Issue), OwnerOf(situation), cancellationToken);
        }
    }

    private async Task SayAsync(Situation situation, string text, CancellationToken cancellationToken)
    {
        // An answer to an internal note would show to everybody that there is one.
        if (situation.Happened.Issue is { } issue && situation.Facts is { Issue: not null, Comment: not { IsHidden: true } })
        {
            EffectOwner owner = OwnerOf(situation);
            await ApplyAsync(situation, new PutComment(new EffectKey($"comment/refusal/{About(situation)}"), issue, owner.Marker, text), owner, cancellationToken);
        }
    }

    private static async Task ApplyAsync(Situation situation, Effect effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            Receipt? there = await situation.Forge.Writer.FindAsync(situation.Repository, effect, owner, cancellationToken);
            if (there is null or { Outcome: EffectOutcome.Planned })
            {
                await situation.Forge.Writer.ApplyAsync(situation.Repository, effect, owner, there, cancellationToken);
            }
        }
        catch (ForgeException e) when (e.Fault is ForgeFault.Denied or ForgeFault.NotFound or ForgeFault.Conflict)
        {
            // A locked issue, a comment that was deleted meanwhile, a permission we lack: the decision stands without the words.
        }
    }

    private EffectOwner OwnerOf(Situation situation) => new(situation.Occurrence.DeliveryId, markers.OfRefusal(About(situation)));

    /// <summary>What is answered: the comment, whoever told of it; else the delivery.</summary>
    private static string About(Situation situation) => situation.Happened.CommentId is { } comment
        ? string.Create(CultureInfo.InvariantCulture, $"{situation.Forge.Host}/{situation.Facts.Repository.Id}/{situation.Happened.CommentPlace}/{comment}")
        : situation.Occurrence.DeliveryId;
}
