using System.Collections.Frozen;
using System.Text.Json;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// The events that a trigger, a run or the sweep can use. What is not here is answered with success and not stored: a forge
/// that gets errors for events nobody needs switches the hook off, and a busy repository sends thousands of them.
/// </summary>
internal static class NeededEvents
{
    // The action is the first member of what GitHub sends; further behind it is not looked for, and the delivery is stored.
    private const int Look = 4096;

    private static readonly FrozenSet<string> Any = [];

    private static readonly FrozenDictionary<string, FrozenSet<string>> Needed = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal)
    {
        ["issue_comment"] = Only("created", "edited", "deleted"),
        ["issues"] = Only("opened", "edited", "labeled", "unlabeled", "closed", "reopened", "deleted", "transferred", "locked"),
        ["pull_request"] = Only("opened", "edited", "labeled", "unlabeled", "closed", "reopened", "synchronize", "ready_for_review", "converted_to_draft"),
        ["pull_request_review"] = Only("submitted", "edited", "dismissed"),
        ["pull_request_review_comment"] = Only("created", "edited", "deleted"),
        ["push"] = Any,
        ["check_run"] = Only("rerequested", "requested_action", "completed"),
        ["check_suite"] = Only("requested", "rerequested", "completed"),
        ["workflow_run"] = Only("completed"),
        ["status"] = Any,
        ["repository"] = Any,
        ["merge_group"] = Any,
        ["installation"] = Any,
        ["installation_repositories"] = Any,
        ["installation_target"] = Any,

        // GitLab's, whose actions stand deeper in the body.
        ["issue_hook"] = Any,
        ["confidential_issue_hook"] = Any,
        ["work_item_hook"] = Any,
        ["confidential_work_item_hook"] = Any,
        ["note_hook"] = Any,
        ["confidential_note_hook"] = Any,
        ["push_hook"] = Any,
        ["merge_request_hook"] = Any,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>True when something may come of the event. A body that cannot be read is taken for one that does.</summary>
    public static bool Contains(string name, ReadOnlySpan<byte> body) =>
        Needed.TryGetValue(name, out FrozenSet<string>? actions) && (actions.Count == 0 || ActionOf(body) is not { } action || actions.Contains(action));

    /// <summary>The same where the action is known.</summary>
    public static bool Contains(string name, string? action) =>
        Needed.TryGetValue(name, out FrozenSet<string>? actions) && (actions.Count == 0 || action is null || actions.Contains(action));

    private static string? ActionOf(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body[..Math.Min(body.Length, Look)], isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = DeliveryPayload.MostDepth }));
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                bool isAction = reader.ValueTextEquals("action"u8);
                if (!reader.Read() || (!isAction && !reader.TrySkip()))
                {
                    return null;
                }

                if (isAction)
                {
                    return reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No payload, which is found out and said once it is stored.
        }

        return null;
    }

    private static FrozenSet<string> Only(params ReadOnlySpan<string> actions) => FrozenSet.Create(StringComparer.Ordinal, actions);
}
