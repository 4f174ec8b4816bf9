using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Writing;

/// <summary>Notes, emoji and labels.</summary>
internal sealed class NoteEffects(GitLabClient client, GitLabIdentity identity, MarkedTexts texts)
{
    /// <summary>Writes the note, or edits the one that is there; one that a person deleted stays deleted.</summary>
    public async Task<Receipt> PutAsync(RepoRef repository, PutComment effect, Receipt? there, CancellationToken cancellationToken)
    {
        (string project, string kind, long iid, string what) = At(repository, effect.Number, "comment on");
        NoteRequest body = new(MarkedTexts.Of(effect.Body, effect.Marker));
        if (there?["commentId"] is not { } known || !long.TryParse(known, out long id))
        {
            return Put(repository, effect, await client.SendAsync(api => api.CreateNoteAsync(project, kind, iid, body, what, cancellationToken)));
        }

        NoteAnswer? edited = await client.FindAsync(api => api.EditNoteAsync(project, kind, iid, id, body, what, cancellationToken));
        return edited is null
            ? throw new ForgeException(ForgeFault.Conflict, $"AW3074: The note on {ItemNumber.Text(effect.Number)} of {repository} was deleted by a person and stays so.")
            : Put(repository, effect, edited);
    }

    /// <summary>Ours is the oldest note with that marker by our own account; a second one, left by a lost answer, is taken away.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, PutComment effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        (string project, string kind, long iid, string what) = At(repository, effect.Number, "read the notes on");
        long us = (await identity.GetAsync(cancellationToken)).Id;
        List<NoteAnswer> ours = [];
        for (int page = 1; ; page++)
        {
            // Newest first: nothing of a run is older than it.
            int now = page;
            List<NoteAnswer> notes = await client.SendAsync(api => api.ListNotesAsync(project, kind, iid, "desc", "created_at", GitLabClient.PageSize, now, what, cancellationToken));
            ours.AddRange(notes.Where(n => n.Author?.Id == us && n.Body?.Contains(effect.Marker, StringComparison.Ordinal) is true));
            if (notes.Count < GitLabClient.PageSize || notes[^1].CreatedAt < owner.Since)
            {
                break;
            }
        }

        ours.Sort(static (a, b) => a.Id.CompareTo(b.Id));
        foreach (NoteAnswer extra in ours.Skip(1))
        {
            await client.FindAsync(async api =>
            {
                await api.DeleteNoteAsync(project, kind, iid, extra.Id, $"take a doubled note off {ItemNumber.Text(effect.Number)} of {repository}", cancellationToken);
                return extra;
            });
        }

        return ours is not [var first, ..] ? null
            : MarkedText.IsSame(first.Body, MarkedTexts.Of(effect.Body, effect.Marker)) ? Receipts.Adopted(effect, Values(repository, effect, first))
            : Receipts.Stale(effect, Values(repository, effect, first));
    }

    /// <summary>Adds an emoji; where it is there already, nothing changes.</summary>
    public async Task<Receipt> ReactAsync(RepoRef repository, AddReaction effect, CancellationToken cancellationToken)
    {
        try
        {
            await client.SendAsync(api => api.AddEmojiAsync(repository.ToString(), PlaceOf(effect), new EmojiRequest(NameOf(effect)), $"react in {repository}", cancellationToken));
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.NotFound or ForgeFault.Conflict)
        {
            // GitLab says "has already been taken" in the same words as "there is no such note".
            if (await FindAsync(repository, effect, cancellationToken) is null)
            {
                throw;
            }
        }

        return Receipts.Applied(effect, ("commentId", $"{effect.CommentId}"));
    }

    /// <summary>Ours is an emoji of our account.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, AddReaction effect, CancellationToken cancellationToken)
    {
        long us = (await identity.GetAsync(cancellationToken)).Id;
        List<EmojiAnswer> emoji = await client.ListAsync((api, page) =>
            api.ListEmojiAsync(repository.ToString(), PlaceOf(effect), GitLabClient.PageSize, page, $"look for our emoji in {repository}", cancellationToken));
        return emoji.Any(e => e.User?.Id == us && e.Name == NameOf(effect)) ? Receipts.Adopted(effect, ("commentId", $"{effect.CommentId}")) : null;
    }

    /// <summary>Takes a label off; one that is off stays off.</summary>
    public async Task<Receipt> RemoveAsync(RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        (string project, string kind, long iid, string what) = At(repository, effect.Number, "take a label off");
        await client.SendAsync(api => api.UpdateItemAsync(project, kind, iid, new ItemUpdate(effect.Label), what, cancellationToken));
        return Receipts.Applied(effect, ("number", $"{effect.Number}"));
    }

    /// <summary>Done is a label that is off.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, RemoveLabel effect, CancellationToken cancellationToken)
    {
        (string project, _, long iid, string what) = At(repository, effect.Number, "read");
        List<string>? labels = ItemNumber.IsMergeRequest(effect.Number)
            ? (await client.SendAsync(api => api.GetMergeRequestAsync(project, iid, what, cancellationToken))).Labels
            : (await client.SendAsync(api => api.GetIssueAsync(project, iid, what, cancellationToken))).Labels;
        return labels?.Contains(effect.Label) is true ? null : Receipts.Adopted(effect, ("number", $"{effect.Number}"));
    }

    private static (string Project, string Kind, long Iid, string What) At(RepoRef repository, long number, string verb) =>
        (repository.ToString(), Items.KindOf(number), ItemNumber.Counted(number), $"{verb} {ItemNumber.Text(number)} of {repository}");

    private static string PlaceOf(AddReaction effect) => effect switch
    {
        { Place: CommentPlace.IssueItself } => $"{Items.KindOf(effect.CommentId)}/{ItemNumber.Counted(effect.CommentId)}",
        { Number: { } number } => $"{Items.KindOf(number)}/{ItemNumber.Counted(number)}/notes/{effect.CommentId}",
        _ => throw new InvalidOperationException($"The reaction '{effect.Key}' does not say on which issue its note stands."),
    };

    private static string NameOf(AddReaction effect) => effect.Content switch { "+1" => "thumbsup", "-1" => "thumbsdown", var name => name };

    // A text in which GitLab sees quick actions alone is done, and no note is there: the answer is 202 without an id. Ours are made inert.
    private Receipt Put(RepoRef repository, PutComment effect, NoteAnswer note) =>
        note.Id != 0 ? Receipts.Applied(effect, Values(repository, effect, note)) : Receipts.Refused(effect, "GitLab took the text for quick actions and kept no note");

    private IEnumerable<(string Name, string Value)> Values(RepoRef repository, PutComment effect, NoteAnswer note) =>
        [("commentId", $"{note.Id}"), ("number", $"{effect.Number}"), ("url", texts.NoteAddress(repository, effect.Number, note.Id))];
}
