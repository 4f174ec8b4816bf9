using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Notes, threads and emoji of issues and merge requests.</summary>
internal static class NoteRoutes
{
    private const int Longest = 1_000_000;

    // What GitLab has under these names; thumbsup and thumbsdown are its words for +1 and -1.
    private static readonly HashSet<string> Emoji = new(StringComparer.Ordinal) { "thumbsup", "thumbsdown", "eyes", "rocket", "tada", "heart", "confused", "laughing", "white_check_mark", "x", "hourglass", "warning", "robot", "construction", "no_entry" };

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        foreach ((string kind, string number) in new[] { ("issues", "issue_iid"), ("merge_requests", "merge_request_iid") })
        {
            string at = $"/projects/{{id}}/{kind}/{{{number}}}";
            add($"GET {at}/notes", Need.Read, c => On(c, n => List(c, n)));
            add($"POST {at}/notes", Need.Converse, c => On(c, n => Create(c, n)));
            add($"GET {at}/notes/{{note_id}}", Need.Read, c => Note(c, n => Answer.Ok(c.Shapes.Note(n))));
            add($"PUT {at}/notes/{{note_id}}", Need.Converse, c => Note(c, n => Edit(c, n)));
            add($"DELETE {at}/notes/{{note_id}}", Need.Converse, c => Note(c, n => Delete(c, n)));
            add($"GET {at}/discussions", Need.Read, c => On(c, n => c.Page(Threads(c, n), t => Thread(c, t))));
            add($"POST {at}/discussions", Need.Converse, c => On(c, n => Discuss(c, n)));
            add($"GET {at}/discussions/{{discussion_id}}", Need.Read, c => Discussion(c, (_, t) => Answer.Ok(Thread(c, t))));
            add($"POST {at}/discussions/{{discussion_id}}/notes", Need.Converse, c => Discussion(c, (n, t) => Reply(c, n, t)));
            add($"GET {at}/award_emoji", Need.Read, c => On(c, n => c.Page(n.Awards.Where(a => a.Seen()), a => c.Shapes.Award(a, n, null))));
            add($"POST {at}/award_emoji", Need.Converse, c => On(c, n => React(c, n, null)));
            add($"DELETE {at}/award_emoji/{{award_id}}", Need.Converse, c => On(c, n => Withdraw(c, n.Awards)));
            add($"GET {at}/notes/{{note_id}}/award_emoji", Need.Read, c => Note(c, n => c.Page(n.Awards.Where(a => a.Seen()), a => c.Shapes.Award(a, n.Noteable, n))));
            add($"POST {at}/notes/{{note_id}}/award_emoji", Need.Converse, c => Note(c, n => React(c, n.Noteable, n)));
            add($"DELETE {at}/notes/{{note_id}}/award_emoji/{{award_id}}", Need.Converse, c => Note(c, n => Withdraw(c, n.Awards)));
        }
    }

    private static Answer On(RestCall call, Func<Noteable, Answer> serve) =>
        call.Path.ContainsKey("issue_iid") ? IssueRoutes.With(call, serve) : MergeRoutes.With(call, serve);

    private static Answer Note(RestCall call, Func<Note, Answer> serve) =>
        On(call, on => Visible(call, on).FirstOrDefault(n => n.Id == call.Number("note_id")) is { } note ? serve(note) : Refusal.NotFound("Note"));

    private static IEnumerable<Note> Visible(RestCall call, Noteable on) =>
        on.Notes.Where(n => !n.Internal || (call.Caller.Token is { } token && (on.Project.Level(token.User) >= 15 || n.Author == token.User)));

    private static Answer List(RestCall call, Noteable on)
    {
        IEnumerable<Note> notes = Visible(call, on).Where(n => n.Seen() && call.Asked("activity_filter") switch { "only_comments" => !n.System, "only_activity" => n.System, _ => true });
        return call.Page(call.Sorted(notes, n => n.CreatedAt, n => n.UpdatedAt, n => n.Id), call.Shapes.Note);
    }

    private static Answer? Refuses(RestCall call, Noteable on, string body)
    {
        if (on.Locked && on.Project.Level(call.Actor) == 0)
        {
            return Refusal.Forbidden();
        }

        return string.IsNullOrWhiteSpace(body) ? Refusal.Error(400, "400 Bad request - Note {:note=>[\"can't be blank\"]}")
            : body.Length > Longest ? Refusal.Error(400, "400 Bad request - Note {:note=>[\"is too long (maximum is 1000000 characters)\"]}") : null;
    }

    private static Answer Create(RestCall call, Noteable on)
    {
        string body = call.Text("body") ?? "";
        if (Refuses(call, on, body) is { } why)
        {
            return why;
        }

        QuickActions.Found found = QuickActions.Read(body);
        return call.World.AddNote(on, call.Actor, body, call.Flag("internal") || call.Flag("confidential")) is { } note
            ? Answer.Created(call.Shapes.Note(note))
            : Commands(found);
    }

    private static Answer Commands(QuickActions.Found found) => new(202, new JsonObject
    {
        ["commands_changes"] = new JsonObject(found.Actions.Select(a => a.Word).Distinct(StringComparer.Ordinal).Select(w => KeyValuePair.Create(w, (JsonNode?)true))),
        ["summary"] = new JsonArray("Applied " + string.Join(", ", found.Actions.Select(a => "/" + a.Word)) + "."),
    });

    private static Answer Edit(RestCall call, Note note)
    {
        if (note.Author != call.Actor && note.Noteable.Project.Level(call.Actor) < 40)
        {
            return Refusal.Forbidden();
        }

        string body = call.Text("body") ?? "";
        if (Refuses(call, note.Noteable, body) is { } why)
        {
            return why;
        }

        QuickActions.Found found = QuickActions.Read(body);
        if (found.Actions.Count > 0 && found.Rest.Length == 0)
        {
            // What has no text left is gone.
            QuickActions.Run(call.World, note.Noteable, found, call.Actor);
            call.World.DeleteNote(note, call.Actor);
            return Commands(found);
        }

        call.World.EditNote(note, call.Actor, body);
        return Answer.Ok(call.Shapes.Note(note));
    }

    private static Answer Delete(RestCall call, Note note)
    {
        if (note.Author != call.Actor && note.Noteable.Project.Level(call.Actor) < 40)
        {
            return Refusal.Forbidden();
        }

        call.World.DeleteNote(note, call.Actor);
        return Answer.NoContent;
    }

    private static IEnumerable<List<Note>> Threads(RestCall call, Noteable on) => Visible(call, on).GroupBy(n => n.Discussion, StringComparer.Ordinal).Select(g => g.ToList());

    private static JsonObject Thread(RestCall call, List<Note> thread) => new()
    {
        ["id"] = thread[0].Discussion,
        ["individual_note"] = !thread[0].Threaded,
        ["notes"] = new JsonArray([.. thread.Select(call.Shapes.Note)]),
    };

    private static Answer Discussion(RestCall call, Func<Noteable, List<Note>, Answer> serve) =>
        On(call, on => Threads(call, on).FirstOrDefault(t => t[0].Discussion == call["discussion_id"]) is { } thread ? serve(on, thread) : Refusal.NotFound("Discussion"));

    private static Answer Discuss(RestCall call, Noteable on)
    {
        string body = call.Text("body") ?? "";
        if (Refuses(call, on, body) is { } why)
        {
            return why;
        }

        DiffLine? line = call.Body["position"] is JsonObject place
            ? new DiffLine(place["new_path"]?.ToString() ?? "", (int)(place["new_line"]?.GetValue<long>() ?? 0), place["base_sha"]!.ToString(), place["start_sha"]!.ToString(), place["head_sha"]!.ToString())
            : null;
        return call.World.AddNote(on, call.Actor, body, line: line, threaded: true) is { } note ? Answer.Created(Thread(call, [note])) : Commands(QuickActions.Read(body));
    }

    private static Answer Reply(RestCall call, Noteable on, List<Note> thread)
    {
        string body = call.Text("body") ?? "";
        if (Refuses(call, on, body) is { } why)
        {
            return why;
        }

        return call.World.AddNote(on, call.Actor, body, line: thread[0].Line, discussion: thread[0].Discussion, threaded: true) is { } note ? Answer.Created(call.Shapes.Note(note)) : Commands(QuickActions.Read(body));
    }

    private static Answer React(RestCall call, Noteable on, Note? note)
    {
        string name = call.Text("name") ?? "";
        if (!Emoji.Contains(name))
        {
            return Refusal.NotFound("Award Emoji Name is not a valid emoji name");
        }

        return call.World.React(note?.Awards ?? on.Awards, on, call.Actor, name) is { } award
            ? Answer.Created(call.Shapes.Award(award, on, note))
            : Refusal.NotFound("Award Emoji Name has already been taken");
    }

    private static Answer Withdraw(RestCall call, List<Award> awards) =>
        awards.RemoveAll(a => a.Id == call.Number("award_id") && a.User == call.Actor) > 0 ? Answer.NoContent : Refusal.NotFound("");
}
